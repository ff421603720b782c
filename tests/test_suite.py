"""What the suite promises to each of its tests, in whichever of its processes they run."""

import os
import socket

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TransactionTestCase

from news.models import Article
from news.roles import RIGHTS
from tests import make


@pytest.mark.django_db
def test_each_process_has_a_redis_and_a_database_of_its_own(worker_id: str) -> None:
    name, number = ("test_forecourt", "0") if worker_id == "master" else (f"test_forecourt_{worker_id}", worker_id[2:])
    assert connection.settings_dict["NAME"] == name
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert settings.REDIS_URL.endswith(f"?db={number}")


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_commits_the_tables_are_as_the_migrations_left_them() -> None:
    make.article()
    Group.objects.all().delete()
    TransactionTestCase()._fixture_teardown()
    assert not Article.objects.exists()
    assert set(RIGHTS) <= set(Group.objects.values_list("name", flat=True))


def test_a_call_past_loopback_is_an_error() -> None:
    with socket.socket() as caller, pytest.raises(AssertionError, match=r"A test called 192\.0\.2\.1\."):
        caller.connect(("192.0.2.1", 80))
