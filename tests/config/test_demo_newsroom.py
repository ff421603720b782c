"""The demo newsroom as its readers find it; it is filled once for all of these tests."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from django.test import Client, override_settings
from django.utils import timezone

from config import demo
from news.body import TAGS
from news.models import Article, Author, Section
from tickers.models import Symbol

pytestmark = pytest.mark.django_db
STRIP = ["TSLA", "GM", "F", "RIVN", "CYD", "HMC", "TM", "CVNA", "PAG", "LAD", "AN", "GPI", "ABG", "SAH"]


@pytest.fixture(scope="module")
def demo_newsroom(django_db_setup, django_db_blocker, tmp_path_factory):
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        demo.fill()
        yield
        transaction.set_rollback(True)


def test_the_demo_is_a_whole_newsroom(demo_newsroom):
    stories = Article.objects.published().filter(kind="story")
    assert stories.count() >= 17
    assert Article.objects.published().filter(kind="brief").count() == 16
    assert Author.objects.filter(portrait__isnull=False).exclude(bio="").count() == 6
    assert Section.objects.count() == 6
    assert not stories.filter(lead_picture__isnull=True).exists()
    assert not stories.filter(lead_picture__alt="").exists()
    assert not stories.filter(lead_picture__credit="").exists()
    about_the_strip = stories.filter(companies__symbols__isnull=False).distinct().count()
    assert about_the_strip * 3 >= stories.count()


def test_the_strip_is_the_reference_strip_in_its_order(demo_newsroom):
    assert [symbol.ticker for symbol in Symbol.objects.active().in_strip_order()] == STRIP


def test_stories_are_as_long_as_promised_and_one_uses_every_element(demo_newsroom):
    lengths = sorted(story.word_count for story in Article.objects.filter(kind="story"))
    assert all(300 <= words <= 600 for words in lengths[:-1])
    assert lengths[-1] >= 1400
    long_read = max(Article.objects.all(), key=lambda article: article.word_count)
    missing = {tag for tag in TAGS if f"<{tag}" not in long_read.body} - {"br", "code", "pre", "s"}
    assert missing == set()


def test_the_demo_is_dated_over_the_last_weeks(demo_newsroom):
    newest, *_, oldest = Article.objects.newest_first()
    assert timezone.now() - timedelta(days=2) < newest.published_at <= timezone.now()
    assert timezone.now() - timedelta(days=27) < oldest.published_at
    assert Article.objects.values("published_at__date").annotate(count=Count("pk")).filter(count__gt=8).count() == 0


def test_the_footer_says_that_these_are_samples(demo_newsroom, client: Client):
    assert "samples written for Forecourt" in client.get("/").content.decode()
