"""What an editor sees of a story before readers do, and what a reviewer without a login sees of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from news.models import Article, Revision
from news.preview import review_link
from tests import make
from tests.news.desk import an_editor, at, fresh, save, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

NEW = "/admin/news/article/preview/"


@pytest.fixture
def desk() -> Client:
    return an_editor()[0]


def rows() -> list[Any]:
    return [*Article.objects.values_list().order_by("pk"), Revision.objects.count()]


def html_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


# From the form


def test_the_preview_is_the_page_that_readers_would_get(desk: Client, client: Client) -> None:
    article = make.newsroom()
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        page = html_of(client.get(article.get_absolute_url()))
        preview = html_of(desk.post(at("preview", article), typed(article)))
    canonical = f'<link rel="canonical" href="{settings.SITE_URL}{article.get_absolute_url()}">'
    own = '<meta name="robots" content="noindex">\n    <base target="_blank">'
    assert [line.strip() for line in preview.splitlines() if line.strip()] == [
        line.strip() for line in page.replace(canonical, own).splitlines() if line.strip()
    ]


def test_it_shows_what_is_typed_and_stores_nothing(desk: Client) -> None:
    article = make.newsroom()
    ford, batteries = make.company("Ford"), make.topic("Batteries")
    make.quote(make.symbol("F", company=ford))
    near = make.article("About Ford", companies=[ford])
    before = rows()
    words = {
        "headline": "Typed headline",
        "dek": "Typed dek.",
        "body": "<p>Typed body.</p><script>alert(1)</script>",
        "companies": [ford.pk],
        "topics": [batteries.pk],
        "authors_in_order": [make.author("Lee Marsh").pk, make.author().pk],
        "lead_picture": make.picture(alt="A typed picture").pk,
        "section": make.section("Electric").pk,
    }
    answer = desk.post(at("preview", article), typed(article, **words))
    html = html_of(answer)
    for part in ("Typed headline</h1>", "Typed dek.", "<p>Typed body.</p>", 'alt="A typed picture"', ">Batteries</a>"):
        assert part in html
    assert "<script>alert" not in html
    assert [author.name for author in answer.context["authors"]] == ["Lee Marsh", "Dana Whitfield"]
    assert [row.name for row in answer.context["prices"].rows] == ["Ford"]
    assert answer.context["related"][0] == near
    assert answer.context["section"].name == "Electric"
    assert rows() == before


def test_what_is_half_typed_is_shown_as_far_as_it_goes(desk: Client) -> None:
    make.publication()
    html = html_of(desk.post(NEW, {"dek": "Only a dek.", "published_at_0": "20"}))
    assert "No headline yet</h1>" in html
    assert "Only a dek." in html
    assert "No section yet" in html
    article = make.article()
    html = html_of(
        desk.post(at("preview", article), typed(article, dek="", body="", published_at_0="soon", version=""))
    )
    assert article.dek not in html
    assert "Nov. 18, 2026, noon ET" in html
    assert not Article.objects.exclude(pk=article.pk).exists()


def test_corrections_that_are_made_stand_in_the_preview(desk: Client) -> None:
    article = make.article()
    article.corrections.create(text="It was 12, not 21.")
    assert "It was 12, not 21." in html_of(desk.post(at("preview", article), typed(article)))


def test_the_preview_is_for_the_frame_beside_the_form_only(desk: Client) -> None:
    answer = desk.post(NEW, {"headline": "Typed"})
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'; style-src 'self';" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer.headers["Cache-Control"]
    assert desk.get(NEW).status_code == 405


def test_the_button_opens_the_preview_by_itself_where_its_script_does_not_run(desk: Client) -> None:
    article = make.article()
    for form, preview in ((at("change", article), at("preview", article)), ("/admin/news/article/add/", NEW)):
        assert f"formtarget=_blank formaction={preview}" in html_of(desk.get(form))


def test_the_preview_asks_for_the_token_of_the_form() -> None:
    user = an_editor()[1]
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(NEW, {"headline": "Typed"}).status_code == 403


# For a reviewer


def link(article: Article) -> str:
    return review_link(article)[0].removeprefix(settings.SITE_URL)


def test_a_reviewer_reads_a_draft_under_embargo(client: Client) -> None:
    later = timezone.now() + timedelta(days=3)
    article = make.article("Held back", status="draft", published_at=None, embargo_until=later)
    answer = client.get(link(article))
    html = html_of(answer)
    assert "Held back</h1>" in html
    assert "Preview – not published." in html
    assert '<meta name="robots" content="noindex">' in html
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_a_reviewer_sees_the_draft_over_a_live_article_and_readers_do_not(desk: Client, client: Client) -> None:
    article = make.article("Live")
    other = make.author("Lee Marsh")
    save(desk, article, headline="Next words", authors_in_order=[other.pk])
    html = html_of(Client().get(link(article)))
    assert ("Next words</h1>" in html, "By <a" in html, "Lee Marsh" in html) == (True, True, True)
    assert "Next words" not in html_of(Client().get(article.get_absolute_url()))


def test_the_link_shows_what_is_saved_since_it_was_made(client: Client) -> None:
    article = make.article("First", status="draft")
    address = link(article)
    Article.objects.update(headline="Second")
    assert "Second</h1>" in html_of(client.get(address))


def test_the_link_leads_to_the_article_once_it_is_live(client: Client) -> None:
    article = make.article()
    answer = client.get(link(article))
    assert (answer.status_code, answer.headers["Location"]) == (302, article.get_absolute_url())


def test_the_link_ends_after_seven_days(client: Client) -> None:
    with time_machine.travel(make.NOON, tick=False):
        article = make.article("Held back", status="draft")
        address, until = review_link(article)
    path = address.removeprefix(settings.SITE_URL)
    assert until == make.NOON + timedelta(days=7)
    with time_machine.travel(until, tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        answer = client.get(path)
    assert answer.status_code == 410
    assert "This link is over" in answer.content.decode()
    assert "Held back" not in answer.content.decode()


def test_a_link_that_we_did_not_make_shows_nothing(client: Client) -> None:
    article = make.article("Held back", status="draft")
    made = link(article)
    other_purpose = TimestampSigner(sep=".", salt="newsletter.confirm").sign(str(article.pk))
    for path in (made[:-3] + "/", made.replace(f"/{article.pk}.", f"/{article.pk + 1}."), f"/preview/{other_purpose}/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
        assert "Held back" not in answer.content.decode()


@pytest.mark.parametrize("fate", ["withdrawn", "deleted"])
def test_the_link_to_what_is_taken_back_shows_nothing(client: Client, fate: str) -> None:
    article = make.article("Taken back", status="draft")
    address = link(article)
    if fate == "deleted":
        article.delete()
    else:
        Article.objects.update(status="withdrawn")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "Taken back" not in answer.content.decode()


def test_the_dialog_shows_the_link_and_until_when_it_works(desk: Client, client: Client) -> None:
    make.publication()
    article = make.article("Held back", status="draft")
    with time_machine.travel(make.NOON, tick=False):
        dialog = desk.get(at("review_link", article))
        address = dialog.context["form"]["link"].value()
        assert "Works until Wed, Nov 25, 2026, noon EST." in dialog.content.decode()
        assert "Held back</h1>" in html_of(client.get(address.removeprefix(settings.SITE_URL)))
    assert fresh(article).version == article.version
