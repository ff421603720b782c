"""An editor at work in the admin: a story is written and published with its picture; a body survives its editor."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from news.body import clean_html
from news.models import Article
from tests import make
from tests.browser.editor import open_article, paste, press, save, squeezed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]

STORIES = sorted((settings.ROOT / "news" / "demo" / "stories").glob("*.toml"))
MASTER = "/media/pictures/masters/ab/abababababababababababababababab.jpg"

# What no demo story has, or has in one form only.
UNUSUAL = f"""
<p>A <a href="https://example.com/?a=1&amp;b=2"><code>code</code> link</a>.<br>Next.</p>
<p><em>Both <strong>at</strong> once</em>, <strong><a href="/x/">a</a> <em>and</em></strong> apart.</p>
<ol start="4"><li>Four<ul><li>inner</li><li>list</li></ul></li><li><p>Two</p><p>paragraphs</p></li></ol>
<blockquote><p>One.</p><p>Two.</p><footer><a href="/authors/x/">Who</a>, <em>where</em></footer></blockquote>
<blockquote class="pull"><p>Large.</p></blockquote>
<figure class="wide"><img src="{MASTER}" alt="">
<figcaption>With <strong>weight</strong>. <cite>Credit</cite></figcaption></figure>
<figure><img src="{MASTER}" alt="No caption"></figure>
<table><tbody><tr><td>No head</td><td rowspan="2">Two rows</td></tr><tr><td></td></tr></tbody></table>
<table><caption>H<sub>2</sub>O in <em>litres</em></caption><thead><tr><th colspan="2">No scope</th></tr></thead>
<tbody><tr><th scope="row">Row</th><td><p>Two</p><p>paragraphs</p></td></tr></tbody></table>
<table><tbody><tr><th>All</th><th>heads, in the body</th></tr></tbody></table>
<pre>bare   pre</pre><pre><code>if a &lt; b:
    pass</code></pre>
<hr>
<p><strong>By <a class="company" href="/companies/x/">X</a></strong></p>
<hr class="signup">
<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">Title</a>
<figcaption>With <em>weight</em></figcaption></figure>
<h3>CO<sub>2</sub>, m<sup>2</sup>, <s>struck</s></h3>
"""


def body_of(story: Path) -> str:
    body = str(tomllib.loads(story.read_text())["body"])
    return clean_html(re.sub(r'data-picture="[^"]*"', f'src="{MASTER}"', body))


def test_an_editor_writes_and_publishes_a_story_with_a_picture(desk: Page, site: str, tmp_path: Path) -> None:
    make.section("Retail")
    make.author("Dana Whitfield")
    make.author("Lee Marsh")
    photo = tmp_path / "lot.jpg"
    photo.write_bytes(make.image_file().getvalue())
    desk.get_by_role("link", name="Write an article").click()
    desk.locator("#id_headline").fill("Lots fill up as recon waits")
    desk.get_by_label("Dek").fill("Parts are the reason.")
    body = desk.locator(".tiptap")
    body.click()
    desk.keyboard.type("Dealers carry more cars than a month ago.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("They wait for ")
    desk.keyboard.press("Control+b")
    desk.keyboard.type("parts")
    desk.get_by_label("Section").select_option("Retail")
    for name in ("Lee Marsh", "Dana Whitfield"):
        desk.locator(".field-authors_in_order .select2-search__field").click()
        desk.keyboard.type(name)
        desk.locator(".select2-results__option", has_text=name).click()
    desk.locator("[data-id='related-widget-wrapper-lead_picture'] .material-symbols-outlined").click()
    with desk.expect_popup() as opened:
        desk.get_by_text("Add another picture").click()
    popup = opened.value
    popup.locator("input[type=file]").set_input_files(photo)
    popup.get_by_label("Alt text").fill("Rows of cars on a lot")
    popup.get_by_label("Credit").fill("Photo: L. Marsh")
    popup.get_by_role("button", name="Save", exact=True).click()
    expect(desk.locator(".field-lead_picture .select2-selection__rendered")).to_contain_text("Rows of cars on a lot")
    expect(desk.locator(".lead-picture-preview")).to_be_visible()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published. See it on the site")).to_be_visible()
    article = Article.objects.get()
    assert (
        article.body == "<p>Dealers carry more cars than a month ago.</p>\n<p>They wait for <strong>parts</strong></p>"
    )
    assert [author.name for author in article.byline_authors()] == ["Lee Marsh", "Dana Whitfield"]
    assert (article.state, str(article.lead_picture)) == ("Published", "Rows of cars on a lot")


def test_an_article_saved_untouched_keeps_its_body_to_the_byte(desk: Page, site: str) -> None:
    article = make.article(body=UNUSUAL)
    before = Article.objects.get().body
    open_article(desk, site, article)
    desk.locator(".tiptap").click()
    save(desk)
    assert Article.objects.get().body == before


def test_one_changed_word_changes_one_word(desk: Page, site: str) -> None:
    article = make.article(body=UNUSUAL)
    before = Article.objects.get().body
    open_article(desk, site, article)
    desk.locator(".tiptap h3").click()
    desk.keyboard.press("End")
    desk.keyboard.type(" out")
    save(desk)
    after = before.replace("<s>struck</s>", "<s>struck out</s>")
    assert squeezed(Article.objects.get().body) == squeezed(after)


def test_every_demo_body_survives_its_editor(desk: Page, site: str) -> None:
    open_article(desk, site, make.article(body="<p>Any.</p>"))
    bodies = [body_of(story) for story in STORIES]
    edited = desk.evaluate(
        """async (bodies) => {
            const { createEditor } = await import("django-prose-editor/configurable")
            const config = JSON.parse(document.querySelector("#id_body").dataset.djangoProseEditorConfigurable)
            const saved = []
            for (const body of bodies) {
                const textarea = document.body.appendChild(document.createElement("textarea"))
                textarea.value = body
                const editor = await createEditor(textarea, config)
                editor.commands.insertContentAt(1, "Edited. ")
                saved.push(textarea.value)
                editor.destroy()
            }
            return saved
        }""",
        bodies,
    )
    for story, before, after in zip(STORIES, bodies, edited, strict=True):
        assert squeezed(clean_html(after)) == squeezed(before.replace(">", ">Edited. ", 1)), story.name


def test_a_quote_gets_its_speaker_and_a_table_its_caption(desk: Page, site: str) -> None:
    article = make.article(body="<p>Said.</p><table><tbody><tr><td>1</td></tr></tbody></table>")
    open_article(desk, site, article)
    desk.locator(".tiptap p").first.click()
    desk.get_by_role("button", name="blockquote").click()
    desk.get_by_role("button", name="Set it large").click()
    desk.get_by_role("button", name="Name who said it").click()
    desk.keyboard.type("Lee Marsh")
    desk.keyboard.press("Enter")
    desk.keyboard.type("After.")
    desk.locator(".tiptap caption").click()
    desk.get_by_role("textbox", name="What the table shows").fill("Cars < 30 days")
    desk.get_by_role("button", name="Set", exact=True).click()
    save(desk)
    assert squeezed(Article.objects.get().body) == squeezed(
        '<blockquote class="pull"><p>Said.</p><footer>Lee Marsh</footer></blockquote><p>After.</p>'
        "<table><caption>Cars &lt; 30 days</caption><tbody><tr><td>1</td></tr></tbody></table>"
    )


def test_enter_in_a_field_saves_and_never_publishes(desk: Page, site: str) -> None:
    article = make.article(status="draft")
    open_article(desk, site, article)
    desk.get_by_text("More", exact=True).click()
    desk.get_by_label("Sponsor").press("Enter")
    expect(desk.get_by_text("The draft is saved.")).to_be_visible()
    assert Article.objects.get().state == "Draft"


def test_a_live_article_is_withdrawn_once_that_is_confirmed(desk: Page, site: str) -> None:
    open_article(desk, site, make.article())
    press(desk, "Withdraw")
    desk.locator("#dialog").get_by_role("button", name="Withdraw").click()
    expect(desk.get_by_text("The article is withdrawn.")).to_be_visible()
    assert Article.objects.get().state == "Withdrawn"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_form_fits_its_window(desk: Page, site: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 844})
    picture = make.picture(alt="Rows of cars on a lot at dusk, " * 5)
    open_article(desk, site, make.article("A long headline " * 7, body=UNUSUAL, lead_picture=picture))
    expect(desk.locator(".lead-picture-preview")).to_be_visible()
    desk.wait_for_function("document.documentElement.scrollWidth === innerWidth")
    assert desk.locator("#header-inner h1 > :last-child").evaluate("title => title.clientWidth") > 120
    press(desk, "Review link")
    expect(desk.get_by_text("Link for a reviewer")).to_be_visible()


def test_what_is_pasted_runs_nowhere(desk: Page, site: str, open_page: Any) -> None:
    open_article(desk, site, make.article(body="<p>Before.</p>"))
    desk.locator(".tiptap").click()
    desk.keyboard.press("Control+End")
    trap = '<img src="data:," onerror="window.caught = true">'
    pasted = f"<table><caption>{trap}Cap</caption><tr><td>{trap}1</td></tr></table><p style='color: red'>Word</p>{trap}"
    paste(desk, pasted)
    expect(desk.locator(".tiptap caption")).to_have_text("Cap")
    save(desk)
    assert desk.evaluate("window.caught") is None
    assert all("Executing inline event handler violates" in refusal for refusal in open_page.wrong)
    open_page.wrong.clear()
    body = Article.objects.get().body
    assert (body.startswith("<p>Before.</p>"), "<p>Word</p>" in body, "onerror" in body) == (True, True, False)
