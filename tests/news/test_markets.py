import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests import make
from tests.make import NOON
from tests.news.shares import share, text
from tickers.models import Company, Point

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


def tickers(response) -> list[str]:
    return [row.symbol.ticker for row in response.context["rows"]]


@pytest.fixture
def trade() -> None:
    """Four shares: two up, one down, one unchanged."""
    share("TSLA", points=30)
    share("GM", price="48.10", previous_close="48.00")
    share("AN", price="200", previous_close="190", listed={"company": make.company("AutoNation", kind="dealer_group")})
    share("F", price="10.54", previous_close="10.54")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["AN", "F", "GM", "TSLA"]),
        ("sort=company&dir=desc", ["TSLA", "GM", "F", "AN"]),
        ("sort=percent", ["AN", "GM", "F", "TSLA"]),
        ("sort=change&dir=asc", ["TSLA", "F", "GM", "AN"]),
        ("sort=price&dir=desc", ["TSLA", "AN", "GM", "F"]),
        ("sort=kind", ["F", "GM", "TSLA", "AN"]),
        ("kind=dealer_group", ["AN"]),
        ("kind=automaker&sort=percent&dir=desc", ["GM", "F", "TSLA"]),
        ("kind=bank&sort=x&dir=y", ["AN", "F", "GM", "TSLA"]),
    ],
)
def test_the_table_is_sorted_and_filtered_by_links(client: Client, trade: None, query: str, expected: list[str]):
    assert tickers(client.get(f"/markets/?{query}")) == expected


def test_the_heads_say_how_the_table_is_sorted_and_lead_the_other_way(client: Client, trade: None):
    html = client.get("/markets/?sort=percent&kind=automaker").content.decode()
    assert html.count("aria-sort=") == 1
    assert 'aria-sort="descending"><a href="?kind=automaker&amp;sort=percent&amp;dir=asc"' in html


def test_breadth_is_told_in_words(client: Client, trade: None):
    html = client.get("/markets/").content.decode()
    assert "▲ 2 up 1 unchanged ▼ 1 down" in text(html)
    breadth = client.get("/markets/").context["markets"].breadth
    assert breadth.bars == [("up", 0.0, 50.0), ("unchanged", 50.0, 25.0), ("down", 75.0, 25.0)]


def test_movers_carry_our_headline_or_a_partner_s_or_say_that_there_is_none(client: Client, trade: None):
    tesla, autonation = make.company("Tsla"), make.company("AutoNation")
    make.article("Old news", published_at=NOON - timedelta(days=8), companies=[tesla])
    make.article("Tesla cuts", published_at=NOON - timedelta(hours=3), companies=[tesla, autonation])
    make.article("Tesla again", published_at=NOON - timedelta(hours=1), companies=[tesla])
    make.article("Tesla to come", published_at=NOON + timedelta(days=1), companies=[tesla])
    Company.objects.filter(name="Gm").update(aliases=["General Motors"])
    make.partner_story("Affordable gms")
    make.partner_story("General Motors adds a shift")
    markets = client.get("/markets/").context["markets"]
    assert [(row.symbol.ticker, str(row.story)) for row in markets.gainers] == [
        ("AN", "Tesla cuts"),
        ("GM", "General Motors adds a shift"),
    ]
    assert [(row.symbol.ticker, str(row.story)) for row in markets.losers] == [("TSLA", "Tesla again")]


def test_a_mover_without_a_story_says_so(client: Client):
    share()
    assert "No story yet" in client.get("/markets/").content.decode()


def test_a_price_of_another_time_neither_rises_nor_falls(client: Client):
    share("TSLA")
    share("GM", refreshed_at=NOON - timedelta(days=1), as_of=NOON - timedelta(days=1))
    response = client.get("/markets/?sort=percent")
    assert "Tue 12:00 p.m." in response.content.decode()
    assert tickers(response) == ["TSLA", "GM"]
    markets = response.context["markets"]
    assert (markets.breadth.up, markets.breadth.down, len(markets.losers)) == (0, 1, 1)


def test_the_small_charts_are_of_the_day_or_else_of_the_month(client: Client):
    symbol = share(days=30)
    assert "Month</th>" in client.get("/markets/").content.decode()
    for minutes in range(0, 60, 15):
        Point.objects.create(symbol=symbol, at=NOON - timedelta(minutes=minutes), price=300 + minutes)
    assert "Day</th>" in client.get("/markets/").content.decode()


def test_markets_without_a_price_are_a_whole_page(client: Client):
    make.symbol("TSLA")
    assert "No share has a price yet." in client.get("/markets/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_markets_page_takes_five_queries(client: Client, count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        symbol = share(ticker, points=60)
        make.article(f"On {ticker}", companies=[symbol.company])
        make.partner_story(f"{ticker} in the news")
    with django_assert_num_queries(5):
        client.get("/markets/")


def test_the_markets_page_is_in_the_navigation(client: Client):
    html = client.get("/markets/").content.decode()
    assert '<a href="/markets/" aria-current="page">Markets</a>' in html


@pytest.mark.parametrize("ticker", ["TSLA", "tsla"])
def test_a_symbol_s_address_leads_to_its_company_for_ever(client: Client, ticker: str):
    make.symbol("TSLA")
    response = client.get(f"/markets/{ticker}/")
    assert (response.status_code, response["Location"]) == (301, "/companies/tsla/")


@pytest.mark.parametrize("ticker", ["NOPE", "%00", "TSLA%00", "..%2fTSLA", "é", "-" * 5000])
def test_an_unknown_symbol_is_not_found(client: Client, ticker: str):
    assert client.get(f"/markets/{ticker}/").status_code == 404
    assert client.get(f"/markets/{ticker}.json").status_code == 404


# JSON


def test_a_share_is_told_as_json(client: Client):
    share(days=2, points=1)
    response = client.get("/markets/TSLA.json")
    assert response["Content-Type"] == "application/json"
    assert (
        response["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"
    )
    assert json.loads(response.content) == {
        "symbol": "TSLA",
        "company": "Tsla",
        "quote": {
            "price": "319.80",
            "previous_close": "322.05",
            "change": "-2.25",
            "percent": "-0.70",
            "as_of": "2026-11-18T17:44:00Z",
            "status": "Delayed 15 min, as of 12:44 p.m. ET",
        },
        "closes": [["2026-11-16", "100.00"], ["2026-11-17", "101.00"]],
        "points": [["2026-11-18T17:00:00Z", "320.00"]],
    }


def test_a_share_without_a_quote_is_told_as_json(client: Client):
    make.symbol("BRK.B", company=make.company("Berkshire"))
    assert client.get("/markets/BRK.B.json").json() == {
        "symbol": "BRK.B",
        "company": "Berkshire",
        "quote": None,
        "closes": [],
        "points": [],
    }


def test_an_unknown_share_is_a_404_in_json(client: Client):
    response = client.get("/markets/NOPE.json")
    assert (response.status_code, response.json()) == (404, {"error": "We follow no share of this name."})
    assert response["Cache-Control"] == "no-store"
    assert client.post("/markets/NOPE.json").status_code == 405


@pytest.mark.parametrize("days", [1, 3])
def test_a_share_s_json_takes_three_queries(client: Client, days: int, django_assert_num_queries):
    share(days=days, points=days)
    with django_assert_num_queries(3):
        client.get("/markets/TSLA.json")
