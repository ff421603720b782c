"""Addresses are kept for ever: what a changed slug leaves behind, and what stands where an article was withdrawn."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from news.models import Article, FormerSlug
from tests import make
from tests.news.desk import ADD, an_editor, at, begun, fresh, save, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ELSEWHERE = "Write a path of this site, such as /topics/auctions/, or a whole address that begins with https://."


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor()[0]


def publish_as(desk: Client, article: Article, slug: str) -> Any:
    return save(desk, fresh(article), slug=slug, _publish="")


def answer_at(slug: str) -> tuple[int, str]:
    answer = Client().get(f"/news/{slug}/")
    return answer.status_code, answer.headers.get("Location", "")


def former() -> list[tuple[str, str]]:
    return list(FormerSlug.objects.values_list("slug", "article__slug"))


# A changed slug


def test_the_old_address_leads_to_the_new_one_for_good(desk: Client) -> None:
    article = make.article(slug="first")
    publish_as(desk, article, "second")
    answer = Client().get("/news/first/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/news/second/")
    assert answer.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=60")
    publish_as(desk, article, "third")
    assert (answer_at("first"), answer_at("second")) == ((301, "/news/third/"), (301, "/news/third/"))


def test_a_draft_over_a_live_article_moves_it_when_it_is_published(desk: Client) -> None:
    article = make.article(slug="first")
    save(desk, article, slug="second")
    assert (answer_at("first")[0], answer_at("second")[0], former()) == (200, 404, [])
    publish_as(desk, article, "second")
    assert answer_at("first") == (301, "/news/second/")


def test_an_article_gets_its_old_address_back(desk: Client) -> None:
    article = make.article(slug="first")
    publish_as(desk, article, "second")
    publish_as(desk, article, "first")
    assert (answer_at("first")[0], answer_at("second")) == (200, (301, "/news/first/"))
    assert former() == [("second", "first")]


@pytest.mark.parametrize("published_at", [None, timezone.now() + timedelta(days=1)])
def test_an_address_that_nobody_has_seen_is_free_again(desk: Client, published_at: Any) -> None:
    article = make.article(slug="first", status="draft", published_at=published_at)
    save(desk, article, slug="second")
    assert (fresh(article).slug, former()) == ("second", [])


def test_the_publish_time_counts_that_the_article_had_before_the_save(desk: Client) -> None:
    article = make.article(slug="first")
    save(desk, article, slug="second", published_at_0="2099-01-01", _publish="")
    assert former() == [("first", "second")]
    assert answer_at("first")[0] == 404  # It is not live for now.


def test_a_restored_version_keeps_the_address(desk: Client) -> None:
    article = make.article(slug="first")
    publish_as(desk, article, "second")
    desk.post(at("restore", article, article.revisions.last().pk))
    assert (fresh(article).slug, former()) == ("second", [("first", "second")])


def test_no_other_article_takes_an_address_that_readers_know(desk: Client) -> None:
    article = make.article("Lots fill up", slug="lots-fill-up")
    publish_as(desk, article, "lots-are-full")
    answer = desk.post(ADD, begun(headline="Lots fill up"))
    assert answer.status_code == 302
    other = Article.objects.latest("pk")
    assert other.slug == "lots-fill-up-2"
    refused = save(desk, other, slug="lots-fill-up")
    why = "Readers know “Lots fill up” by this address, and are sent on to it. Choose another one."
    assert refused.context["adminform"].form.errors["slug"] == [why]
    assert answer_at("lots-fill-up") == (301, "/news/lots-are-full/")


# What is withdrawn


def withdraw(desk: Client, article: Article, to: str = "") -> Any:
    return desk.post(at("withdraw", article), {"_form_submitted": "on", "withdrawn_to": to})


def problem(answer: Any) -> list[str]:
    return list(answer.context["form"].errors.get("withdrawn_to", []))


def test_a_withdrawn_article_is_gone_and_the_page_offers_the_latest(desk: Client) -> None:
    article = make.article("Withdrawn for a reason", slug="first")
    publish_as(desk, article, "second")
    make.article("Still here")
    withdraw(desk, article)
    for slug in ("first", "second"):
        answer = Client().get(f"/news/{slug}/")
        html = answer.content.decode()
        assert answer.status_code == 410
        assert "This article has been withdrawn</h1>" in html
        assert '<meta name="robots" content="noindex">' in html
        assert ("Still here" in html, "Withdrawn for a reason" in html) == (True, False)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("/news/other/", "/news/other/"),
        ("/latest/?before=x#top", "/latest/?before=x#top"),
        (f"{settings.SITE_URL}/news/other/", "/news/other/"),
        (settings.SITE_URL, "/"),
        (f"{settings.SITE_URL}.evil.example/", ""),
        ("https://example.com/their-story?a=b", "https://example.com/their-story?a=b"),
    ],
)
def test_its_readers_are_sent_where_the_editor_says(desk: Client, typed: str, stored: str) -> None:
    make.article(slug="other")
    article = make.article(slug="first")
    answer = withdraw(desk, article, typed)
    if not stored:
        assert problem(answer) == [ELSEWHERE]
        return
    assert fresh(article).withdrawn_to == stored
    assert article.revisions.get().summary == f"The article is withdrawn. Its readers are sent to {stored}."
    assert f"Readers are sent to {stored}" in unescape(text_of(desk.get(at("change", article))))
    assert answer_at("first") == (301, stored)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("//evil.example/", ELSEWHERE),
        ("/\\evil.example/", ELSEWHERE),
        ("/ /evil.example", ELSEWHERE),
        ("javascript:alert(1)", ELSEWHERE),
        ("http://example.com/", ELSEWHERE),
        ("https://", ELSEWHERE),
        ("example.com", ELSEWHERE),
        ("/nowhere/", "There is no such page on this site. Its address ends with a slash."),
        ("/news/first", "There is no such page on this site. Its address ends with a slash."),
        ("/news/first/", "This is the address of the article itself."),
        ("/news/f%69rst/?a=b", "This is the address of the article itself."),
        ("/news/formerly/", "Readers do not see an article at this address."),
        ("/news/draft/", "Readers do not see an article at this address."),
    ],
)
def test_a_wrong_address_is_refused_in_words(desk: Client, typed: str, why: str) -> None:
    make.article(slug="draft", status="draft")
    article = make.article(slug="first")
    article.former_slugs.create(slug="formerly")
    assert problem(withdraw(desk, article, typed)) == [why]
    assert fresh(article).is_live


def test_publishing_it_again_ends_the_redirect(desk: Client) -> None:
    article = make.article(slug="first")
    withdraw(desk, article, "/latest/")
    fresh(article).publish()
    assert (answer_at("first")[0], fresh(article).withdrawn_to) == (200, "")


def test_what_readers_never_saw_is_not_found(desk: Client) -> None:
    later = timezone.now() + timedelta(days=1)
    article = make.article(slug="first", published_at=later)
    withdraw(desk, article)
    with time_machine.travel(later + timedelta(days=1)):
        assert answer_at("first")[0] == 404


def test_the_dialog_asks_where_to(desk: Client) -> None:
    article = make.article()
    assert "Send its readers to" in text_of(desk.get(at("withdraw", article)))
