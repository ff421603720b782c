from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from newsletter.models import Edition, Newsletter
from tests import make
from tests.newsletter.editions import edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

MAIL = (
    '<p><!--reader--><a href="https://unsubscribe.invalid/">Unsubscribe</a><!--/reader--></p>'
    "<p><!--archive-->The day’s stories.</p>"
)


def sent(daily: Newsletter, day: date = date(2026, 11, 18), **fields: Any) -> Edition:
    about = {"status": "complete", "started_at": make.NOON, "finished_at": make.NOON, "html": MAIL, **fields}
    return edition(daily, day, **about)


def test_the_page_in_the_archive_is_the_mail_without_one_readers_links(client: Client, daily: Newsletter):
    answer = client.get(sent(daily).get_absolute_url())
    page = answer.content.decode()
    assert "The day’s stories." in page
    assert "nsubscribe" not in page
    link = '<a href="/newsletter/" style="color:#4d5a63;text-decoration:underline">Get The Morning Lane by email</a>'
    assert link in page
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; img-src 'self'; style-src 'unsafe")


def test_its_address_is_the_newsletter_and_the_day(daily: Newsletter):
    assert sent(daily).get_absolute_url() == "/newsletter/the-morning-lane/2026-11-18/"


@pytest.mark.parametrize("status", ["draft", "held", "ready", "cancelled", "skipped", "expired"])
def test_what_has_not_gone_out_is_not_there(client: Client, daily: Newsletter, status: str):
    is_final = status in Edition.FINAL
    made = sent(daily, status=status, started_at=None, finished_at=make.NOON if is_final else None)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert made.get_absolute_url() not in client.get("/newsletter/archive/").content.decode()


def test_what_goes_out_now_is_there_for_who_has_it_already(client: Client, daily: Newsletter):
    made = sent(daily, status="sending", finished_at=None)
    assert client.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("path", ["2026-11-17/", "2026-13-40/", "2026-1-8/"])
def test_a_day_without_an_edition_is_not_found(client: Client, daily: Newsletter, path: str):
    sent(daily)
    assert client.get(f"/newsletter/the-morning-lane/{path}").status_code == 404


def test_the_list_is_paged_by_key(client: Client, daily: Newsletter):
    for number in range(33):
        sent(daily, date(2026, 10, 1) + timedelta(days=number), subject=f"Edition {number:02}")
    first = client.get("/newsletter/archive/")
    assert [row.subject for row in first.context["editions"]][::29] == ["Edition 32", "Edition 03"]
    second = client.get("/newsletter/archive/", {"before": first.context["older"]})
    assert [row.subject for row in second.context["editions"]] == ["Edition 02", "Edition 01", "Edition 00"]
    assert second.context["older"] == ""


@pytest.mark.parametrize("cursor", ["x", "2026-11-18", "2026-11-18.x", "2026-99-18.1", "2026-11-18." + "9" * 19])
def test_a_cursor_that_is_not_ours_is_not_found(client: Client, daily: Newsletter, cursor: str):
    assert client.get("/newsletter/archive/", {"before": cursor}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_any_number(
    client: Client, daily: Newsletter, count: int, django_assert_num_queries: Any
):
    for number in range(count):
        sent(daily, date(2026, 11, 10 + number))
    with django_assert_num_queries(4):
        client.get("/newsletter/archive/")


def test_an_archive_without_editions_says_so(client: Client, daily: Newsletter):
    assert "No edition has gone out yet." in client.get("/newsletter/archive/").content.decode()
