import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tickers.models import Quote, SourceHealth
from tickers.tasks import try_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make.user(is_superuser=True))
    return client


def page_of(health: SourceHealth, step: str = "change") -> str:
    return f"/admin/tickers/sourcehealth/{health.pk}/{step}/"


def test_the_desk_sees_why_a_source_is_left_alone_and_closes_its_breaker(desk: Client):
    health = SourceHealth.objects.create(source="yahoo")
    health.fail("yahoo answered 429")
    html = desk.get(page_of(health)).content.decode()
    assert "yahoo answered 429" in html
    assert "Open: it is left alone until" in html
    (close,) = [url for url in urls(html) if "close-breaker" in url or "close_breaker" in url]
    desk.post(close, {"_form_submitted": "on"})
    health.refresh_from_db()
    assert not health.is_open(timezone.now())
    html = desk.get(page_of(health)).content.decode()
    assert "Closed: it is asked" in html
    assert [url for url in urls(html) if "breaker" in url] == []
    assert 'name="_save"' not in html


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


def test_only_who_may_change_it_closes_a_breaker(client: Client):
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
    return sorted({word for word in words if "sourcehealth" in word and ("breaker" in word or "try" in word)})
