from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from news.paging import PAGE_SIZE
from tests import make
from tests.make import NOON
from tests.news.shares import share, text
from tickers.models import Point

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


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
    symbol = share(days=30)
    Point.objects.create(symbol=symbol, at=NOON - timedelta(days=2), price="300")
    evening = NOON - timedelta(days=2) + timedelta(hours=5)
    assert box(client, evening)[0][3] == "from 128.00, Mon close"


def test_before_the_market_has_traded_again_it_says_so(client: Client):
    share(days=30, as_of=NOON - timedelta(hours=20))
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
    share(days=30, as_of=NOON - timedelta(days=1), refreshed_at=NOON)
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
