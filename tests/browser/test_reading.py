"""The whole way of a reader: the article page, its strip, the sign-up, the mail, and out again."""

import gzip
import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config import demo
from newsletter.tasks import send_due_letters
from tests import make
from tests.browser.axe import violations
from tickers.models import Quote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 390, 768, 1280, 1600)
PAGES = [
    "/",
    "/news/what-a-main-street-store-is-worth/",
    "/latest/",
    "/sections/retail/",
    "/authors/walt-ferrigan/",
    "/companies/tesla/",
    "/markets/",
    "/newsletter/",
    "/privacy/",
]


@pytest.fixture
def open_page(open_page: Any) -> Any:
    """With motion, for readers who have not asked for less."""
    return partial(open_page, reduced_motion="no-preference")


def first_cell(page: Page) -> Any:
    return page.locator(".strip-run ul").first.locator("li").first


def place_of_the_row(page: Page) -> float:
    return float(page.locator(".strip-run").evaluate("row => row.getBoundingClientRect().left"))


def test_a_reader_reads_signs_up_confirms_and_leaves(open_page: Any, site: str, mailbox: Any) -> None:
    article = make.newsroom()
    page = open_page(article.get_absolute_url())

    expect(page.locator("h1")).to_have_text("The whole story")
    expect(first_cell(page)).to_contain_text("319.80")
    before = place_of_the_row(page)
    page.wait_for_timeout(300)
    assert place_of_the_row(page) < before

    page.evaluate("window.animation = document.querySelector('.strip-run').getAnimations()[0]")
    Quote.objects.update(price="321.10")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # What a tab that is shown again sends.
    expect(first_cell(page)).to_contain_text("321.10")
    assert page.evaluate("window.animation === document.querySelector('.strip-run').getAnimations()[0]")

    form = page.locator(".body .signup-form")
    form.get_by_label("Email address").fill("pat@example.com")
    form.get_by_role("button", name="Sign up").click()
    expect(page.locator("h1")).to_contain_text("mail")
    send_due_letters()

    open_mail(page, mailbox, site, "Confirm your subscription")
    page.get_by_role("button", name="Yes, send it to me").click()
    page.wait_for_load_state()
    send_due_letters()

    open_mail(page, mailbox, site, "on the list")
    page.get_by_role("button", name="Unsubscribe").click()
    page.wait_for_load_state()
    subscription = make.subscription_of("pat@example.com")
    assert subscription.confirmed_at is not None
    assert subscription.ended_at is not None


def open_mail(page: Page, mailbox: Any, site: str, subject: str) -> None:
    """Follow the first link of the newest mail that leads to a page with a button, as its reader would."""
    mail = mailbox.mails[-1]
    assert subject in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()
    page.goto(re.findall(rf"{site}/newsletter/(?:confirm|unsubscribe)/\S+", text)[0])


def test_pause_stops_the_row_and_holds_the_figures(open_page: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url())
    page.get_by_label("Pause").check()
    before = place_of_the_row(page)
    Quote.objects.update(price="321.10")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(400)
    assert place_of_the_row(page) == before
    expect(first_cell(page)).to_contain_text("319.80")
    page.get_by_label("Pause").uncheck()
    expect(first_cell(page)).to_contain_text("321.10")


def test_the_row_rests_for_readers_who_want_less_motion(open_page: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url(), reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    expect(page.get_by_label("Pause")).to_be_visible()  # It still holds the figures.


def test_everything_works_without_javascript(open_page: Any, mailbox: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url(), java_script_enabled=False)
    expect(first_cell(page)).to_contain_text("319.80")
    expect(page.locator("[data-share]")).to_be_hidden()
    form = page.locator(".signup-form").last
    form.get_by_label("Email address").fill("pat@example.com")
    form.get_by_role("button", name="Sign up").click()
    expect(page.locator("h1")).to_contain_text("mail")


def test_the_article_page_keeps_its_budgets(open_page: Any, client: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url(), width=390, height=844)
    page.wait_for_timeout(300)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    size = {url: len(gzip.compress(page.request.get(url).body())) for url in loaded if "/media/" not in url}
    of = lambda suffix: sum(length for url, length in size.items() if url.endswith(suffix))  # noqa: E731
    assert len(gzip.compress(page.request.get(page.url).body())) <= 14_000
    assert of(".css") <= 8_000
    assert of(".js") <= 5_000
    assert of(".woff2") <= 80_000
    assert len(loaded) + 1 <= 10
    assert page.evaluate("document.querySelectorAll('*').length") <= 800


def test_nothing_shifts_while_the_article_loads_and_the_strip_changes(open_page: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url())
    page.evaluate(
        "new PerformanceObserver(list => window.shifts = [...(window.shifts ?? []), ...list.getEntries()"
        ".filter(shift => !shift.hadRecentInput)]).observe({type: 'layout-shift', buffered: true})"
    )
    Quote.objects.update(price="99999.99")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first_cell(page)).to_contain_text("99,999.99")
    page.wait_for_timeout(300)
    assert page.evaluate("(window.shifts ?? []).map(shift => shift.value)") == []


def test_every_kind_of_page_is_accessible_and_fits_every_width(open_page: Any, site: str) -> None:
    demo.fill()
    make.demo_quotes()
    for scheme, width in (("light", 1280), ("dark", 390)):
        page = open_page("/", width=width, color_scheme=scheme, reduced_motion="reduce")
        for path in PAGES:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(site + path)
            assert violations(page) == "", f"{path} {scheme} {width}"
            for other in WIDTHS if scheme == "light" else ():  # Colours have no width.
                page.set_viewport_size({"width": other, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= other, f"{path} at {other}"


def test_long_names_words_and_tables_fit_a_narrow_phone(open_page: Any, site: str) -> None:
    make.publication()
    cells = "".join(f"<td>{words}</td>" for words in ("Cars retailed", "Gross for each of them", "Days", "Share"))
    article = make.article(
        "Fahrzeugkomponentenlieferkettensorgfaltspflichtengesetz",
        by=("Wilhelmina Featherstonehaugh-Cholmondeley",),
        sponsor="Copperline Floor Plan Finance and Insurance of Greater Placeholder Falls",
        lead_picture=make.picture(),
        lead_video="https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        body=f"<p>{'Ladesäulen' * 12}</p><table><tbody><tr>{cells}</tr></tbody></table>",
    )
    for path in (article.get_absolute_url(), "/", "/latest/", "/sections/retail/"):
        page = open_page(path, width=320)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_wide_table_scrolls_in_its_own_box_by_keys_and_keeps_its_figures_whole(open_page: Any) -> None:
    make.publication()
    row = "<tr><th>Lanes of the auction</th><td>Harrow and Kestrel Ridge</td><td>+ $140,000</td><td>3.5 %</td></tr>"
    body = f"<p>Before.</p><table><caption>Sold</caption><tbody>{row * 3}</tbody></table><p>After.</p>"
    page = open_page(make.article(body=body).get_absolute_url(), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    text_lines = "(() => { const text = new Range(); text.selectNodeContents(document.querySelector('td.figure'));"
    assert page.evaluate(f"{text_lines} return text.getClientRects().length; }})()") == 1
    box = page.get_by_role("group", name="Sold")
    box.focus()
    page.keyboard.press("ArrowRight")
    box.evaluate("box => new Promise(done => box.scrollLeft ? done() : box.addEventListener('scroll', done))")
    page.emulate_media(media="print")
    assert box.evaluate("box => getComputedStyle(box).overflowX") == "visible"


def test_on_a_phone_the_page_begins_near_the_top(open_page: Any) -> None:
    page = open_page(make.newsroom().get_absolute_url(), width=390, height=844)
    expect(page.get_by_role("region", name="Movers")).to_be_visible()
    assert page.locator(".masthead").bounding_box()["y"] <= 150
    assert page.locator("h1").bounding_box()["y"] <= 285


def test_the_days_three_movers_stand_in_sight_on_a_phone(open_page: Any) -> None:
    path = make.newsroom().get_absolute_url()
    for place, ticker in enumerate(("GM", "F", "AN")):
        make.quote(make.symbol(ticker), str(250 - place), "200")
    page = open_page(path, width=320, height=600)
    for mover, ticker in zip(page.locator(".movers-now li a").all(), ("GM", "F", "AN"), strict=True):
        expect(mover.locator("b")).to_have_text(ticker)
        expect(mover.locator("em")).to_have_text("No story yet")
        expect(mover.locator("em")).to_be_in_viewport(ratio=1)


def test_the_rail_s_lists_stay_in_view_along_a_long_story_each_in_its_half(open_page: Any) -> None:
    make.publication()
    make.partner_story()
    for number in range(8):  # More than the related ones.
        make.article(f"Another {number}")
    page = open_page(make.article("Long", body="<p>Words.</p>" * 200).get_absolute_url(), width=1280)
    latest, partners = page.locator(".rail section").all()
    for share, shown, other in ((0.3, latest, partners), (0.7, partners, latest)):
        page.evaluate(f"scrollTo(0, {share} * document.querySelector('.article-main').offsetHeight)")
        expect(shown).to_be_in_viewport(ratio=1)
        expect(other).not_to_be_in_viewport()


def test_paper_shows_the_picture_of_a_video_and_no_button(open_page: Any) -> None:
    make.publication()
    video = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    article = make.article(lead_picture=make.picture(), lead_video=video)
    page = open_page(article.get_absolute_url())
    expect(page.locator(".player b")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".player b")).to_be_hidden()
    expect(page.locator(".player img")).to_be_visible()
