import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from config import demo
from news.models import Article, Publication, Section, User
from newsletter.models import Newsletter
from tests import make
from tickers.models import Company, Symbol

pytestmark = pytest.mark.django_db


def test_refilling_equals_filling():
    demo.fill()
    slugs = set(Article.objects.values_list("slug", flat=True))
    Article.objects.filter(kind="brief").first().delete()
    demo.fill()
    assert set(Article.objects.values_list("slug", flat=True)) == slugs


def test_a_database_with_content_of_its_own_is_never_touched():
    make.publication(name="The Gazette")
    make.article("Ours")
    with pytest.raises(CommandError, match="content of its own, such as the publication “The Gazette”"):
        call_command("demo")
    assert Article.objects.get().headline == "Ours"
    call_command("demo", "--if-empty", stdout=StringIO())
    assert Article.objects.get().headline == "Ours"


def test_a_story_of_ones_own_in_the_demo_stops_a_refill():
    demo.fill()
    make.article("Ours", by=())
    with pytest.raises(CommandError, match="such as the article “Ours”"):
        call_command("demo")


def test_leaving_the_demo_clears_the_samples_and_keeps_what_is_ours(monkeypatch, client: Client):
    monkeypatch.setenv("EDITOR_EMAIL", "editor@forecourt.example")
    monkeypatch.setenv("EDITOR_PASSWORD", "correct-horse-battery")
    call_command("demo", stdout=StringIO())
    ours = make.article("Ours", section=Section.objects.first(), by=())
    call_command(
        "leave_demo", name="The Gazette", zone="America/Chicago", email="ann@gazette.example", stdout=StringIO()
    )
    assert [article.headline for article in Article.objects.all()] == ["Ours"]
    assert Publication.load().name == "The Gazette"
    assert Publication.load().time_zone == "America/Chicago"
    assert [user.email for user in User.objects.all()] == ["ann@gazette.example"]
    assert Newsletter.objects.get(slug="daily").name == "The Gazette daily"
    assert Symbol.objects.count() == 14
    assert not Company.objects.filter(symbols__isnull=True).exists()
    assert client.get(ours.get_absolute_url()).status_code == 200
    assert client.login(username="ann@gazette.example", password=os.environ["EDITOR_PASSWORD"])


def test_leaving_the_demo_says_what_is_wrong_and_changes_nothing(monkeypatch):
    monkeypatch.setenv("EDITOR_PASSWORD", "correct-horse-battery")
    demo.fill()
    before = Article.objects.count()
    with pytest.raises(CommandError, match="is not a time zone"):
        call_command("leave_demo", name="X", zone="Mars", email="ann@gazette.example")
    monkeypatch.setenv("EDITOR_PASSWORD", "123")
    with pytest.raises(CommandError, match="too short"):
        call_command("leave_demo", name="X", zone="America/Chicago", email="ann@gazette.example")
    assert Article.objects.count() == before
