import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests import make
from tests.make import NOON
from tickers.figures import MARKET_ZONE
from tickers.models import Company

pytestmark = pytest.mark.django_db

NOW = NOON + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def at_a_quarter_past_noon():
    make.publication()
    with time_machine.travel(NOW, tick=False):
        yield


def share(ticker: str, price: str, previous_close: str = "100", **fields) -> Company:
    symbol = make.symbol(ticker)
    facts = {"source": "wire", "delay_s": 900, "as_of": NOON, "refreshed_at": NOW}
    make.quote(symbol, price, previous_close, **{**facts, **fields})
    return symbol.company


def movers(client: Client, path: str = "/latest/") -> list[str]:
    """The words of each mover, as the page has them."""
    html = client.get(path).content.decode()
    section = re.search(r'<section class="movers-now".*?</section>', html, re.DOTALL)
    rows = re.findall("<li>(.*?)</li>", section[0], re.DOTALL) if section else []
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in rows]


def links(client: Client) -> list[str]:
    html = client.get("/latest/").content.decode()
    return re.findall("<a ([^>]+)>\n *<b>", html)


def test_the_three_biggest_moves_stand_first_up_or_down(client: Client):
    for ticker, price in (("GM", "101"), ("F", "95.5"), ("AN", "102.004"), ("TM", "98"), ("LAD", "100.001")):
        share(ticker, price)
    assert movers(client) == [
        "F 95.50 ▼ 4.50 (−4.50 %) No story yet",
        "AN 102.00 ▲ 2.00 (+2.00 %) No story yet",
        "TM 98.00 ▼ 2.00 (−2.00 %) No story yet",
    ]


def test_they_say_what_the_figures_are(client: Client):
    share("GM", "101")
    html = client.get("/latest/").content.decode()
    assert "<p><b>Movers</b> <span>Delayed 15 min, as of 12:00 p.m. ET</span></p>" in html


def test_over_a_weekend_they_say_the_day(client: Client):
    close = NOON.replace(day=20, hour=21)
    share("GM", "101", as_of=close, refreshed_at=close + timedelta(hours=5))
    with time_machine.travel(NOON.replace(day=22), tick=False):
        assert "<p><b>Movers</b> <span>At close Fri</span></p>" in client.get("/latest/").content.decode()


def test_a_share_that_the_line_is_not_true_of_or_that_has_not_moved_is_no_mover(client: Client):
    share("GM", "120", refreshed_at=NOW - timedelta(hours=1), as_of=NOW - timedelta(hours=1))
    share("F", "100.001")
    share("AN", "101")
    assert movers(client) == ["AN 101.00 ▲ 1.00 (+1.00 %) No story yet"]


def test_without_a_move_or_without_quotes_there_are_no_movers(client: Client):
    assert movers(client) == []
    share("F", "100")
    assert movers(client) == []


def test_a_mover_has_our_newest_story_on_its_company_and_leads_to_it(client: Client):
    ford = share("F", "95.5")
    for hours, headline in ((30, "An old one"), (2, "Ford idles a plant"), (-1, "Not out yet")):
        make.article(headline, companies=[ford], published_at=NOW - timedelta(hours=hours))
    make.article("Of another", companies=[make.company("Sonic")])
    assert movers(client) == ["F 95.50 ▼ 4.50 (−4.50 %) Ford idles a plant"]
    assert links(client) == ['href="/news/ford-idles-a-plant/"']


def on_the_markets_page(client: Client) -> dict[str, str]:
    """The headline of each mover there, by ticker."""
    markets = client.get("/markets/").context["markets"]
    return {row.symbol.ticker: str(row.story) for row in [*markets.gainers, *markets.losers]}


def test_later_stories_of_others_do_not_hide_a_mover_s_own(client: Client):
    share("TSLA", "95.5")
    share("F", "104")
    gm = share("GM", "100.5")
    make.article("Tesla opens", companies=[make.company("Tsla")], published_at=NOW - timedelta(hours=16))
    make.partner_story("F closes", published_at=NOW - timedelta(hours=16))
    for number in range(70):  # More than the phones' movers once looked through.
        make.article(f"Of another {number}", companies=[gm] if number % 2 else [])
        make.partner_story(f"Of another {number}")
    assert [row.partition(" %) ")[2] for row in movers(client)] == [
        "Tesla opens",
        "Gasket Review: F closes",
        "Of another 69",
    ]
    assert on_the_markets_page(client) == {"TSLA": "Tesla opens", "F": "F closes", "GM": "Of another 69"}


def test_a_longer_name_of_another_company_is_not_a_mover_s_own(client: Client):
    Company.objects.filter(pk=share("F", "95.5").pk).update(name="Ford")
    Company.objects.filter(pk=share("AN", "100").pk).update(name="Ford Credit")
    make.partner_story("Ford Credit lends more")
    assert movers(client) == ["F 95.50 ▼ 4.50 (−4.50 %) No story yet"]
    assert on_the_markets_page(client) == {"F": "None"}


def test_a_story_older_than_a_week_is_no_news(client: Client):
    make.article("Old", companies=[share("F", "95.5")], published_at=NOW - timedelta(days=8))
    assert movers(client) == ["F 95.50 ▼ 4.50 (−4.50 %) No story yet"]
    assert links(client) == ['href="/companies/f/"']


def test_a_partners_headline_stands_in_for_ours_with_its_name(client: Client):
    company = share("F", "95.5")
    Company.objects.filter(pk=company.pk).update(name="Ford Motor", aliases=["Ford"])
    make.partner_story("Dealers wait", published_at=NOW)
    make.partner_story("Why Ford fell <today>")
    make.partner_story("Ford later", published_at=NOW - timedelta(days=1))
    assert movers(client) == ["F 95.50 ▼ 4.50 (−4.50 %) Gasket Review: Why Ford fell &lt;today&gt;"]
    assert links(client) == ['href="https://gasket-review.example/why-ford-fell-&lt;today&gt;" rel="nofollow noopener"']


def test_nobody_buys_the_place_under_a_move(client: Client):
    paid = make.partner_story("Gm finds a buyer")
    paid.partner.is_paying = True
    paid.partner.save()
    share("GM", "95.5")
    ford = share("F", "105")
    make.article("Buy now", companies=[ford], sponsor="Gasket Bank")
    assert movers(client) == ["F 105.00 ▲ 5.00 (+5.00 %) No story yet", "GM 95.50 ▼ 4.50 (−4.50 %) No story yet"]
    assert on_the_markets_page(client) == {"F": "None", "GM": "None"}


CLOSE = datetime(2026, 11, 17, 16, tzinfo=MARKET_ZONE)  # That the moves of NOW are since.


@pytest.mark.parametrize(
    ("since_close", "words"), [(timedelta(), "Tesla opens"), (-timedelta(seconds=1), "No story yet")]
)
def test_what_was_written_before_a_move_began_is_not_its_headline(client: Client, since_close: timedelta, words: str):
    make.article("Tesla opens", companies=[share("TSLA", "95.5")], published_at=CLOSE + since_close)
    assert movers(client) == [f"TSLA 95.50 ▼ 4.50 (−4.50 %) {words}"]


@pytest.mark.parametrize("count", [1, 3])
def test_headlines_cost_no_query(client: Client, count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        make.article(f"On {ticker}", companies=[share(ticker, "101")])
        make.partner_story(f"{ticker} again")
    with django_assert_num_queries(3):  # What all pages show, the strip, and the list of this one.
        assert len(movers(client)) == count
