"""Saves that meet another save, and work that was never saved."""

from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from news.models import Article, UnsavedWork
from tests import make
from tests.news.desk import ADD, OVERTAKEN, an_editor, at, begun, fresh, save, text_of, typed

NEW_AUTOSAVE = "/admin/news/article/autosave/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


# Two who write at once


def test_a_save_over_a_newer_save_is_refused_and_shows_both(desk: Client) -> None:
    article = make.article(status="draft", body="<p>One two three.</p>")
    mine = typed(article, body="<p>One two four.</p>", dek="Mine.")
    other = an_editor("lee@example.com", first_name="Lee", last_name="Marsh")[0]
    save(other, article, headline="Their headline", body="<p>One five three.</p>")
    answer = desk.post(at("change", article), mine)
    form = answer.context["adminform"].form
    assert form.non_field_errors() == [OVERTAKEN]
    page = text_of(answer)
    assert "Lee Marsh saved this article at" in page
    assert "One <del>five three.</del><ins>two four.</ins>" in page
    assert "One two four." in form["body"].value()
    assert fresh(article).headline == "Their headline"


def test_a_second_deliberate_save_overwrites(desk: Client) -> None:
    article = make.article(status="draft")
    mine = typed(article, dek="Mine.")
    save(desk, article, dek="Theirs.")
    refused = desk.post(at("change", article), mine)
    version = refused.context["adminform"].form["version"].value()
    desk.post(at("change", article), {**mine, "version": version})
    assert fresh(article).dek == "Mine."
    assert "Theirs." in [row.payload["dek"] for row in article.revisions.all()]


def test_what_only_they_have_touched_is_kept_unless_said_otherwise(desk: Client) -> None:
    article = make.article(status="draft", topics=[make.topic()], published_at=make.NOON)
    save(desk, article, sponsor="Acme")  # A revision to compare with.
    article = fresh(article)
    mine = typed(article, dek="Mine.", sponsor="Acme")
    theirs = {"headline": "Theirs", "topics": [], "published_at_0": "2026-12-01", "dek": "Their dek."}
    save(desk, article, sponsor="Acme", **theirs, authors_in_order=[make.author("Lee Marsh").pk])
    refused = desk.post(at("change", article), mine)
    ticked = {change.name for change, is_untouched in refused.context["collisions"] if is_untouched}
    assert ticked == {"headline", "topics", "published_at", "authors"}
    version = refused.context["adminform"].form["version"].value()
    desk.post(at("change", article), {**mine, "version": version, "keep_theirs": [*ticked, "no such field"]})
    merged = fresh(article)
    assert (merged.headline, merged.dek, merged.topics.count()) == ("Theirs", "Mine.", 0)
    assert merged.published_at == datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    assert [author.name for author in merged.byline_authors()] == ["Lee Marsh"]


def test_a_step_meanwhile_is_a_newer_version_too(desk: Client) -> None:
    article = make.article(status="draft")
    mine = typed(article, dek="Mine.")
    fresh(article).publish()
    answer = desk.post(at("change", article), mine)
    assert "Somebody saved this article; it is published now" in text_of(answer)
    assert fresh(article).dek != "Mine."


def test_a_form_without_its_version_overwrites_nothing(desk: Client) -> None:
    article = make.article(status="draft")
    answer = desk.post(at("change", article), typed(article, dek="Mine.", version=""))
    assert answer.context["adminform"].form.non_field_errors() == [OVERTAKEN]


def test_of_two_who_have_the_same_version_one_may_change_it() -> None:
    article = make.article(status="draft")
    mine, theirs = fresh(article), fresh(article)
    assert (theirs.claim(), mine.claim()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_a_save_that_comes_between_our_look_and_our_save_is_shown_too(desk: Client) -> None:
    """The other one's save goes in over another connection, just before ours claims the version."""
    article = make.article(status="draft")
    others = []

    def save_theirs() -> None:
        Article.objects.filter(pk=article.pk).update(dek="Theirs.", version=F("version") + 1)
        connection.close()

    def race(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "news_article" SET "version"') and not others:
            others.append(Thread(target=save_theirs))
            others[0].start()
            others[0].join()
        return execute(sql, *rest)

    with connection.execute_wrapper(race):
        answer = desk.post(at("change", article), typed(article, dek="Mine."))
    assert answer.context["adminform"].form.non_field_errors() == [OVERTAKEN]
    assert fresh(article).dek == "Theirs."


# What was typed and not saved


def test_what_was_typed_is_offered_when_the_form_is_opened_again(desk: Client) -> None:
    article = make.article("Saved", status="draft")
    fields = typed(article, headline="Typed", body="<p>Typed body.</p>", topics=[make.topic().pk])
    assert desk.post(at("autosave", article), fields).status_code == 204
    assert (fresh(article).headline, article.revisions.count()) == ("Saved", 0)
    page = desk.get(at("change", article))
    assert "Restore what was not saved" in text_of(page)
    assert page.context["adminform"].form["headline"].value() == "Saved"
    restored = desk.get(at("change", article), {"unsaved": ""})
    form = restored.context["adminform"].form
    assert (form["headline"].value(), form["body"].value()) == ("Typed", "<p>Typed body.</p>")
    assert f'value="{make.topic().pk}" selected' in text_of(restored)
    assert form["published_at"].value() == ["2026-11-18", "12:00:00"]


def test_what_was_typed_into_a_new_article_is_kept_by_user(desk: Client) -> None:
    desk.post(NEW_AUTOSAVE, begun(headline="Typed"))
    desk.post(NEW_AUTOSAVE, begun(headline="Typed more"))
    other = an_editor("lee@example.com")[0]
    assert "Restore what was not saved" not in text_of(other.get(ADD))
    assert "Restore what was not saved" in text_of(desk.get(ADD))
    form = desk.get(ADD, {"unsaved": ""}).context["adminform"].form
    assert form["headline"].value() == "Typed more"
    desk.post(ADD, begun(headline="Typed more"))
    assert not UnsavedWork.objects.exists()


@pytest.mark.parametrize("is_saved", [True, False])
def test_what_was_typed_is_forgotten_when_it_is_saved_or_thrown_away(desk: Client, is_saved: bool) -> None:
    article = make.article(status="draft")
    desk.post(at("autosave", article), typed(article, dek="Typed."))
    assert UnsavedWork.objects.count() == 1
    if is_saved:
        save(desk, article, dek="Typed.")
    else:
        desk.post(at("autosave", article), {"discard": ""})
    assert UnsavedWork.objects.count() == 0


def test_an_autosave_that_the_users_own_save_has_overtaken_is_dropped(desk: Client) -> None:
    article = make.article(status="draft")
    late = typed(article, dek="Typed.")
    save(desk, article, dek="Typed and saved.")
    desk.post(at("autosave", article), late)
    assert not UnsavedWork.objects.exists()


def test_what_was_typed_before_somebody_elses_save_is_compared_when_it_is_saved(desk: Client) -> None:
    article = make.article(status="draft")
    desk.post(at("autosave", article), typed(article, dek="Typed."))
    save(an_editor("lee@example.com")[0], article, dek="Theirs.")
    form = desk.get(at("change", article), {"unsaved": ""}).context["adminform"].form
    answer = desk.post(at("change", article), typed(article, dek="Typed.", version=form["version"].value()))
    assert answer.context["adminform"].form.non_field_errors() == [OVERTAKEN]


def test_an_autosave_keeps_whatever_is_sent_but_nul_which_json_in_postgres_cannot_hold(desk: Client) -> None:
    assert desk.post(NEW_AUTOSAVE, {"headline": "Lots\0 fill", "topics": "abc"}).status_code == 204
    assert UnsavedWork.objects.get().fields == {"headline": ["Lots fill"], "topics": ["abc"]}
    assert desk.get(f"{ADD}?unsaved").status_code == 200


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 30, "²", "-1"])
def test_a_version_that_cannot_be_is_an_older_one(desk: Client, version: str) -> None:
    article = make.article()
    fields = typed(article, version=version, seen_version=version)
    assert desk.post(at("autosave", article), fields).status_code == 204
    assert desk.post(at("change", article), fields).status_code == 200
    assert desk.post(at("change", article), {**fields, "version": "77"}).status_code == 200
