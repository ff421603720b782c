from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from news.models import Article, Publication, User
from tests import make

pytestmark = pytest.mark.django_db


def refused(make_row) -> bool:
    try:
        with transaction.atomic():
            make_row()
    except IntegrityError:
        return True
    return False


def test_the_database_holds_one_publication_at_most():
    make.publication()
    assert refused(lambda: Publication.objects.create(pk=2, name="Another"))


def test_the_database_refuses_a_published_article_that_is_not_whole():
    assert refused(lambda: make.article(dek=""))
    assert refused(lambda: make.article(body=""))
    assert refused(lambda: make.article(published_at=None))
    assert not refused(lambda: make.article(status="draft", dek="", body="", published_at=None))


def test_the_database_refuses_an_unknown_status_and_an_empty_headline():
    assert refused(lambda: make.article(status="gone"))
    assert refused(lambda: make.article("", slug="x"))


def test_the_database_refuses_an_update_before_the_publish_time():
    assert refused(lambda: make.article(updated_at=make.NOON - timedelta(seconds=1)))


def test_slugs_are_unique():
    make.article(slug="one")
    assert refused(lambda: make.article("Another", slug="one"))


def test_logins_differ_by_more_than_case():
    User.objects.create_user("pat@example.com", "x")
    assert refused(lambda: User.objects.create_user("PAT@example.com", "x"))


def test_a_body_is_cleaned_on_every_way_into_the_database():
    dirty = "<p>Fine<script>alert(1)</script></p>"
    article = make.article(body=dirty)
    assert article.body == "<p>Fine</p>"
    Article.objects.update(body=dirty)
    article.refresh_from_db()
    assert article.body == "<p>Fine</p>"
    Article.objects.bulk_update([Article(pk=article.pk, body=dirty)], ["body"])
    article.refresh_from_db()
    assert article.body == "<p>Fine</p>"


def test_publishing_says_all_that_is_missing():
    article = make.article(status="draft", dek="", body="", published_at=None, by=())
    with pytest.raises(ValidationError, match="needs a dek, a body, an author"):
        article.publish()


def test_publishing_keeps_a_publish_time_that_was_set():
    article = make.article(status="draft", published_at=make.NOON)
    article.publish()
    article.refresh_from_db()
    assert (article.status, article.published_at) == ("published", make.NOON)


def test_a_picture_or_author_in_use_cannot_be_deleted():
    article = make.article(lead_picture=make.picture())
    for row in (article.lead_picture, article.authors.get(), article.section):
        with pytest.raises(ProtectedError):
            row.delete()


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(ValidationError, match="is not a time zone"):
        make.publication(time_zone="Mars/Base").full_clean()
