"""A prepared query answers as the query that it was written as, whenever and wherever it is asked."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from news.models import Article, Section
from news.prepared import prepared
from tests import make

pytestmark = pytest.mark.django_db
WRITTEN = []


@prepared
def sections(name: Any) -> QuerySet[Section]:
    WRITTEN.append(name)
    return Section.objects.filter(name=name)


@prepared
def cards(now: Any) -> QuerySet[Article]:
    return Article.objects.published(now).for_cards().newest_first()


@prepared
def published_then() -> QuerySet[Article]:
    return Article.objects.published(timezone.now())


def test_it_is_written_once_and_asked_with_the_values_of_each_call():
    retail, electric = make.section("Retail"), make.section("Electric")
    asked = [sections(name="Retail"), sections(name="Electric"), sections(name="Retail' OR '1'='1")]
    assert asked == [[retail], [electric], []]
    assert len(WRITTEN) == 1


def test_it_reads_what_is_stored_now():
    make.section("Retail")
    Section.objects.update(slug="stores")
    assert [section.slug for section in sections(name="Retail")] == ["stores"]


def test_its_rows_have_what_was_selected_with_them(django_assert_num_queries: Any):
    make.article("Story 1", lead_picture=make.picture())
    usual = list(Article.objects.published().for_cards())
    with django_assert_num_queries(1):
        (story,) = cards(now=timezone.now())
        shown = (story, story.section.name, story.lead_picture.alt, story.lead_picture.created_at)
    assert shown == (usual[0], usual[0].section.name, usual[0].lead_picture.alt, usual[0].lead_picture.created_at)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_a_connection_of_its_own():
    def asked() -> list[Section]:
        try:
            return sections(name="Retail")
        finally:
            connection.close()

    retail = make.section("Retail")
    with ThreadPoolExecutor(1) as other:
        assert [sections(name="Retail"), other.submit(asked).result()] == [[retail], [retail]]


def test_a_moment_that_would_stay_the_same_is_refused():
    with pytest.raises(TypeError, match="published_then would ask about the moment at which it was written, for ever"):
        published_then()
