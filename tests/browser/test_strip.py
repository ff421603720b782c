"""The strip in a browser: it keeps up, it stands still when asked, and it is the reader's own if the reader wants."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.axe import violations
from tickers.models import Quote
from tickers.quotes_json import shared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TICKERS = ["TSLA", "GM", "F", "AN", "TM"]
POLL_S = 15  # Of the simulated source.
RUN = "document.querySelector('.strip-run')"


@pytest.fixture(autouse=True)
def simulated(settings: Any, transactional_db: None) -> None:
    settings.QUOTES = "simulated"
    shared.forget()


@pytest.fixture
def open_page(open_page: Any) -> Any:
    """With motion, for readers who have not asked for less."""
    return partial(open_page, reduced_motion="no-preference")


def trade(tickers: list[str] = TICKERS) -> str:
    """Shares that have moved, the first the furthest, and a story on it; the result is its address."""
    make.publication()
    now = timezone.now()
    for place, ticker in enumerate(tickers):
        facts = {"as_of": now, "refreshed_at": now, "source": "simulated"}
        make.quote(make.symbol(ticker, position=place), str(200 + len(tickers) - place), "200", **facts)
    first = make.company(tickers[0].title())
    story = make.article("Why it moved", companies=[first], published_at=now - timedelta(hours=1))
    return str(story.get_absolute_url())


def with_a_clock_of_its_own(page: Page) -> list[str]:
    """Reload with timers that the test moves on; the list collects what is asked of /quotes.json from then on."""
    asked: list[str] = []
    page.clock.install()
    page.reload()
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/quotes.json") else None)
    return asked


def change_prices(price: str) -> None:
    Quote.objects.update(price=price)
    shared.forget()


def set_hidden(page: Page, hidden: str) -> None:
    page.evaluate(
        f"Object.defineProperty(document, 'hidden', {{value: {hidden}, configurable: true}});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )


def first_cell(page: Page) -> Any:
    return page.locator(".strip-run ul").first.locator("li").first


def row(page: Page, copy: int = 0) -> list[str]:
    """The tickers that are shown, in order."""
    shown = f"[...{RUN}.children[{copy}].children].filter(item => item.checkVisibility())"
    return list(page.evaluate(f"{shown}.map(item => item.querySelector('b').textContent)"))


def own(page: Page, *unwanted: str) -> None:
    page.get_by_role("button", name="Edit the strip").click()
    for ticker in unwanted:
        page.get_by_role("checkbox", name=ticker, exact=True).uncheck()


def leave(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def watch_shifts(page: Page) -> None:
    page.evaluate(
        "new PerformanceObserver(list => window.shifts = [...(window.shifts ?? []), ...list.getEntries()"
        ".filter(shift => !shift.hadRecentInput)]).observe({type: 'layout-shift', buffered: true})"
    )


def shifts(page: Page) -> list[float]:
    page.wait_for_timeout(300)
    return list(page.evaluate("(window.shifts ?? []).map(shift => shift.value)"))


def test_a_change_in_the_database_is_on_an_open_page_within_one_poll(open_page: Any) -> None:
    page = open_page(trade(), width=390)
    asked = with_a_clock_of_its_own(page)
    watch_shifts(page)
    page.evaluate(f"window.animation = {RUN}.getAnimations()[0]")
    change_prices("9999.99")
    page.clock.run_for(POLL_S * 1000)
    expect(first_cell(page)).to_contain_text("9,999.99")
    expect(page.locator(".movers-now li").first).to_contain_text("9,999.99")
    assert len(asked) == 1
    assert page.evaluate(f"window.animation === {RUN}.getAnimations()[0]")
    assert shifts(page) == []


def test_pause_stops_the_row_and_the_asking(open_page: Any) -> None:
    page = open_page(trade())
    asked = with_a_clock_of_its_own(page)
    page.get_by_label("Pause").check()
    page.wait_for_timeout(200)  # Until the compositor has heard of it.
    place = page.evaluate(f"{RUN}.getBoundingClientRect().left")
    change_prices("9999.99")
    page.clock.run_for(10 * POLL_S * 1000)
    assert page.evaluate(f"{RUN}.getBoundingClientRect().left") == place
    assert asked == []
    page.get_by_label("Pause").uncheck()
    expect(first_cell(page)).to_contain_text("9,999.99")


def test_a_hidden_tab_does_not_ask_and_catches_up_at_once_when_shown(open_page: Any) -> None:
    page = open_page(trade())
    asked = with_a_clock_of_its_own(page)
    set_hidden(page, "true")
    change_prices("9999.99")
    page.clock.run_for(10 * POLL_S * 1000)
    assert asked == []
    set_hidden(page, "false")
    expect(first_cell(page)).to_contain_text("9,999.99")
    assert len(asked) == 1


def test_the_days_movers_stand_above_the_strip_on_a_phone_only(open_page: Any) -> None:
    page = open_page(trade(), width=390)
    movers = page.get_by_role("region", name="Movers")
    assert [words.split()[0] for words in movers.locator("li").all_inner_texts()] == TICKERS[:3]
    expect(movers.get_by_text("Simulated")).to_be_visible()
    expect(page.locator(".strip-status")).to_be_hidden()  # It has been said.
    assert movers.bounding_box()["height"] <= 120
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(movers).to_be_hidden()
    expect(page.locator(".strip-status")).to_contain_text("Simulated")
    page.set_viewport_size({"width": 390, "height": 844})
    movers.get_by_text("Why it moved").click()
    expect(page.locator("h1")).to_have_text("Why it moved")


def wait_for_row(page: Page, tickers: list[str]) -> None:
    """Both copies of the row show these symbols in this order, as soon as the script has come and done its work."""
    for _ in range(50):
        if row(page) == row(page, copy=1) == tickers:
            break
        page.wait_for_timeout(100)
    assert row(page) == row(page, copy=1) == tickers


def test_a_reader_chooses_and_orders_symbols_and_finds_them_again(open_page: Any) -> None:
    page = open_page(trade())
    page.evaluate(f"window.animation = {RUN}.getAnimations()[0]; window.cell = {RUN}.querySelector('li')")
    own(page, "F", "TM")
    for _ in range(3):
        page.get_by_role("button", name="Move AN up").click()
    assert page.evaluate("document.activeElement.ariaLabel") == "Move AN up"
    expect(page.get_by_role("status")).to_have_text("AN: 1 of 5")
    leave(page, "Use my list")
    wait_for_row(page, ["AN", "TSLA", "GM"])
    assert page.evaluate(f"window.animation === {RUN}.getAnimations()[0] && window.cell.isConnected")

    page.reload()
    watch_shifts(page)
    expect(first_cell(page)).to_contain_text("AN")
    wait_for_row(page, ["AN", "TSLA", "GM"])
    assert shifts(page) == []
    change_prices("9999.99")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first_cell(page)).to_contain_text("9,999.99")

    own(page)
    boxes = page.get_by_role("dialog").get_by_role("checkbox")
    assert boxes.evaluate_all("boxes => boxes.map(box => box.checked)") == [True, True, True, False, False]
    leave(page, "Back to the full strip")
    wait_for_row(page, TICKERS)
    page.reload()
    wait_for_row(page, TICKERS)


def test_a_short_list_loops_without_a_gap(open_page: Any) -> None:
    page = open_page(trade(), width=1600)
    own(page, *TICKERS[1:])
    leave(page, "Use my list")
    wait_for_row(page, ["TSLA"])
    run, window, first, second = page.evaluate(
        "['.strip-run', '.strip-window', '.strip-run ul', '.strip-run ul + ul']"
        ".map(name => document.querySelector(name).getBoundingClientRect().width)"
    )
    assert [first, second] == pytest.approx([run / 2, run / 2], abs=0.1)
    assert first >= window - 0.1


def test_the_list_is_edited_by_keys_and_left_by_escape(open_page: Any) -> None:
    page = open_page(trade())
    edit = page.get_by_role("button", name="Edit the strip")
    edit.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Your own strip")).to_be_visible()
    page.keyboard.press("Space")  # The first box.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(edit).to_be_focused()
    wait_for_row(page, TICKERS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # As in any form.
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_for_row(page, TICKERS[1:])
    expect(edit).to_be_focused()


def test_nothing_chosen_is_no_list(open_page: Any) -> None:
    page = open_page(trade())
    own(page, *TICKERS)
    expect(page.get_by_role("button", name="Use my list")).to_be_disabled()
    leave(page, "Cancel")
    wait_for_row(page, TICKERS)


@pytest.mark.parametrize("kept", ["{", "null", "7", '{"TSLA": 1}', "[]", '["SOLD", 3, null]'])
def test_a_list_that_cannot_be_read_is_the_full_strip(open_page: Any, kept: str) -> None:
    page = open_page(trade())
    page.evaluate("kept => localStorage.setItem('strip', kept)", kept)
    page.reload(wait_until="networkidle")
    wait_for_row(page, TICKERS)


def test_a_symbol_that_has_left_the_strip_is_passed_over(open_page: Any) -> None:
    page = open_page(trade())
    page.evaluate('localStorage.setItem(\'strip\', \'["SOLD", "TM", "TM", "GM"]\')')
    page.reload()
    expect(first_cell(page)).to_contain_text("TM")
    wait_for_row(page, ["TM", "GM"])


def test_a_browser_without_storage_has_the_full_strip_and_a_list_for_the_page(open_page: Any) -> None:
    page = open_page(trade())
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }})"
    )
    page.reload()
    wait_for_row(page, TICKERS)
    own(page, "TSLA")
    leave(page, "Use my list")
    wait_for_row(page, TICKERS[1:])


def test_without_javascript_there_is_nothing_to_edit(open_page: Any) -> None:
    page = open_page(trade(), java_script_enabled=False)
    expect(page.locator(".strip-edit")).to_be_hidden()


def test_the_strip_runs_as_fast_with_sixty_symbols_as_with_fourteen(open_page: Any) -> None:
    page = open_page(trade([f"T{number}" for number in range(60)]))
    speed = f"() => {RUN}.getBoundingClientRect().width / {RUN}.getAnimations()[0].effect.getTiming().duration"
    with_60 = page.evaluate(speed)
    assert page.evaluate("document.querySelectorAll('.strip *').length") <= 740
    own(page, *[f"T{number}" for number in range(14, 60)])
    leave(page, "Use my list")
    assert len(row(page)) == 14
    assert with_60 == pytest.approx(page.evaluate(speed), rel=0.03)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_movers_and_dialog_are_accessible_and_fit_a_phone(open_page: Any, scheme: str) -> None:
    page = open_page(trade(), width=320, color_scheme=scheme, reduced_motion="reduce")
    assert violations(page) == ""
    own(page, "F")
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
