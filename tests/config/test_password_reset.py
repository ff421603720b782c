"""The way in: a forgotten password, an invitation, and too many tries."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from celery.exceptions import Retry
from django.core.cache import cache
from django.test import Client

from config.access import MAILS, NO_QUEUE, RESETS, TOO_MANY_LOGINS, TOO_MANY_RESETS, WRONG_PASSWORDS
from config.celery import app
from config.tasks import send_reset
from news.models import User
from tests import make
from tests.newsletter.conftest import Mailbox, mailbox, smtp_port  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

FORM = "/admin/password_reset/"
LOGIN = "/admin/login/"
NEW = "petrol and vermilion"


@pytest.fixture(autouse=True)
def no_counters() -> None:
    cache.clear()


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are asked for, as a worker would have run them by the time the mail is read."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def no_queue() -> Iterator[None]:
    """Nobody listens where the queue should be. The pools are made anew, as they keep where they lead."""
    app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    app._after_fork()
    yield
    app.conf.broker_write_url = None
    app._after_fork()


def link_in(mail: Any) -> str:
    (found,) = re.findall(r"http\S+/password_reset/\S+/\S+/", mail.get_content())
    return urlsplit(found).path


def nora(**fields: Any) -> User:
    make.publication()
    return make.user("nora@example.com", first_name="Nora", last_name="Ellis", **fields)


def log_in(client: Client, password: str, email: str = "nora@example.com", **extra: Any) -> Any:
    return client.post(LOGIN, {"username": email, "password": password}, **extra)


@pytest.mark.usefixtures("at_once")
def test_a_forgotten_password_is_chosen_anew_by_the_mailed_link(mailbox: Mailbox, client: Client) -> None:  # noqa: F811
    user = nora(password="forgotten long ago")
    assert "Forgotten your password?" in client.get(LOGIN).content.decode()
    assert client.post(FORM, {"email": "NORA@example.com"}).headers["Location"] == f"{FORM}sent/"
    (mail,) = mailbox.mails
    assert (mail["To"], mail["From"]) == ("nora@example.com", "Lot & Lane <newsletter@127.0.0.1>")
    assert (mail["Subject"], mail.get_content_type()) == ("Your password at Lot & Lane", "text/plain")
    assert "The link works once, and for 3 days." in mail.get_content()
    address = client.get(link_in(mail), follow=True).redirect_chain[-1][0]
    answer = client.post(address, {"new_password1": NEW, "new_password2": NEW})
    assert answer.headers["Location"] == "/admin/"
    assert "Your password is set." in client.get("/admin/").content.decode()
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "This link no longer works" in Client().get(link_in(mail), follow=True).content.decode()


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, None])
def test_an_address_without_a_login_gets_the_same_answer_and_no_mail(
    mailbox: Mailbox,  # noqa: F811
    client: Client,
    fields: dict[str, Any] | None,
) -> None:
    if fields:
        nora(**fields)
    answer = client.post(FORM, {"email": "nora@example.com"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{FORM}sent/")
    assert mailbox.mails == []


@pytest.mark.usefixtures("at_once")
def test_somebody_who_never_took_up_the_invitation_can_ask_for_a_link(mailbox: Mailbox, client: Client) -> None:  # noqa: F811
    assert not nora().has_usable_password()
    client.post(FORM, {"email": "nora@example.com"})
    assert mailbox.subjects == ["Your password at Lot & Lane"]


@pytest.mark.usefixtures("at_once")
def test_a_link_ends_after_three_days_and_says_how_to_get_another(mailbox: Mailbox, client: Client) -> None:  # noqa: F811
    nora()
    with time_machine.travel(make.NOON, tick=False) as traveller:
        client.post(FORM, {"email": "nora@example.com"})
        address = link_in(mailbox.mails[0])
        traveller.shift(3 * 24 * 3600)
        assert "Choose a password" in Client().get(address, follow=True).content.decode()
        traveller.shift(1)
        page = Client().get(address, follow=True).content.decode()
    assert ("This link no longer works" in page, f'href="{FORM}"' in page) == (True, True)


@pytest.mark.usefixtures("at_once")
def test_a_new_password_is_held_to_the_rules(mailbox: Mailbox, client: Client) -> None:  # noqa: F811
    nora()
    client.post(FORM, {"email": "nora@example.com"})
    address = client.get(link_in(mailbox.mails[0]), follow=True).redirect_chain[-1][0]
    weak = client.post(address, {"new_password1": "password", "new_password2": "password"})
    assert weak.context["form"].errors == {"new_password2": ["This password is too common."]}
    assert weak.status_code == 200


def test_no_page_of_the_way_in_is_kept_anywhere(client: Client) -> None:
    make.publication()
    for address in (LOGIN, FORM, f"{FORM}sent/", f"{FORM}MQ/set-password/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "no-store" in answer.headers["Cache-Control"], address


# Limits


@pytest.mark.usefixtures("at_once")
def test_nobodys_mailbox_is_filled_and_the_answer_stays_the_same(mailbox: Mailbox, client: Client) -> None:  # noqa: F811
    nora()
    answers = {client.post(FORM, {"email": "nora@example.com"}).status_code for _ in range(MAILS + 2)}
    assert (answers, len(mailbox.mails)) == ({302}, MAILS)


@pytest.mark.usefixtures("at_once")
def test_a_network_that_asks_too_often_is_told_to_wait(client: Client) -> None:
    make.publication()
    for number in range(RESETS):
        client.post(FORM, {"email": f"pat{number}@example.com"})
    answer = client.post(FORM, {"email": "pat@example.com"})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (429, [TOO_MANY_RESETS])


def test_without_a_queue_everybody_is_told_to_try_again(no_queue: None, client: Client) -> None:
    nora()
    for email in ("nora@example.com", "nobody@example.com"):
        answer = client.post(FORM, {"email": email})
        assert (answer.status_code, answer.context["form"].non_field_errors()) == (503, [NO_QUEUE])


def test_wrong_passwords_are_refused_after_ten_and_so_is_the_right_one_then(client: Client) -> None:
    nora(password=NEW)
    for _ in range(WRONG_PASSWORDS):
        assert TOO_MANY_LOGINS not in log_in(client, "wrong").content.decode()
    assert log_in(client, NEW, " Nora@Example.com").context["form"].non_field_errors() == [TOO_MANY_LOGINS]
    elsewhere = log_in(client, NEW, REMOTE_ADDR="198.51.100.1")
    assert elsewhere.headers["Location"] == "/admin/"


def test_another_spelling_of_an_address_is_the_same_address(client: Client) -> None:
    nora(password=NEW)
    for _ in range(WRONG_PASSWORDS):
        log_in(client, "wrong", "nora@example.com")
    full_width = "\uff4eora@example.com"
    assert log_in(client, NEW, full_width).context["form"].non_field_errors() == [TOO_MANY_LOGINS]


def test_another_address_is_not_held_up_by_the_wrong_passwords_of_one(client: Client) -> None:
    nora(password=NEW)
    for _ in range(WRONG_PASSWORDS + 1):
        log_in(client, "wrong", "lee@example.com")
    assert log_in(client, NEW).headers["Location"] == "/admin/"


def test_the_right_password_forgets_the_wrong_ones(client: Client) -> None:
    nora(password=NEW)
    for _ in range(2):
        for _ in range(WRONG_PASSWORDS - 1):
            log_in(client, "wrong")
        assert log_in(client, NEW).headers["Location"] == "/admin/"


def test_the_limit_ends_with_its_window(client: Client) -> None:
    nora(password=NEW)
    with time_machine.travel(make.NOON, tick=False) as traveller:
        for _ in range(WRONG_PASSWORDS + 1):
            log_in(client, "wrong")
        traveller.shift(600)
        assert log_in(client, NEW).headers["Location"] == "/admin/"


def test_a_mail_server_that_is_away_is_asked_again(smtp_port: int) -> None:  # noqa: F811
    with pytest.raises(Retry):
        send_reset.apply((nora().pk,), throw=True)
