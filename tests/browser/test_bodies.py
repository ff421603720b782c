"""What comes into a body from elsewhere: pasted from other programs, or written to harm."""

import json
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from news.body import clean_html
from news.models import Article
from tests import make
from tests.browser.editor import open_article, paste, save, squeezed
from tests.news.partners.test_corpora import CORPORA, NEEDS_CORPORA

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]

DATA = settings.ROOT / "tests" / "data"
# What the page makes of embeds, chips and pictures stands beside the allow-list.
TAGS = {
    *("a", "p", "h2", "h3", "br", "hr", "ul", "ol", "li", "strong", "em", "s", "sub", "sup", "code", "pre"),
    *("blockquote", "footer", "figure", "figcaption", "cite", "img", "table", "caption", "thead", "tbody", "tr", "th"),
    *("td", "b", "span", "script", "i"),
}
ATTRIBUTES = {
    *("href", "src", "alt", "class", "start", "colspan", "rowspan", "scope"),
    *("data-player", "data-title", "data-audio", "type", "hidden", "role", "aria-label"),
}
IN_THE_BODY = """() => {
    const ours = (element) => element.closest(".signup") || element.matches(".table:has(> table)")
    const all = [...document.querySelectorAll(".body *")].filter((element) => !ours(element))
    return {
        tags: [...new Set(all.map((element) => element.localName))],
        attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))],
        scripts: all.filter((element) => element.localName === "script").map((element) => element.src),
        players: all.map((element) => element.dataset.player).filter((address) => address !== undefined),
        schemes: [...new Set(all.filter((element) => element.href).map((element) => element.protocol))],
    }
}"""


def test_what_other_programs_paste_comes_out_clean(desk: Page, site: str) -> None:
    article = make.article(body="<p>Any.</p>")
    open_article(desk, site, article)
    for name in ("word", "google-docs", "web-page"):
        desk.locator(".tiptap").click()
        desk.keyboard.press("Control+a")
        paste(desk, (DATA / "paste" / f"{name}.html").read_text().replace("https://our.site", site))
        expect(desk.get_by_text("The pictures were left out")).to_be_visible()
        save(desk)
        wanted = (DATA / "paste" / f"{name}.clean.html").read_text()
        assert squeezed(Article.objects.get().body) == squeezed(wanted), name


def test_a_picture_that_is_pasted_as_a_file_is_uploaded(desk: Page, site: str) -> None:
    open_article(desk, site, make.article(body="<p>Any.</p>"))
    desk.locator(".tiptap").click()
    desk.evaluate(
        """() => {
            const data = new DataTransfer()
            data.items.add(new File([""], "screen.png", { type: "image/png" }))
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            document.querySelector(".tiptap").dispatchEvent(paste)
        }"""
    )
    expect(desk.get_by_role("dialog", name="Upload a picture")).to_be_visible()


def test_no_hostile_body_of_ours_runs(open_page: Any) -> None:
    make.quote(make.symbol("TSLA", company=make.company("Tesla")))
    payloads = (DATA / "hostile_bodies.txt").read_text().splitlines()
    run_nowhere(open_page, [*payloads, "\n".join(payloads)])


@NEEDS_CORPORA
def test_no_public_payload_runs(open_page: Any) -> None:
    cases = json.loads((CORPORA / "dompurify-fixtures" / "data" / "expect.json").read_text())
    run_nowhere(open_page, [case["payload"] for case in cases])


def run_nowhere(open_page: Any, payloads: list[str]) -> None:
    """The payloads as a body, on its page in a browser that is told to ignore the site's policy against scripts."""
    article = make.article(body="".join(f"<p>.</p>{clean_html(payload)}" for payload in payloads))
    dialogs: list[str] = []
    page = open_page("/latest/", bypass_csp=True)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(page.url.replace("/latest/", article.get_absolute_url()))
    page.wait_for_timeout(500)
    found = page.evaluate(IN_THE_BODY)
    assert set(found["tags"]) <= TAGS
    assert set(found["attributes"]) <= ATTRIBUTES
    assert set(found["schemes"]) <= {"http:", "https:", "mailto:", ":"}
    assert all("/static/js/embed" in address for address in found["scripts"])
    assert set(found["players"]) <= {"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"}
    assert dialogs == []
    assert not [said for said in open_page.wrong if said.startswith("error on the page")]
    open_page.wrong.clear()  # Pictures that are not there, and such.
