"""What a save of an article costs, and that few statements store all that was typed."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from news.models import Article, FormerSlug, Revision, UnsavedWork
from news.roles import EDITOR, REPORTER
from tests import make
from tests.news.desk import OVERTAKEN, an_editor, at, at_the_desk, fresh, save, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


def busy_article(**fields: Any) -> Article:
    """With ten revisions, work that was not saved, and rows of every kind."""
    article = make.article(
        by=("Dana Whitfield", "Lee Marsh"),
        topics=[make.topic("A"), make.topic("B")],
        companies=[make.company("Tesla"), make.company("Ford")],
        lead_picture=make.picture(),
        **{"status": "draft", **fields},
    )
    article.related_picks.set([make.article("Before"), make.article("Also before")])
    for _ in range(10):
        Revision.objects.record(article, None, "Before.")
    FormerSlug.objects.create(article=article, slug="moved")
    return article


def everything_else() -> dict[str, Any]:
    """Other values for all that the form has, in rows that are there; the slug is one that the article had before."""
    bare = make.picture((320, 320), is_decorative=True)
    return {
        "headline": "New words",
        "dek": "New dek.",
        "body": f'<p>Tesla closed at $1.00 on Friday.</p><figure><img src="{bare.master.url}" alt=""></figure>',
        "slug": "moved",
        "sponsor": "Acme",
        "section": make.section("Electric").pk,
        "lead_picture": make.picture((640, 640)).pk,
        "topics": [make.topic("A").pk, make.topic("C").pk],
        "companies": [make.company("Ford").pk, make.company("GM").pk],
        "authors_in_order": [make.author("Lee Marsh").pk, make.author("Kim Roe").pk],
        "related_picks": [Article.objects.get(headline="Before").pk, make.article("After").pk],
    }


FIGURES = {"body": "<p>Tesla closed at $1.00 on Friday.</p>"}
WORDS = {"headline": "New words", "body": "<p>New.</p>"}
NOTHING = {"topics": [], "companies": [], "authors_in_order": [], "related_picks": []}


@pytest.mark.parametrize("role", [EDITOR, REPORTER])
@pytest.mark.parametrize(
    ("name", "fields", "queries"),
    [
        ("words", WORDS, 13),
        ("filing", NOTHING, 14),
        ("everything", None, 16),
        ("hand in", {**WORDS, "_hand_in": ""}, 14),
        ("hand in everything, with figures", {"_hand_in": ""}, 19),
        ("publish", {**WORDS, "_publish": ""}, 14),
        ("publish with figures", {**FIGURES, "_publish": ""}, 16),
        ("publish everything, with figures", {"_publish": ""}, 20),
        ("live, kept as a draft", WORDS, 12),
        ("live, everything kept as a draft", None, 13),
        ("live, changes published", {**WORDS, "_publish": ""}, 13),
        ("live, everything published", {"_publish": ""}, 18),
        ("live, draft changed", WORDS, 13),
        ("live, draft and everything published", {"_publish": ""}, 19),
    ],
)
def test_no_save_takes_more_than_20_queries(
    role: str,
    name: str,
    fields: dict[str, Any] | None,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make.publication(reporters_publish=True)
    client, user = at_the_desk(role)
    article = busy_article(created_by=user, status="published" if name.startswith("live") else "draft")
    if name.startswith("live, draft"):
        save(client, article, dek="Kept as a draft.")
    changed = {**(everything_else() if "everything" in name else {}), **(fields or {})}
    picks = [pick.pk for pick in article.related_picks.all()]
    sent = typed(fresh(article), **{"related_picks": picks, **changed})
    client.post(at("autosave", article), sent)
    with django_assert_num_queries(queries):
        assert client.post(at("change", article), sent).status_code == 302
    assert not UnsavedWork.objects.exists()


@pytest.mark.parametrize(("is_all", "queries"), [(False, 19), (True, 26)])
def test_a_save_that_is_refused_costs_the_page_that_shows_both(
    desk: Client, is_all: bool, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Nothing is stored. Rows that differ are told by name, which is a query for each kind of row."""
    article = busy_article()
    picks = {"related_picks": [pick.pk for pick in article.related_picks.all()]}
    mine = typed(article, **(everything_else() if is_all else {**WORDS, **picks}))
    save(desk, article, dek="Theirs.", **picks)
    with django_assert_num_queries(queries):
        assert desk.post(at("change", article), mine).context["adminform"].form.non_field_errors() == [OVERTAKEN]


def test_all_that_was_typed_is_stored_by_the_few_statements(desk: Client) -> None:
    article = busy_article()
    changed = everything_else()
    desk.post(at("change", article), typed(article, **changed))
    stored = fresh(article)
    assert (stored.slug, stored.section_id, stored.lead_picture_id) == (
        *("moved", changed["section"], changed["lead_picture"]),
    )
    rows = [stored.topics, stored.companies, stored.related_picks]
    names = ("topics", "companies", "related_picks")
    assert [set(row.values_list("pk", flat=True)) for row in rows] == [set(changed[name]) for name in names]
    assert [author.pk for author in stored.byline_authors()] == changed["authors_in_order"]
    assert list(stored.former_slugs.values_list("slug", flat=True)) == ["used-car-supply-climbs"]


@pytest.mark.parametrize(
    "name", ["section", "lead_picture", "topics", "companies", "authors_in_order", "related_picks"]
)
@pytest.mark.parametrize("key", ["999999", "9" * 30])
def test_a_row_that_is_not_there_is_refused_at_its_field(desk: Client, name: str, key: str) -> None:
    article = busy_article()
    answer = desk.post(at("change", article), typed(article, **{name: key}))
    assert list(answer.context["adminform"].form.errors) == [name]
    assert article.revisions.count() == 10
