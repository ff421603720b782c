from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.templatetags.static import static

from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db

NOW = NOON + timedelta(minutes=15)
TESLA = (
    '<li><a href="/companies/tsla/"><b>TSLA</b> <span>319.80</span> '
    '<span class="down"><i role="img" aria-label="down">▼</i>2.25 (−0.70 %)</span></a></li>'
)
GM = (
    '<li><a href="/companies/gm/"><b>GM</b> <span>48.10</span> '
    '<span class="up"><i role="img" aria-label="up">▲</i>0.01 (+0.01 %)</span></a></li>'
)


@pytest.fixture(autouse=True)
def at_a_quarter_past_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def quote(ticker: str = "TSLA", price: str = "319.801", previous_close: str = "322.0498", **fields) -> None:
    symbol = make.symbol(ticker, position=fields.pop("position", 0), is_active=fields.pop("is_active", True))
    defaults = {"source": "wire", "delay_s": 900, "as_of": NOON, "refreshed_at": NOW}
    make.quote(symbol, price, previous_close, **{**defaults, **fields})


def shown() -> str:
    return Template("{% load strip %}{% last_quotes as quotes %}{% strip quotes %}").render(Context()).strip()


def test_the_strip_is_the_row_twice_with_a_pause_and_a_line_that_says_what_it_is():
    quote("GM", "48.095", "48.090", position=2)
    quote("TSLA", position=1)
    second = (TESLA + GM).replace("<a ", '<a tabindex="-1" ')
    assert "\n".join(line.strip() for line in shown().splitlines()) == (
        '<section class="strip" aria-label="Auto stocks" data-next-poll-s="3600">\n'
        '<label class="strip-pause"><input type="checkbox"> Pause</label>\n'
        '<button class="strip-edit" type="button" aria-haspopup="dialog" aria-label="Edit the strip" '
        f'data-module="{static("js/strip-list.js")}">Edit</button>\n'
        '<div class="strip-window">\n<div class="strip-run">\n'
        f'<ul>{TESLA}{GM}</ul>\n<ul aria-hidden="true">{second}</ul>\n'
        "</div>\n</div>\n"
        '<p class="strip-status"><span>Delayed 15 min, as of 12:00 p.m. ET</span><span>Delayed 15 min</span></p>\n'
        "</section>"
    )


def test_a_flat_price_says_unchanged():
    quote(price="322.05", previous_close="322.05")
    assert '<span class="unchanged"><i role="img" aria-label="unchanged">=</i>0.00 (0.00 %)</span>' in shown()


def test_a_price_left_behind_shows_its_own_time_in_place_of_a_move():
    quote("TSLA")
    quote("GM", refreshed_at=NOW - timedelta(hours=1), as_of=NOW - timedelta(hours=1))
    assert '<span class="noted"><i role="img" aria-label="noted">·</i>as of 11:15 a.m.</span>' in shown()


def test_a_symbol_without_a_quote_or_not_active_has_no_cell():
    quote("TSLA")
    quote("GM", is_active=False)
    make.symbol("F")
    assert shown().count("<li>") == 2


def test_without_quotes_there_is_no_strip():
    make.symbol("TSLA")
    assert shown() == ""


@pytest.mark.parametrize("count", [1, 3])
def test_the_strip_takes_one_query_however_many_symbols(count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        quote(ticker)
    with django_assert_num_queries(1):
        assert shown().count("<li>") == 2 * count


def test_a_cell_has_six_elements_so_that_the_page_stays_small():
    quote()
    assert TESLA.count("</") == 6
    assert TESLA in shown()
