from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db

FIND, FIND_COMPANY, EMBED = (f"/admin/news/article/{name}/" for name in ("find", "find-company", "embed"))


@pytest.fixture
def desk(client: Client) -> Client:
    make.publication()
    client.force_login(make.user(may=("news.view_article", "tickers.view_company")))
    return client


def found(desk: Client, address: str, words: str) -> list[dict[str, str]]:
    return desk.get(address, {"q": words}).json()["found"]


def test_stories_with_an_address_are_found_by_all_their_words_newest_first(desk: Client):
    make.article("Used-car supply climbs", slug="one")
    make.article("Supply of cars, scheduled", slug="two", published_at=make.NOON + timedelta(days=1))
    make.article("Car supply, a draft", slug="three", status="draft")
    make.article("Car supply, withdrawn", slug="four", status="withdrawn")
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        assert found(desk, FIND, "SUPPLY car") == [
            {"name": "Supply of cars, scheduled", "note": "Scheduled: Nov 19, noon", "href": "/news/two/"},
            {"name": "Used-car supply climbs", "note": "Nov 18, 2026", "href": "/news/one/"},
        ]


def test_at_most_eight_stories_are_shown_in_one_query(desk: Client, django_assert_num_queries):
    for number in range(10):
        make.article(f"Story {number}")
    found(desk, FIND, "story")
    with django_assert_num_queries(6):
        assert len(found(desk, FIND, "story")) == 8


def test_companies_are_found_by_name_other_name_and_ticker(desk: Client):
    make.symbol("GM", company=make.company("General Motors", aliases=["GMC"]))
    make.company("Nissan")
    motors = [{"name": "General Motors", "note": "GM", "href": "/companies/general-motors/"}]
    assert [found(desk, FIND_COMPANY, words) for words in ("motors", "gmc", "gm")] == [motors] * 3
    assert found(desk, FIND_COMPANY, "nissan") == [{"name": "Nissan", "note": "", "href": "/companies/nissan/"}]


def test_an_address_is_embedded_or_refused_with_a_reason(desk: Client):
    assert desk.get(EMBED, {"address": "https://youtu.be/dQw4w9WgXcQ"}).json() == {
        "href": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    }
    assert desk.get(EMBED, {"address": "x"}).json()["refused"].startswith("Give the whole address")


@pytest.mark.parametrize("address", [FIND, FIND_COMPANY, EMBED])
def test_only_who_sees_articles_may_ask(client: Client, address: str):
    assert client.get(address).status_code == 302
    client.force_login(make.user(may=("news.view_picture", "tickers.view_company")))
    assert client.get(address).status_code == 403


def test_who_may_not_see_companies_finds_none(client: Client):
    client.force_login(make.user(may=("news.view_article",)))
    assert client.get(FIND_COMPANY).status_code == 403
