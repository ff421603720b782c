from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from news.forms import MOST_BODY, TOO_LONG
from news.models import Article, User
from tests import make
from tests.news.desk import ADD, begun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/news/article/"
EDITOR = ("news.view_article", "news.add_article", "news.change_article", "news.publish_article")


@pytest.fixture
def editor() -> User:
    make.publication()
    return make.user(may=EDITOR)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def page_of(article: Article) -> str:
    return f"{LIST}{article.pk}/change/"


def typed(**fields: Any) -> dict[str, Any]:
    """What the form sends for a whole story, with the fields that the test is about."""
    return {
        "headline": "Lots fill up",
        "dek": "Recon bays are the reason.",
        "body": "<p>Dealers carry more cars.</p>",
        "section": make.section().pk,
        "authors_in_order": [make.author().pk],
        "kind": "story",
        "version": 0,
        **fields,
    }


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_an_editor_publishes_a_new_article_from_its_form(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", typed(_publish=""), follow=True)
    article = Article.objects.get()
    assert (article.slug, article.state) == ("lots-fill-up", "Published")
    assert [author.name for author in article.byline_authors()] == ["Dana Whitfield"]
    assert said(answer) == ['Published. <a href="/news/lots-fill-up/" target="_blank">See it on the site</a>']
    assert desk.get("/news/lots-fill-up/").status_code == 200


def test_what_is_missing_is_said_at_once_and_the_words_are_kept(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", typed(dek="", body="<p></p>", authors_in_order=[], _publish=""), follow=True)
    article = Article.objects.get()
    assert (article.headline, article.state) == ("Lots fill up", "Draft")
    assert said(answer) == [
        "The draft is saved.",
        "Before it can be published, the article needs a dek, a body, an author.",
    ]


def test_an_article_with_a_publish_time_to_come_is_scheduled(desk: Client) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    date, time = f"{tomorrow:%Y-%m-%d}", "12:00:00"
    answer = desk.post(f"{LIST}add/", typed(published_at_0=date, published_at_1=time, _publish=""), follow=True)
    article = Article.objects.get()
    assert article.state == "Scheduled"
    assert article.published_at is not None
    assert article.published_at.astimezone(ZoneInfo("America/New_York")).hour == 12
    assert said(answer)[0].startswith("Scheduled: readers see it from")
    assert "View on site" not in answer.content.decode()


def test_saving_a_draft_publishes_nothing(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", typed(_continue=""), follow=True)
    assert said(answer) == ["The draft is saved."]
    assert Article.objects.get().state == "Draft"


def test_a_headline_used_before_gets_an_address_of_its_own(desk: Client) -> None:
    make.article("Lots fill up")
    make.article("Lots fill up again")
    desk.post(f"{LIST}add/", typed(_continue=""))
    assert Article.objects.filter(slug="lots-fill-up-2").exists()


def test_an_address_that_is_taken_is_refused(desk: Client) -> None:
    make.article("Lots fill up")
    answer = desk.post(f"{LIST}add/", typed(slug="lots-fill-up", _continue=""))
    assert answer.context["adminform"].form.errors == {"slug": ["“Lots fill up” has this address. Choose another one."]}


@pytest.mark.parametrize("name", ["dek", "body", "published_at", "authors_in_order"])
def test_a_live_article_cannot_lose_what_it_needs(desk: Client, name: str) -> None:
    article = make.article()
    fields = typed(published_at_0="2026-01-02", published_at_1="10:00", _continue="")
    gone = {"published_at": {"published_at_0": "", "published_at_1": ""}}.get(name, {name: []})
    answer = desk.post(page_of(article), {**fields, **gone})
    reason = "A published article needs this. Withdraw it first to leave it empty."
    assert answer.context["adminform"].form.errors == {name: [reason]}


def test_a_draft_is_not_updated_before_it_is_published(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", typed(updated_at_0="2026-01-02", updated_at_1="10:00", _publish=""))
    reason = "An article without a publish time has not been updated."
    assert answer.context["adminform"].form.errors == {"updated_at": [reason]}


def test_authors_keep_the_order_in_which_they_were_picked(desk: Client) -> None:
    article = make.article(by=("Dana Whitfield", "Lee Marsh"), status="draft")
    order = [make.author("Lee Marsh").pk, make.author("Kim Roe").pk, make.author("Dana Whitfield").pk]
    desk.post(page_of(article), typed(authors_in_order=order, _continue=""))
    assert [author.name for author in article.byline_authors()] == ["Lee Marsh", "Kim Roe", "Dana Whitfield"]
    page = desk.get(page_of(article)).content.decode()
    assert page.index("selected>Lee Marsh") < page.index("selected>Kim Roe") < page.index("selected>Dana Whitfield")


def test_a_new_article_is_signed_by_who_writes_it(desk: Client, editor: User) -> None:
    make.author("Nora Ellis", user=editor)
    assert "selected>Nora Ellis" in desk.get(f"{LIST}add/").content.decode()


def test_a_body_is_cleaned_before_it_is_checked(desk: Client) -> None:
    desk.post(f"{LIST}add/", typed(body='<p onclick="x()">Kept</p><script>gone()</script>', _publish=""))
    assert Article.objects.get().body == "<p>Kept</p>"


@pytest.mark.parametrize(("step", "state"), [("withdraw", "Withdrawn"), ("back_to_draft", "Draft")])
def test_an_article_is_taken_back_by_post_only(desk: Client, step: str, state: str) -> None:
    article = make.article(published_at=timezone.now() + timedelta(days=1))
    address = f"{LIST}{article.pk}/{step}/"
    assert "Submit" not in desk.get(address).content.decode()
    article.refresh_from_db()
    assert article.state == "Scheduled"
    answer = desk.post(address, {"_form_submitted": "on"})
    article.refresh_from_db()
    assert (article.state, answer.headers["HX-Redirect"]) == (state, page_of(article))


def test_a_step_that_no_longer_fits_changes_nothing(desk: Client) -> None:
    live, draft = make.article("Live"), make.article("Draft", status="draft")
    desk.post(f"{LIST}{live.pk}/back_to_draft/", {"_form_submitted": "on"})
    desk.post(f"{LIST}{draft.pk}/withdraw/", {"_form_submitted": "on"})
    assert list(Article.objects.order_by("slug").values_list("status", flat=True)) == ["draft", "published"]
    assert "That cannot be done: the article is draft by now." in desk.get(page_of(draft)).content.decode()


def test_withdrawing_asks_for_the_token_of_the_form(editor: User) -> None:
    article = make.article()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(f"{LIST}{article.pk}/withdraw/", {"_form_submitted": "on"}).status_code == 403


@pytest.mark.parametrize("may", [(), ("news.view_article",), ("news.view_article", "news.add_article")])
def test_who_may_not_change_articles_cannot_publish_or_take_back(client: Client, may: tuple[str, ...]) -> None:
    make.publication()
    client.force_login(make.user(may=may))
    draft, live = make.article("Draft", status="draft"), make.article("Live")
    answers = [
        client.post(page_of(draft), typed(_publish="")),
        client.post(f"{LIST}add/", typed(_publish="")),
        client.post(f"{LIST}{live.pk}/withdraw/", {"_form_submitted": "on"}),
        client.post(f"{LIST}{live.pk}/back_to_draft/", {"_form_submitted": "on"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    states = Article.objects.order_by("slug").values_list("slug", "status")
    assert list(states) == [("draft", "draft"), ("live", "published")]


def test_who_is_not_staff_is_sent_to_the_login(client: Client) -> None:
    client.force_login(make.user(is_staff=False, may=("news.change_article",)))
    article = make.article()
    answer = client.post(f"{LIST}{article.pk}/withdraw/", {"_form_submitted": "on"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_who_may_only_look_sees_the_article_without_buttons(client: Client) -> None:
    make.publication()
    client.force_login(make.user(may=("news.view_article",)))
    page = client.get(page_of(make.article(by=("Dana Whitfield", "Lee Marsh")))).content.decode()
    assert "Dana Whitfield, Lee Marsh" in page
    assert ("_publish" in page, "Withdraw" in page, "_continue" in page) == (False, False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_for_three(
    desk: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make.article(f"Story {number}", section=make.section(f"Section {number}"), by=(f"A{number}", f"B{number}"))
    desk.get(LIST)
    with django_assert_num_queries(10):
        page = desk.get(LIST).content.decode()
    assert "A0, B0" in page


def test_the_list_is_in_the_zone_of_the_publication(desk: Client) -> None:
    make.article(published_at=datetime(2026, 3, 1, 2, 30, tzinfo=UTC))
    assert "Feb 28, 2026, 9:30 p.m." in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("state", "found"),
    [("draft", ["Draft"]), ("scheduled", ["Later"]), ("published", ["Live"]), ("withdrawn", ["Gone"])],
)
def test_the_list_is_filtered_by_state(desk: Client, state: str, found: list[str]) -> None:
    make.article("Draft", status="draft")
    make.article("Live", published_at=timezone.now() - timedelta(hours=1))
    make.article("Later", published_at=timezone.now() + timedelta(hours=1))
    make.article("Gone", status="withdrawn")
    answer = desk.get(f"{LIST}?state={state}")
    assert [article.headline for article in answer.context["cl"].result_list] == found


def test_the_list_is_searched_by_headline_dek_and_address(desk: Client) -> None:
    make.article("Alpha", dek="Needle in the dek.")
    make.article("Needle in the headline")
    make.article("Gamma", slug="needle-in-the-slug")
    make.article("Delta")
    found = desk.get(f"{LIST}?q=needle").context["cl"].result_list
    assert sorted(article.headline for article in found) == ["Alpha", "Gamma", "Needle in the headline"]


def test_a_draft_is_saved_without_a_section_and_publish_asks_for_it(desk: Client) -> None:
    answer = desk.post(f"{LIST}add/", typed(section="", _publish=""), follow=True)
    assert said(answer) == ["The draft is saved.", "Before it can be published, the article needs a section."]
    assert answer.status_code == desk.get(LIST).status_code == 200


def test_a_live_article_keeps_its_section(desk: Client) -> None:
    article = make.article()
    fields = typed(published_at_0="2026-01-02", published_at_1="10:00", section="", _publish="")
    answer = desk.post(page_of(article), fields)
    reason = "A published article needs this. Withdraw it first to leave it empty."
    assert answer.context["adminform"].form.errors == {"section": [reason]}


def test_a_story_under_embargo_is_scheduled_for_its_end(desk: Client) -> None:
    fields = typed(embargo_until_0="2030-01-02", embargo_until_1="09:30", _publish="")
    answer = desk.post(f"{LIST}add/", fields, follow=True)
    article = Article.objects.get()
    assert article.published_at == datetime(2030, 1, 2, 14, 30, tzinfo=UTC)
    assert said(answer) == ["Scheduled: readers see it from Wed, Jan 2, 2030, 9:30 a.m. EST on."]


def test_the_form_refuses_a_publish_time_under_embargo(desk: Client) -> None:
    times = {"published_at_0": "2030-01-02", "published_at_1": "09:29"}
    embargo = {"embargo_until_0": "2030-01-02", "embargo_until_1": "09:30"}
    reason = "It is under embargo: it cannot be published for an earlier time."
    for article, pressed in ((make.article(status="draft"), "_continue"), (make.article("Live"), "_publish")):
        answer = desk.post(page_of(article), typed(**times, **embargo, **{pressed: ""}))
        assert answer.context["adminform"].form.errors == {"published_at": [reason]}


def test_the_first_save_names_who_began_the_article(desk: Client, editor: User) -> None:
    desk.post(f"{LIST}add/", typed(_continue=""))
    assert Article.objects.get().created_by == editor


KEYS = ("section", "lead_picture", "topics", "companies", "related_picks", "authors_in_order")


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("garbage", ["abc", "\0", "²", "9" * 5000])
def test_what_can_be_no_row_is_refused_and_the_words_are_kept(desk: Client, name: str, garbage: str) -> None:
    answer = desk.post(f"{LIST}add/", typed(**{name: garbage}))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [name]
    assert "Recon bays are the reason." in answer.content.decode()
    assert not Article.objects.exists()
    assert desk.get(f"{LIST}add/", {name: garbage[:99]}).status_code == (400 if garbage == "\0" else 200)


def test_a_body_without_end_is_refused_before_it_is_cleaned_and_kept_in_the_form(desk: Client) -> None:
    body = "<blockquote>" * (MOST_BODY // 12 + 1)
    answer = desk.post(ADD, begun(body=body))
    assert answer.context["adminform"].form.errors == {"body": [TOO_LONG]}
    assert answer.context["adminform"].form["body"].value() == body


@pytest.mark.parametrize("name", ["published_at", "embargo_until", "updated_at"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_time_that_no_zone_can_hold_is_refused(desk: Client, name: str, day: str) -> None:
    answer = desk.post(f"{LIST}add/", typed(**{f"{name}_0": day, f"{name}_1": "23:59"}))
    assert "Write a year from 1900 to 2199." in answer.context["adminform"].form.errors[name]


def test_who_may_only_look_reads_the_body_without_its_tags(client: Client) -> None:
    make.publication()
    client.force_login(make.user(may=("news.view_article",)))
    page = client.get(page_of(make.article(body="<p>Dealers <em>carry</em> more.</p>"))).content.decode()
    assert "<p>Dealers <em>carry</em> more.</p>" in page
    assert "&lt;p&gt;" not in page
