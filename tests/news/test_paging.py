"""A late page costs what the first one costs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from news.models import Article, PartnerStory
from news.paging import PAGE_SIZE
from tests import make

pytestmark = pytest.mark.django_db

MINUTES = 2000


def articles() -> None:
    section = make.section()
    fields = {"headline": "Story", "dek": "Dek.", "body": "<p>Words.</p>", "status": "published", "section": section}
    times = [make.NOON - timedelta(minutes=number) for number in range(MINUTES)]
    Article.objects.bulk_create(
        Article(**fields, slug=f"story-{number}", published_at=at) for number, at in enumerate(times)
    )


def partner_stories() -> None:
    partner = make.partner_story().partner
    times = [make.NOON - timedelta(minutes=number) for number in range(MINUTES)]
    PartnerStory.objects.bulk_create(
        PartnerStory(partner=partner, title="Story", url="https://a.example/", published_at=at) for at in times
    )


@pytest.mark.parametrize(
    ("make_stories", "path"),
    [
        (articles, "/latest/"),
        (articles, "/sections/retail/"),
        (partner_stories, "/partners/"),
        (partner_stories, "/partners/gasket-review/"),
    ],
)
def test_a_late_page_reads_none_of_the_stories_before_it(
    client: Client, make_stories: Callable[[], Any], path: str
) -> None:
    make_stories()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE news_article, news_partnerstory")
    cursor_of_page = f"{make.NOON - timedelta(minutes=MINUTES - 100):%Y%m%dT%H%M%S.%f}-1"
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path, {"before": cursor_of_page})
    assert len(response.context["page"].articles) == PAGE_SIZE
    (page,) = [query["sql"] for query in asked if query["sql"].endswith(f"DESC LIMIT {PAGE_SIZE + 1}")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ANALYZE {page}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using" in plan
    removed = [int(count) for count in re.findall(r"Rows Removed by Filter: (\d+)", plan)]
    assert sum(removed) <= 1, plan  # That at the cursor itself.
