from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.models import Article
from tests import make

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


def draft(**fields) -> Article:
    return make.article(**{"status": "draft", "published_at": None, **fields})


def refusals(step, *args) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        step(*args)
    return refused.value.messages


def status_of(article: Article) -> str:
    return Article.objects.values_list("status", flat=True).get(pk=article.pk)


def test_a_story_goes_from_draft_to_review_to_readers_and_away_again():
    article = draft()
    seen = []
    for step in (article.hand_in, article.publish, article.withdraw, article.back_to_draft):
        step()
        seen.append((status_of(article), Article.objects.published().exists()))
    assert seen == [("in_review", False), ("published", True), ("withdrawn", False), ("draft", False)]


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("draft", {"hand_in", "publish"}),
        ("in_review", {"back_to_draft", "publish"}),
        ("scheduled", {"back_to_draft", "withdraw"}),
        ("published", {"withdraw"}),
        ("withdrawn", {"back_to_draft", "publish"}),
    ],
)
def test_a_step_is_taken_from_its_own_states_only(state: str, steps: set[str]):
    status, when = ("published", timezone.now() + SOON) if state == "scheduled" else (state, make.NOON)
    article = make.article(status=status, published_at=when)
    for step in ("hand_in", "publish", "withdraw", "back_to_draft"):
        fresh = Article.objects.get(pk=article.pk)
        if step in steps:
            with transaction.atomic():
                getattr(fresh, step)()
                transaction.set_rollback(True)
        else:
            said = refusals(getattr(fresh, step))
            assert said == [f"That cannot be done: the article is {state.replace('_', ' ')} by now."]
            assert status_of(article) == status


def test_of_two_who_publish_and_send_back_at_once_the_second_is_told():
    article = draft(status="in_review")
    mine, theirs = (Article.objects.get(pk=article.pk) for _ in range(2))
    theirs.back_to_draft()
    theirs.hand_in()
    assert refusals(mine.publish) == ["Somebody has changed the article meanwhile. Look at it again."]
    assert status_of(article) == "in_review"
    mine.publish()  # It has been looked at again.
    theirs_now = refusals(theirs.back_to_draft)
    assert theirs_now == ["That cannot be done: the article is published by now."]


def test_publish_says_everything_that_is_missing():
    body = '<p>Words.</p><figure><img src="https://example.com/a.jpg" alt=""></figure>'
    assert refusals(draft(dek="", section=None, by=(), body=body).publish) == [
        "Before it can be published, the article needs a dek, a section, an author, "
        "alt text for each picture in the body."
    ]
    assert refusals(draft(slug="b", body="").publish) == ["Before it can be published, the article needs a body."]


def test_a_picture_of_ours_in_the_body_has_its_own_alt_text():
    picture = make.picture()
    draft(body=f'<p>Words.</p><figure><img src="{picture.master.url}" alt=""></figure>').publish()
    unknown = "/media/pictures/masters/ab/abababababababababababababababab.jpg"
    assert refusals(draft(slug="b", body=f'<p>Words.</p><img src="{unknown}">').publish) == [
        "Before it can be published, the article needs alt text for each picture in the body."
    ]


def test_a_published_article_without_a_section_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="article_published_whole"), transaction.atomic():
        make.article(section=None)


def test_publishing_for_a_time_to_come_schedules_to_the_second():
    article = draft()
    due = timezone.now() + SOON
    article.publish(due)
    assert article.state == "Scheduled"
    for moment, is_there in ((due - timedelta(seconds=1), False), (due, True)):
        with time_machine.travel(moment, tick=False):
            assert Article.objects.published().exists() is is_there


def test_an_article_under_embargo_is_published_at_its_end_by_default():
    until = timezone.now() + SOON
    article = draft(embargo_until=until)
    article.publish()
    assert (article.state, article.published_at) == ("Scheduled", until)


def test_an_embargo_that_is_over_holds_nothing_back():
    article = draft(embargo_until=timezone.now() - SOON)
    article.publish()
    assert article.state == "Published"


@pytest.mark.parametrize("how", ["at", "publish time"])
def test_no_publish_step_breaks_an_embargo(how: str):
    until = datetime.fromisoformat("2030-01-01T17:00:00+00:00")
    article = draft(embargo_until=until, published_at=timezone.now() if how == "publish time" else None)
    with timezone.override("America/New_York"):
        said = refusals(article.publish, timezone.now() if how == "at" else None)
    assert said == ["It is under embargo until Tue, Jan 1, 2030, noon EST and cannot be published for an earlier time."]
    assert status_of(article) == "draft"


def test_the_database_holds_an_embargo_against_every_other_path():
    until = timezone.now() + SOON
    article = draft(embargo_until=until)
    scheduled = make.article(slug="scheduled", embargo_until=until, published_at=until)
    breaches = [
        lambda: Article.objects.filter(pk=article.pk).update(status="published", published_at=timezone.now()),
        lambda: Article.objects.filter(pk=scheduled.pk).update(published_at=until - timedelta(seconds=1)),
        lambda: make.article(slug="new", embargo_until=until),
        lambda: Article.objects.bulk_create(
            [Article(headline="Bulk", slug="bulk", section=make.section(), dek="Dek.", body="<p>Body.</p>",
                     status="published", published_at=make.NOON, embargo_until=until)]
        ),
    ]  # fmt: skip
    for breach in breaches:
        with pytest.raises(IntegrityError, match="article_embargo_held"), transaction.atomic():
            breach()


def test_full_clean_says_what_an_embargo_holds_back():
    article = draft(embargo_until=timezone.now() + SOON)
    article.status, article.published_at = "published", timezone.now()
    assert refusals(article.full_clean) == ["It is under embargo: it cannot be published for an earlier time."]


def test_what_is_published_anew_is_not_updated_before():
    article = make.article(updated_at=make.NOON + SOON)
    article.withdraw()
    article.publish(timezone.now())
    assert (article.state, article.updated_at) == ("Published", None)
