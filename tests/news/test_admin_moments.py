"""Times as the desk types them, and as its form shows them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from news.admin.moments import ClockField
from tests import make
from tests.news.desk import an_editor, at, fresh, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor()[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("06:30", time(6, 30)),
        ("6:30", time(6, 30)),
        ("18:30", time(18, 30)),
        ("06:30:15", time(6, 30, 15)),
        ("6am", time(6)),
        ("6 AM", time(6)),
        ("6 a.m.", time(6)),
        (" 6:30 p. m. ", time(18, 30)),
        ("6:30pm", time(18, 30)),
        ("12 am", time(0)),
        ("12:15 p.m.", time(12, 15)),
        ("", None),
    ],
)
def test_a_time_is_typed_as_people_write_it(typed: str, meant: time | None) -> None:
    assert ClockField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["6", "13 pm", "0am", "6:60 pm", "six", "6 xm", "25:00", "６am"])
def test_what_is_no_time_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(typed)
    assert refused.value.messages == ["Write a time such as 6:30 p.m. or 18:30."]


def test_a_time_of_the_afternoon_is_stored_in_the_publications_zone(desk: Client) -> None:
    article = make.article(status="draft", published_at=None)
    save(desk, article, published_at_0="2030-01-02", published_at_1="6:30 p.m.")
    assert fresh(article).published_at == datetime(2030, 1, 2, 23, 30, tzinfo=UTC)


def test_the_form_shows_no_seconds_and_names_the_zone_as_readers_see_it(desk: Client) -> None:
    page = text_of(desk.get(at("change", make.article(published_at=make.NOON + timedelta(seconds=22)))))
    assert "Publish time (ET)" in page
    assert 'value="12:00"' in page
    assert "12:00:22" not in page


def test_a_publish_time_that_nobody_touches_keeps_its_seconds(desk: Client) -> None:
    when = make.NOON + timedelta(seconds=22, microseconds=7)
    article = make.article(published_at=when, updated_at=when)
    clock = {"published_at_1": "12:00", "updated_at_0": "2026-11-18", "updated_at_1": "12:00", "_publish": ""}
    save(desk, article, dek="New.", **clock)
    stored = fresh(article)
    assert (stored.dek, stored.published_at, stored.updated_at) == ("New.", when, when)
    save(desk, article, **{**clock, "published_at_1": "11:59"})
    assert fresh(article).published_at == make.NOON - timedelta(minutes=1)
