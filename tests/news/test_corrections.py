"""Corrections: made in a moment at a live article, dated, and shown to its readers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from news.models import Article, Correction
from tests import make
from tests.news.desk import an_editor, at, fresh, said, save, summaries, text_of, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


def correct(desk: Client, article: Article, text: str, **fields: Any) -> Any:
    return desk.post(at("correct", article), {"_form_submitted": "on", "text": text, **fields})


def page_of(correction: Correction, verb: str = "change") -> str:
    return f"/admin/news/correction/{correction.pk}/{verb}/"


def test_a_correction_stands_under_the_article_with_its_date(desk: Client) -> None:
    make.newsletter()
    article = make.article()
    with time_machine.travel(make.NOON + timedelta(days=4), tick=False):
        answer = correct(desk, article, "It was 12 stores <not 21>.")
        assert answer.headers["HX-Redirect"] == at("change", article)
        response = Client().get(article.get_absolute_url())
    html = text_of(response)
    assert '<a href="#corrections">Corrected Nov. 22, 2026</a>' in html
    assert "Nov. 22, 2026</time> It was 12 stores &lt;not 21&gt;.</p>" in html
    assert html.index("</p> </div>") < html.index('id="corrections"') < html.index('action="/newsletter/')
    assert response.context["corrections"] == [
        {"text": "It was 12 stores <not 21>.", "made_at": make.NOON + timedelta(days=4)}
    ]


def test_an_article_without_corrections_does_not_speak_of_them() -> None:
    assert "orrect" not in text_of(Client().get(make.article().get_absolute_url()))


def test_corrections_take_no_query_of_their_own(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article = make.newsroom()
    for text in ("It was 12.", "It was 13."):
        article.correct(text, make.user(f"{text[-3:]}@example.com"))
    with django_assert_num_queries(8):
        html = text_of(Client().get(article.get_absolute_url()))
    assert html.index("It was 13.") < html.index("It was 12.")


def test_it_is_in_the_history_and_leaves_what_others_type_alone(desk: Client) -> None:
    article = make.article()
    save(desk, article, dek="Over it.")
    before = fresh(article)
    correct(desk, article, "It was 12.")
    assert summaries(article)[-1] == ("Nora Ellis", "Correction added: “It was 12.”")
    after = fresh(article)
    assert (after.version, after.dek, after.updated_at) == (before.version, before.dek, None)
    assert after.saved_at > before.saved_at
    assert article.revisions.filter(is_pending=True).count() == 1
    assert Correction.objects.get().made_by.email == "nora@example.com"


def test_two_who_write_at_once_are_told_apart_with_a_correction_between(desk: Client) -> None:
    article = make.article()
    save(desk, article, dek="Over it.")
    mine = typed(fresh(article), dek="Over it.", headline="Mine")
    correct(desk, article, "It was 12.")
    other = an_editor("lee@example.com")[0]
    save(other, article, dek="Theirs over it.")
    collisions = desk.post(at("change", article), mine).context["collisions"]
    assert {change.name: is_untouched for change, is_untouched in collisions} == {"headline": False, "dek": True}


def test_it_may_mark_the_article_as_updated(desk: Client) -> None:
    article = make.article()
    correct(desk, article, "It was 12.", marks_update="on")
    after = fresh(article)
    assert after.updated_at is not None
    assert timezone.now() - after.updated_at < timedelta(minutes=1)
    assert after.version == article.version + 1  # A form that is open has another updated time.


def test_an_empty_correction_is_refused(desk: Client) -> None:
    answer = correct(desk, make.article(), "  ")
    assert answer.context["form"].errors["text"] == ["This field is required."]
    assert not Correction.objects.exists()


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "withdrawn"])
def test_only_what_readers_see_is_corrected(desk: Client, state: str) -> None:
    later = {"published_at": timezone.now() + timedelta(days=1)} if state == "scheduled" else {}
    article = make.article(status="published" if later else state, **later)
    assert "Add correction" not in text_of(desk.get(at("change", article)))
    correct(desk, article, "It was 12.")
    assert not Correction.objects.exists()
    assert said(desk.get(at("change", article))) == ["Only an article that readers see can be corrected."]


def test_a_correction_is_changed_and_taken_back_by_its_own_page(desk: Client) -> None:
    article = make.article()
    correct(desk, article, "It was 21.")
    correction = Correction.objects.get()
    assert page_of(correction) in text_of(desk.get(at("change", article)))
    fields = {"text": "It was 12.", "made_at_0": "2026-11-20", "made_at_1": "09:00:00"}
    answer = desk.post(page_of(correction), fields)
    assert answer.headers["Location"] == at("change", article)
    assert "Nov. 20, 2026</time> It was 12." in text_of(Client().get(article.get_absolute_url()))
    answer = desk.post(page_of(correction, "delete"), {"post": "yes"})
    assert answer.headers["Location"] == at("change", article)
    assert "Corrections" not in text_of(Client().get(article.get_absolute_url()))
    assert [words for _, words in summaries(article)] == [
        "Correction added: “It was 21.”",
        "Correction changed: “It was 12.”",
        "Correction deleted: “It was 12.”",
    ]
