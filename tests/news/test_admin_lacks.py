"""A publish that is refused: what the article lacks is said at its fields."""

from typing import Any

import pytest
from django.test import Client

from news.models import Article
from tests import make
from tests.news.desk import ADD, an_editor, at, begun, said, tesla_closed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def desk() -> Client:
    make.publication()
    tesla_closed("2026-11-17")
    return an_editor()[0]


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_what_publishing_needs_is_said_at_the_fields_too(desk: Client) -> None:
    answer = desk.post(ADD, begun(body="<p>Words.</p><img src='/a.jpg'>", section="", _publish=""), follow=True)
    assert said(answer)[1:] == [
        "Before it can be published, the article needs a dek, a section, alt text for each picture in the body."
    ]
    needs = {"dek": "a dek", "section": "a section", "body": "alt text for each picture in the body"}
    assert errors(answer) == {
        name: [f"Before it can be published, the article needs {words}."] for name, words in needs.items()
    }
    assert errors(desk.get(at("change", Article.objects.get()))) == {}


def test_fields_that_publishing_needs_say_so_until_it_is_published(desk: Client) -> None:
    counts = [
        text_of(desk.get(page)).count("needed to publish")
        for page in (ADD, at("change", make.article("Draft", status="draft")), at("change", make.article("Live")))
    ]
    assert counts == [4, 4, 0]
