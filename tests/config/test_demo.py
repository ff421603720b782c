import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from config import demo
from news.models import Article, Author, Picture, Publication, Section, Topic, User
from newsletter.models import Edition, Newsletter
from tests import make
from tests.config.test_demo_newsroom import STRIP
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
    kept, lead = Picture.objects.filter(lead_of__isnull=False)[:2]
    body = f'<p>Ours.</p><img src="{kept.master.url}" alt="A lot">'
    ours = make.article("Ours", section=Section.objects.first(), by=(), body=body, lead_picture=make.picture())
    lead.render()
    assert Edition.objects.archived().exists()
    leave_demo()
    assert set(files()) == {kept.master.name, ours.lead_picture.master.name}
    assert not Edition.objects.exists()
    assert client.get(Newsletter.objects.get(slug="daily").get_absolute_url()).status_code == 200
    assert [article.headline for article in Article.objects.all()] == ["Ours"]
    assert Publication.load().name == "The Gazette"
    assert Publication.load().time_zone == "America/Chicago"
    assert [user.email for user in User.objects.all()] == ["ann@gazette.example"]
    assert Newsletter.objects.get(slug="daily").name == "The Gazette daily"
    assert Symbol.objects.count() == 14
    assert not Company.objects.filter(symbols__isnull=True).exists()
    assert client.get(ours.get_absolute_url()).status_code == 200
    assert client.login(username="ann@gazette.example", password=os.environ["EDITOR_PASSWORD"])


def test_a_site_that_begins_has_what_one_that_leaves_the_demo_has(monkeypatch, client: Client):
    monkeypatch.setenv("EDITOR_PASSWORD", "correct-horse-battery")
    begin()
    begun = what_there_is()
    assert [ticker for ticker, *_ in begun["symbols"]] == STRIP
    assert len(begun["sections"]) == 6
    assert [slug for slug, *_ in begun["newsletters"]] == ["daily", "breaking-news"]
    assert client.login(username="ann@gazette.example", password=os.environ["EDITOR_PASSWORD"])
    assert client.get("/").status_code == client.get("/markets/").status_code == 200
    for model in (Publication, Section, Symbol, Company, Newsletter, User):
        model.objects.all().delete()
    call_command("demo", stdout=StringIO())
    leave_demo()
    assert what_there_is() == begun


def test_nothing_begins_where_there_is_something():
    make.section("Retail")
    with pytest.raises(CommandError, match="such as the section “Retail”"):
        begin()
    demo.fill()
    with pytest.raises(CommandError, match="Run leave_demo"):
        begin()
    assert Publication.load().name != "The Gazette"


def test_who_has_a_login_already_keeps_the_password(monkeypatch, client: Client):
    monkeypatch.setenv("EDITOR_PASSWORD", "another-horse-battery")
    User.objects.create_superuser("ann@gazette.example", "correct-horse-battery")
    begin()
    assert client.login(username="ann@gazette.example", password="correct-horse-battery")


def begin() -> None:
    call_command("begin", name="The Gazette", zone="America/Chicago", email="ann@gazette.example", stdout=StringIO())


def leave_demo() -> None:
    call_command(
        "leave_demo", name="The Gazette", zone="America/Chicago", email="ann@gazette.example", stdout=StringIO()
    )


def files() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def what_there_is() -> dict[str, list[Any]]:
    return {
        "publication": list(Publication.objects.values_list("name", "time_zone")),
        "users": list(User.objects.values_list("email", "is_superuser")),
        "sections": list(Section.objects.values_list("slug", "name", "position")),
        "symbols": list(Symbol.objects.in_strip_order().values_list("ticker", "exchange", "company__slug")),
        "companies": list(Company.objects.values_list("slug", "description")),
        "newsletters": list(Newsletter.objects.values_list("slug", "name", "description", "days")),
        "samples": [*Article.objects.all(), *Author.objects.all(), *Topic.objects.all(), *Picture.objects.all()],
    }


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
