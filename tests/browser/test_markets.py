"""The pages of the market as readers use them: reading the chart, sorting the table, both schemes, every width."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.axe import violations
from tickers.figures import MARKET_ZONE
from tickers.models import DailyClose, Symbol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def trade() -> None:
    """Three shares with a year of closes, with stories about the first of them."""
    make.publication()
    now = timezone.now()
    today = now.astimezone(MARKET_ZONE).date()
    for number, ticker in enumerate(["TSLA", "GM", "F"]):
        symbol: Symbol = make.symbol(ticker)
        fields = {"as_of": now, "refreshed_at": now, "source": "simulated"}
        make.quote(symbol, str(300 - number), str(301 - 2 * number), **fields)
        DailyClose.objects.bulk_create(
            DailyClose(symbol=symbol, day=today - timedelta(days=days), close=400 - days) for days in range(1, 365)
        )
    for days in (3, 4, 15):
        company = make.company("Tsla")
        make.article(f"Story {days}", published_at=now - timedelta(days=days), companies=[company])


def read(page: Page) -> str:
    return page.locator(".chart-reading.is-shown text").text_content() or ""


def test_the_chart_is_read_with_the_pointer_and_with_the_keys(open_page: Any) -> None:
    trade()
    page = open_page("/companies/tsla/?r=1y")
    box = page.locator(".chart-plot").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 50)
    first = read(page)
    assert first.startswith("36.00, ")
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 50)
    assert read(page).startswith("300.00, ")
    page.mouse.move(0, 0)
    expect(page.locator(".chart-reading")).to_be_hidden()

    keys = page.get_by_label("Read the chart")
    keys.focus()
    assert read(page).startswith("300.00, ")
    page.keyboard.press("ArrowLeft")
    assert read(page).startswith("399.00, ")
    assert keys.get_attribute("aria-valuetext") == read(page)
    page.keyboard.press("Home")
    assert read(page) == first


def test_a_mark_on_the_chart_leads_to_its_story(open_page: Any) -> None:
    trade()
    page = open_page("/companies/tsla/")
    marks = page.locator(".chart-mark")
    assert [mark.text_content() for mark in marks.all()] == ["1–2", "3"]
    marks.last.click()
    assert page.url.endswith("#story-3")
    expect(page.locator("#story-3")).to_be_in_viewport()
    expect(page.locator("#story-3")).to_contain_text("Story 15")


def tickers(page: Page) -> list[str]:
    return page.locator(".shares tbody th b").all_text_contents()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_table_is_sorted_by_its_heads(open_page: Any, has_script: bool) -> None:
    trade()
    page = open_page("/markets/", java_script_enabled=has_script)
    assert tickers(page) == ["F", "GM", "TSLA"]
    head = page.get_by_role("columnheader", name="Price")
    for way, expected in (("descending", ["TSLA", "GM", "F"]), ("ascending", ["F", "GM", "TSLA"])):
        head.get_by_role("link").click()
        expect(head).to_have_attribute("aria-sort", way)
        assert tickers(page) == expected
        assert page.url.endswith(f"?sort=price&dir={way.removesuffix('ending')}")
    assert page.locator("[aria-sort]").count() == 1


def test_the_pages_are_accessible_and_fit_every_width(open_page: Any, site: str) -> None:
    trade()
    for scheme, width in (("light", 1280), ("dark", 390)):
        page = open_page("/", width=width, color_scheme=scheme, reduced_motion="reduce")
        for path in ("/markets/", "/companies/tsla/", "/news/story-3/"):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(site + path)
            if page.locator(".chart-values").count():
                page.locator(".chart-values summary").click()
            assert violations(page) == "", f"{path} {scheme} {width}"
            for narrow in (320, 390, 768, 1280, 1600) if scheme == "light" else ():  # Colours have no width.
                page.set_viewport_size({"width": narrow, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= narrow, f"{path} at {narrow}"


@pytest.mark.parametrize("path", ["/markets/", "/companies/tsla/"])
def test_nothing_shifts_while_the_page_loads(open_page: Any, path: str) -> None:
    trade()
    page = open_page(path, width=390)
    page.evaluate(
        "new PerformanceObserver(list => window.shifts = list.getEntries())"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("(window.shifts ?? []).map(shift => shift.value)") == []
