"""What stands under Related: what the desk has picked, then what is alike."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.http import urlencode

from news.article_page import RELATED
from news.models import Article
from tests import make
from tests.news.desk import an_editor, at, fresh, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon() -> Any:
    with time_machine.travel(make.NOON + HOUR, tick=False):
        yield


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor()[0]


def far(headline: str, hours: int = 0, **fields: Any) -> Article:
    """A story that shares nothing with the others."""
    times = {"published_at": make.NOON - hours * HOUR}
    return make.article(headline, section=make.section("Finance"), **{**times, **fields})


def related(client: Client, article: Article) -> list[str]:
    return [str(story) for story in client.get(article.get_absolute_url()).context["related"]]


def test_what_the_desk_has_picked_comes_first_the_newest_first(client: Client) -> None:
    tesla = make.company("Tesla")
    article = make.article("The story", companies=[tesla])
    for number in range(RELATED):
        make.article(f"Alike {number}", companies=[tesla])
    article.related_picks.set([far("Old pick", 5), far("New pick", 1)])
    assert related(client, article) == ["New pick", "Old pick", "Alike 3", "Alike 2"]


def test_a_pick_that_is_alike_too_stands_once_and_by_its_time(client: Client) -> None:
    tesla = make.company("Tesla")
    article = make.article("The story", companies=[tesla])
    alike = make.article("Alike and picked", companies=[tesla], published_at=make.NOON - 9 * HOUR)
    article.related_picks.set([alike, far("Picked", 1)])
    assert related(client, article) == ["Picked", "Alike and picked"]


def test_a_pick_is_shown_only_while_readers_may_see_it(client: Client) -> None:
    article, draft, withdrawn = make.article("The story"), far("Draft", status="draft"), far("Withdrawn")
    tonight = far("Tonight", published_at=make.NOON + 2 * HOUR)
    article.related_picks.set([draft, withdrawn, tonight])
    withdrawn.withdraw()
    assert related(client, article) == []
    with time_machine.travel(make.NOON + 2 * HOUR, tick=False):
        assert related(client, article) == ["Tonight"]


def test_latest_repeats_no_pick_and_an_article_is_never_its_own(client: Client) -> None:
    article, picked = make.article("The story"), far("Picked")
    article.related_picks.set([article, picked])
    context = client.get(article.get_absolute_url()).context
    assert list(context["related"]) == [picked]
    assert list(context["latest"]) == []


def test_picks_cost_no_query(client: Client, django_assert_num_queries: Any) -> None:
    article = make.newsroom()
    article.related_picks.set([far(f"Picked {number}") for number in range(3)])
    with django_assert_num_queries(8):
        assert len(related(client, article)) == RELATED


# The form


def test_the_form_keeps_the_picks_and_a_revision_of_them(desk: Client) -> None:
    article, first, second = make.article("The story", status="draft"), far("First"), far("Second")
    save(desk, article, related_picks=[first.pk, second.pk])
    assert set(article.related_picks.all()) == {first, second}
    save(desk, article, related_picks=[second.pk])
    assert list(article.related_picks.all()) == [second]
    newest, before, *_ = article.revisions.all()
    assert newest.summary == "Changed: Related articles."
    assert (newest.payload["related_picks"], before.payload["related_picks"]) == ([second.pk], [first.pk, second.pk])
    desk.post(at("restore", article, before.pk))
    assert set(fresh(article).related_picks.all()) == {first, second}


def test_the_form_does_not_offer_the_article_itself(desk: Client) -> None:
    article, other = make.article("Tesla one", status="draft"), far("Tesla two")
    form = desk.get(at("change", article)).context["adminform"].form
    address = form["related_picks"].field.widget.get_url()
    asked = {"app_label": "news", "model_name": "article", "field_name": "related_picks", "term": "tesla"}
    offered = desk.get(f"{address}&{urlencode(asked)}").json()["results"]
    assert offered == [{"id": str(other.pk), "text": "Tesla two"}]
    answer = save(desk, article, related_picks=[article.pk])
    reason = f"Select a valid choice. {article.pk} is not one of the available choices."
    assert answer.context["adminform"].form.errors == {"related_picks": [reason]}


def test_picks_that_are_chosen_are_shown_in_the_form(desk: Client) -> None:
    article, other = make.article("The story", status="draft"), far("Picked")
    article.related_picks.set([other])
    page = desk.get(at("change", article)).content.decode()
    assert f'<option value="{other.pk}" selected>Picked</option>' in page
