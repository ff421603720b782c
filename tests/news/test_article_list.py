"""The list of articles: found by whose and what, marked, and changed many at a time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from news.admin.article_bulk import MOST, TOO_MANY
from news.models import Article, Revision, User
from news.models.revision import payload_of
from news.roles import REPORTER
from tests import make
from tests.news.desk import an_editor, at_the_desk, fresh, said, summaries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/news/article/"


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


def a_reporter() -> tuple[Client, User]:
    return at_the_desk(REPORTER, "kim@example.com")


def keep_changes(article: Article) -> None:
    Revision.objects.record(article, None, "Kept.", {**payload_of(article), "dek": "New."}, is_pending=True)


def found(client: Client, query: str) -> list[str]:
    return sorted(article.headline for article in client.get(f"{LIST}?{query}").context["cl"].result_list)


def bulk(client: Client, action: str, *articles: Article, **fields: Any) -> Any:
    ticked = {"action": f"bulk_{action}", "_selected_action": [article.pk for article in articles], "apply": "1"}
    return client.post(LIST, {**ticked, **fields}, follow=True)


# Finding


def test_mine_is_what_the_user_has_begun_or_signs() -> None:
    make.publication()
    client, user = a_reporter()
    make.author("Kim Roe", user=user)
    make.article("Begun", created_by=user)
    make.article("Signed", by=("Lee Marsh", "Kim Roe"))
    make.article("Of others")
    assert found(client, "whose=mine") == ["Begun", "Signed"]


def test_a_draft_over_a_live_article_is_marked_and_found(desk: Client) -> None:
    keep_changes(make.article("With changes"))
    make.article("Without")
    assert found(desk, "changes=waiting") == ["With changes"]
    rows = {row.headline: row.has_changes for row in desk.get(LIST).context["cl"].result_list}
    assert rows == {"With changes": True, "Without": False}
    assert len(re.findall(r">\s*Waiting\s*<", desk.get(LIST).content.decode())) == 1


def test_an_article_is_found_once_by_its_author(desk: Client) -> None:
    make.article("Theirs", by=("Dana Whitfield", "Dana Whitlock"))
    make.article("Of others", by=("Lee Marsh",))
    assert found(desk, "q=whit") == ["Theirs"]
    assert found(desk, f"authors__id__exact={make.author('Lee Marsh').pk}") == ["Of others"]


# Many at a time


def test_the_page_asks_first_and_names_what_was_ticked(desk: Client) -> None:
    article = make.article("Live")
    ticked = {"action": "bulk_withdraw", "_selected_action": [article.pk]}
    page = desk.post(LIST, ticked).content.decode()
    assert ("Withdraw: 1 article" in page, "Live · Published" in page) == (True, True)
    assert fresh(article).status == "published"


def test_articles_are_withdrawn_and_each_refusal_says_why(desk: Client) -> None:
    live, draft = make.article("Live"), make.article("Draft", status="draft")
    answer = bulk(desk, "withdraw", live, draft)
    assert said(answer) == [
        "“Draft”: That cannot be done: the article is draft by now.",
        "Withdrawn: 1 article.",
    ]
    assert (fresh(live).status, fresh(draft).status) == ("withdrawn", "draft")
    assert summaries(live) == [("Nora Ellis", "The article is withdrawn.")]


def test_what_is_in_review_and_scheduled_becomes_a_draft_again(desk: Client) -> None:
    waiting = make.article("Waiting", status="in_review")
    later = make.article("Later", published_at=timezone.now() + timedelta(days=1))
    live = make.article("Live")
    answer = bulk(desk, "back_to_draft", waiting, later, live)
    assert said(answer)[-1] == "Drafts again: 2 articles."
    assert [fresh(one).status for one in (waiting, later, live)] == ["draft", "draft", "published"]


def test_articles_are_filed_in_a_section_each_with_its_revision(desk: Client) -> None:
    articles = [make.article(f"Story {number}") for number in range(3)]
    electric = make.section("Electric")
    keep_changes(articles[2])
    answer = bulk(desk, "section", *articles, chosen_row=electric.pk)
    assert said(answer) == [
        "“Story 2”: Changes of it wait to be published. Publish or discard them first.",
        "Filed: 2 articles.",
    ]
    assert [fresh(one).section.name for one in articles] == ["Electric", "Electric", "Retail"]
    assert [summary for _, summary in summaries(articles[0])] == ["As it was before.", "Changed: Section."]
    first = articles[0].revisions.last()
    assert first is not None
    assert first.payload["section"] == make.section("Retail").pk


def test_a_topic_is_added_to_those_that_are_there(desk: Client) -> None:
    auctions, leases = make.topic("Auctions"), make.topic("Leases")
    article, has_it = make.article("One", topics=[auctions]), make.article("Two", topics=[leases])
    bulk(desk, "topic", article, has_it, chosen_row=leases.pk)
    assert set(article.topics.all()) == {auctions, leases}
    assert has_it.revisions.count() == 0  # Nothing has changed there.


def test_without_a_choice_nothing_happens(desk: Client) -> None:
    article = make.article()
    answer = bulk(desk, "section", article)
    assert answer.context["form"].errors == {"chosen_row": ["This field is required."]}
    assert article.revisions.count() == 0


def test_a_reporter_changes_many_only_of_the_own_drafts() -> None:
    make.publication()
    client, user = a_reporter()
    topic = make.topic()
    own, other = make.article("Own", status="draft", created_by=user), make.article("Other", status="draft")
    live = make.article("Live", created_by=user)
    answer = bulk(client, "topic", own, other, live, chosen_row=topic.pk)
    assert said(answer) == ["“Other”: You may not do this.", "“Live”: You may not do this.", "Filed: 1 article."]
    bulk(client, "withdraw", live)
    assert [one.topics.count() for one in (own, other, live)] == [1, 0, 0]
    assert fresh(live).status == "published"


def test_who_may_only_look_has_no_bulk_actions() -> None:
    make.publication()
    client = Client()
    client.force_login(make.user(may=("news.view_article",)))
    article = make.article()
    bulk(client, "withdraw", article)
    assert fresh(article).status == "published"
    assert "bulk_withdraw" not in client.get(LIST).content.decode()


def test_more_than_a_hundred_at_a_time_are_refused(desk: Client) -> None:
    rows = [Article(headline=f"S{number}", slug=f"s{number}") for number in range(MOST + 1)]
    articles = Article.objects.bulk_create(rows)
    assert said(bulk(desk, "back_to_draft", *articles)) == [TOO_MANY]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_step_for_many_costs_nothing_for_those_that_were_not_ticked(
    desk: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticked = make.article("Ticked", status="in_review")
    for number in range(rows):
        make.article(f"Story {number}")
    fields = {"action": "bulk_back_to_draft", "_selected_action": [ticked.pk], "apply": "1"}
    desk.get(LIST)
    with django_assert_num_queries(21):
        desk.post(LIST, fields)
