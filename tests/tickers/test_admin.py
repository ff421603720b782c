import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests import make
from tests.make import NOON
from tickers.models import Quote, SourceHealth
from tickers.tasks import try_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make.user(is_superuser=True))
    return client


def page_of(health: SourceHealth, step: str = "change") -> str:
    return f"/admin/tickers/sourcehealth/{health.pk}/{step}/"


def test_the_desk_sees_why_a_source_rests_and_has_it_asked_again(desk: Client):
    health = SourceHealth.objects.create(source="yahoo")
    health.fail("yahoo answered 429")
    html = desk.get(page_of(health)).content.decode()
    assert "yahoo answered 429" in html
    assert "Resting until" in html
    (again,) = [url for url in urls(html) if "ask_again" in url]
    desk.post(again, {"_form_submitted": "on"})
    health.refresh_from_db()
    assert not health.is_open(timezone.now())
    html = desk.get(page_of(health)).content.decode()
    assert "Resting" not in html
    assert [url for url in urls(html) if "ask_again" in url] == []
    assert 'name="_save"' not in html


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "About to be asked"),
        ({"answered_at": NOON}, "Working"),
        ({"answered_at": NOON, "failed_at": NOON - HOUR}, "Working"),
        ({"answered_at": NOON - HOUR, "failed_at": NOON}, "About to be asked"),
        (
            {"answered_at": NOON, "failures": 1, "failed_at": NOON, "open_until": NOON + HOUR},
            "Resting until Nov 18, 1 p.m. EST",
        ),
        ({"answered_at": NOON - HOUR, "failures": 3, "failed_at": NOON}, "Failing since Nov 18, 11 a.m. EST"),
        ({"failures": 3, "failed_at": NOON}, "Failing: it has never answered"),
    ],
)
def test_the_desk_reads_how_a_source_does(desk: Client, fields: dict, state: str):
    make.publication()
    health = SourceHealth.objects.create(source="yahoo", **fields)
    with time_machine.travel(NOON, tick=False):
        assert f">{state}<" in re.sub(r"\s*([<>])\s*", r"\1", desk.get(page_of(health)).content.decode())


def test_a_look_at_the_dialog_changes_nothing(desk: Client):
    health = SourceHealth.objects.create(source="yahoo")
    health.fail("yahoo answered 429")
    for url in urls(desk.get(page_of(health)).content.decode()):
        desk.get(url)
    health.refresh_from_db()
    assert health.is_open(timezone.now())


def test_a_test_fetch_shows_what_the_source_says_and_stores_no_price(desk: Client, settings):
    settings.QUOTES = "recorded"
    make.symbol("TSLA")
    make.symbol("ZZZZ")
    try_source()
    html = desk.get(page_of(SourceHealth.objects.get(source="recorded"))).content.decode()
    assert "TSLA: 319.801, close before 322.0498" in html
    assert "Nothing for ZZZZ." in html
    assert not Quote.objects.exists()


def test_only_who_may_change_it_has_it_asked_again(client: Client):
    health = SourceHealth.objects.create(source="yahoo")
    health.fail("down")
    client.force_login(make.user("look@example.com", may=("tickers.view_sourcehealth",)))
    html = client.get(page_of(health)).content.decode()
    assert "down" in html
    assert urls(html) == []


def test_a_source_that_is_not_there_is_said_to_be_gone(desk: Client):
    assert desk.get("/admin/tickers/sourcehealth/abc/change/").status_code == 302


def urls(html: str) -> list[str]:
    """The addresses of the page's own steps."""
    words = html.replace("'", '"').split('"')
    return sorted({word for word in words if "sourcehealth" in word and ("again" in word or "try" in word)})
