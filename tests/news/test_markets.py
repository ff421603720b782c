import json
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from news.paging import PAGE_SIZE
from tests import make
from tests.make import NOON
from tickers.market import is_trading_day
from tickers.models import Company, DailyClose, Point, Quote, Symbol

pytestmark = pytest.mark.django_db
LAST_CLOSE = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


def share(ticker: str = "TSLA", *, days: int = 0, points: int = 0, listed: dict | None = None, **quote) -> Symbol:
    """A symbol with a quote of 12:44, closes of 100, 101, 102… to the day before, and points up to NOON."""
    symbol = make.symbol(ticker, **(listed or {}))
    times = {"as_of": NOON + timedelta(minutes=44), "refreshed_at": NOON + timedelta(minutes=59)}
    make.quote(symbol, **{"source": "wire", "delay_s": 900, **times, **quote})
    every_day = (LAST_CLOSE - timedelta(days=number) for number in range(days * 2))
    traded = sorted([day for day in every_day if is_trading_day(day)][:days])
    DailyClose.objects.bulk_create(
        DailyClose(symbol=symbol, day=day, close=100 + number) for number, day in enumerate(traded)
    )
    Point.objects.bulk_create(
        Point(symbol=symbol, at=NOON - timedelta(minutes=number), price=Decimal(320) - number)
        for number in range(points)
    )
    return symbol


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# The company's page


def test_a_company_page_shows_the_price_with_its_time_and_the_chart(client: Client):
    share(days=300, points=60)
    response = client.get("/companies/tsla/")
    html = response.content.decode()
    assert "TSLA Nasdaq 319.80 ▼ 2.25 (−0.70 %) Delayed 15 min, as of 12:44 p.m. ET" in text(html)
    assert '<title id="chart-title">TSLA, 1 month</title>' in html
    assert "From 378.00 (Oct. 19) to 319.80 (Nov. 18)." in html
    assert "▼ 58.20 (−15.40 %) since Oct. 19" in text(html)
    assert '<a href="/companies/tsla/#chart" aria-current="true">1M</a>' in html
    assert " style=" not in html


@pytest.mark.parametrize("chosen", ["1d", "5d", "1m", "6m", "1y", "5y"])
def test_each_range_has_its_chart(client: Client, chosen: str):
    share(days=300, points=60)
    response = client.get("/companies/tsla/", {"r": chosen})
    assert response.context["drawing"].range.key == chosen
    assert response.content.decode().count('aria-current="true"') == 1
    assert (response.context["drawing"].since == "the close before") is (chosen == "1d")


def test_the_key_figures_are_of_closes_and_points(client: Client):
    share(days=300, points=60)
    figures = client.get("/companies/tsla/").context["key_figures"]
    assert [(figure.name, figure.text or figure.figures.percent) for figure in figures] == [
        ("Previous close", "322.05"),
        ("Day’s range", "261.00 – 320.00"),
        ("52-week range", "149.00 – 399.00"),
        ("Change, 1 month", "−15.17 %"),
        ("Change, 6 months", "+17.57 %"),
        ("Change, 1 year", "+114.63 %"),
    ]


def test_a_short_history_tells_no_change_that_it_does_not_know(client: Client):
    share(days=30)
    names = [figure.name for figure in client.get("/companies/tsla/").context["key_figures"]]
    assert names == ["Previous close", "Change, 1 month"]


def test_stories_are_marked_where_they_were_published_and_listed_with_the_same_number(client: Client):
    symbol = share(days=300)
    for days in (2, 12, 90):
        make.article(f"Story {days}", published_at=NOON - timedelta(days=days), companies=[symbol.company])
    html = client.get("/companies/tsla/").content.decode()
    assert html.count('class="chart-mark"') == html.count('class="is-marked"') == 2
    assert 'href="#story-1" class="chart-mark" aria-label="Story 1: Story 2"' in html
    assert '<li id="story-3">' in html
    marks = client.get("/companies/tsla/").context["drawing"].marks
    assert [mark.label for mark in marks] == ["1", "2"]
    assert marks[0].x > marks[1].x


def test_stories_of_one_day_share_a_mark(client: Client):
    symbol = share(days=300)
    for number in range(3):
        make.article(
            f"Story {number}", published_at=NOON - timedelta(days=1, minutes=number), companies=[symbol.company]
        )
    marks = client.get("/companies/tsla/").context["drawing"].marks
    assert [(mark.label, mark.target, mark.words) for mark in marks] == [("1–3", "#story-1", "Stories 1–3")]


def test_a_company_without_a_listing_has_the_same_page_without_the_chart(client: Client):
    make.article("On Nissan", companies=[make.company("Nissan")])
    html = client.get("/companies/nissan/").content.decode()
    assert "Nissan</h1>" in html
    assert "On Nissan" in html
    assert "<svg" not in html
    assert "chart.js" not in html


def test_a_share_without_any_price_says_so(client: Client):
    make.symbol("TSLA")
    html = client.get("/companies/tsla/").content.decode()
    assert "No price yet." in html
    assert "There are not enough prices of this time yet (1 month)." in html


def test_one_price_alone_draws_no_chart(client: Client):
    make.quote(make.symbol("TSLA"))
    html = client.get("/companies/tsla/?r=1d").content.decode()
    assert "319.80" in html
    assert "There are not enough prices of this time yet (1 day)." in html


def test_a_share_that_we_no_longer_follow_says_so(client: Client):
    share(listed={"is_active": False}, days=30)
    assert "We no longer follow this share. Last price 319.80, Nov. 18, 2026." in text(
        client.get("/companies/tsla/").content.decode()
    )


def test_simulated_prices_say_so_with_their_time(client: Client):
    share(source="simulated", delay_s=0)
    assert "Simulated prices, not the market’s, as of 12:44 p.m. ET" in client.get("/companies/tsla/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_company_page_takes_seven_queries(client: Client, count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        symbol = share(ticker, days=300, points=60)
        for number in range(count):
            make.article(f"{ticker} {number}", companies=[symbol.company], lead_picture=make.picture())
    with django_assert_num_queries(7):
        client.get("/companies/tsla/")


def test_pages_of_stories_keep_the_range(client: Client):
    symbol = share(days=300)
    for number in range(PAGE_SIZE + 1):
        make.article(f"Story {number}", companies=[symbol.company])
    html = client.get("/companies/tsla/", {"r": "1y"}).content.decode()
    assert "&amp;r=1y" in html


@pytest.mark.parametrize("query", ["r=9z", "r=<script>", "r=1d&r=x"])
def test_a_range_that_we_do_not_have_is_the_usual_one(client: Client, query: str):
    share(days=300)
    response = client.get(f"/companies/tsla/?{query}")
    assert response.context["range"].key == "1m"
    assert "<script>" not in response.content.decode()


def test_the_words_of_a_company_are_escaped(client: Client):
    company = make.company("A & <b>Sons</b>", slug="sons", description="<i>x</i>")
    symbol = share(listed={"company": company}, days=30)
    make.article('"><script>', slug="s", companies=[symbol.company])
    for path in (company.get_absolute_url(), "/markets/", "/news/s/"):
        html = client.get(path).content.decode()
        assert "<b>Sons" not in html
        assert "<i>x" not in html
        assert '"><script>' not in html


# The markets page


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
def test_the_markets_page_takes_six_queries(client: Client, count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        symbol = share(ticker, points=60)
        make.article(f"On {ticker}", companies=[symbol.company])
        make.partner_story(f"{ticker} in the news")
    with django_assert_num_queries(6):
        client.get("/markets/")


def test_the_markets_page_is_in_the_navigation(client: Client):
    html = client.get("/markets/").content.decode()
    assert '<a href="/markets/" aria-current="page">Markets</a>' in html


@pytest.mark.parametrize("ticker", ["TSLA", "tsla"])
def test_a_symbol_s_address_leads_to_its_company_for_ever(client: Client, ticker: str):
    make.symbol("TSLA")
    response = client.get(f"/markets/{ticker}/")
    assert (response.status_code, response["Location"]) == (301, "/companies/tsla/")


def test_an_unknown_symbol_is_not_found(client: Client):
    assert client.get("/markets/NOPE/").status_code == 404


# The box of an article


def box(client: Client, published_at=NOON - timedelta(days=2), **symbol) -> list:
    companies = [make.company("Tsla"), make.company("Nissan")]
    article = make.article("The story", published_at=published_at, companies=companies)
    found = client.get(article.get_absolute_url()).context["prices"]
    return [(row.ticker, row.words, row.since.percent if row.since else None, row.since_words) for row in found.rows]


def test_the_change_since_publication_is_from_the_last_point_before_it(client: Client):
    symbol = share(days=30)
    before, after = NOON - timedelta(days=2, minutes=1), NOON - timedelta(days=2, minutes=-1)
    Point.objects.create(symbol=symbol, at=before, price="300")
    Point.objects.create(symbol=symbol, at=after, price="310")
    assert box(client) == [("TSLA", "", "+6.60 %", "from 300.00, Mon 11:59 a.m. ET")]


def test_without_points_it_is_from_the_close_before(client: Client):
    share(days=30)  # 129.00 on the 17th, 128.00 on the 16th, 127.00 on Friday the 13th
    assert box(client) == [("TSLA", "", "+151.81 %", "from 127.00, Fri close")]


def test_a_story_after_the_close_is_from_the_close_of_its_day(client: Client):
    share(days=30)
    evening = NOON - timedelta(days=2) + timedelta(hours=5)
    assert box(client, evening)[0][3] == "from 128.00, Mon close"


def test_before_the_market_has_traded_again_it_says_so(client: Client):
    share(days=30, as_of=NOON - timedelta(hours=20), market_state="closed")
    assert box(client, NOON - timedelta(hours=2)) == [("TSLA", "", None, "No trading since this story")]


def test_an_old_story_without_history_says_so(client: Client):
    share(days=5)
    assert box(client, NOON - timedelta(days=300))[0][3] == "No price from its publication"


def test_a_share_without_a_quote_says_so_in_the_box(client: Client):
    make.symbol("TSLA")
    assert box(client) == [("TSLA", "No price yet", None, "")]


def test_an_archived_share_shows_its_last_price_with_the_day(client: Client):
    share(listed={"is_active": False})
    assert box(client) == [("TSLA", "No longer followed; last price 319.80 on Nov. 18", None, "")]


def test_today_s_change_is_told_with_its_day(client: Client):
    share(days=30, as_of=NOON - timedelta(days=1), refreshed_at=NOON, market_state="closed")
    article = make.article("The story", companies=[make.company("Tsla")])
    row = client.get(article.get_absolute_url()).context["prices"].rows[0]
    assert (row.day, row.today.percent) == ("Tue", "−0.70 %")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_article_takes_as_many_queries_whatever_companies_it_is_about(
    client: Client, count: int, django_assert_num_queries
):
    article = make.newsroom()
    others = [share(ticker, days=5, points=5).company for ticker in ["GM", "F", "AN"][:count]]
    article.companies.set(others)
    with django_assert_num_queries(8):
        client.get(article.get_absolute_url())


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


def test_who_has_the_share_s_json_is_told_so_until_it_changes(client: Client):
    share(days=2)
    etag = client.get("/markets/TSLA.json")["ETag"]
    again = client.get("/markets/TSLA.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert "s-maxage=60" in again["Cache-Control"]
    Quote.objects.update(price="321")
    assert client.get("/markets/TSLA.json", headers={"If-None-Match": etag}).status_code == 200


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
