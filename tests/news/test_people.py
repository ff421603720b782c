"""Who logs in: invited by mail, and never with more rights than the one who invites may give."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from news.models import User
from news.roles import ADMINISTRATOR, EDITOR, REPORTER
from tests import make
from tests.newsletter.conftest import Mailbox, mailbox, smtp_port  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ADD = "/admin/news/user/add/"
NEW = "petrol and vermilion"


def enter(role: str) -> tuple[Client, User]:
    make.publication()
    user = make.user("nora@example.com", first_name="Nora", last_name="Ellis")
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client, user


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def invite(client: Client, **fields: Any) -> Any:
    return client.post(ADD, {"email": "Lee@example.com", "first_name": "Lee", "groups": [role(REPORTER)], **fields})


@pytest.mark.django_db(transaction=True)
def test_an_administrator_invites_somebody_who_chooses_the_password(
    mailbox: Mailbox,  # noqa: F811
) -> None:
    client, _ = enter(ADMINISTRATOR)
    answer = invite(client)
    lee = User.objects.get(email="Lee@example.com")
    assert (lee.is_staff, lee.is_superuser, lee.has_usable_password()) == (True, False, False)
    assert [group.name for group in lee.groups.all()] == [REPORTER]
    assert "The invitation is on its way to Lee@example.com." in said(client.get(answer.headers["Location"]))
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("Lee@example.com", "Nora Ellis invites you to Lot & Lane")
    (link,) = re.findall(r"http\S+/password_reset/\S+/\S+/", mail.get_content())
    visitor = Client()
    form = visitor.get(urlsplit(link).path, follow=True).redirect_chain[-1][0]
    visitor.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert "Your stories" in visitor.get("/admin/").content.decode()
    assert Client().login(username="lee@example.com", password=NEW)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_no_server_takes_is_told_and_can_be_sent_again(
    smtp_port: int,  # noqa: F811
    settings: Any,
) -> None:
    client, _ = enter(ADMINISTRATOR)
    answer = invite(client)
    (words,) = [words for words in said(client.get(answer.headers["Location"])) if "could not" in words]
    assert words.endswith("Invite Lee@example.com again later.")
    lee = User.objects.get(email="Lee@example.com")
    assert "Invite again" in client.get(answer.headers["Location"]).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("admin:news_user_invite_again", args=[lee.pk]), {"_form_submitted": "on"})
    assert said(client.get("/admin/")) == ["The invitation is on its way to Lee@example.com."]


def test_who_has_come_in_is_not_invited_again() -> None:
    client, _ = enter(ADMINISTRATOR)
    lee = make.user("lee@example.com", password=NEW)
    assert "Invite again" not in client.get(f"/admin/news/user/{lee.pk}/change/").content.decode()
    again = reverse("admin:news_user_invite_again", args=[lee.pk])
    assert client.post(again, {"_form_submitted": "on"}).status_code == 403


def test_an_address_has_one_login_however_it_is_written() -> None:
    client, _ = enter(ADMINISTRATOR)
    make.user("lee@example.com")
    answer = invite(client)
    assert answer.context["adminform"].form.non_field_errors() == ["There is a login with this address."]


# Nobody gives more than they have


@pytest.mark.parametrize("name", [REPORTER, EDITOR])
def test_people_of_the_desk_have_no_business_with_logins(name: str) -> None:
    client, user = enter(name)
    lee = make.user("lee@example.com")
    mine = f"/admin/news/user/{user.pk}/change/"
    pages = [ADD, "/admin/news/user/", mine, f"/admin/news/user/{lee.pk}/change/", f"/admin/news/user/{lee.pk}/delete/"]
    pages += [f"/admin/news/user/{user.pk}/password/", "/admin/auth/group/", f"/admin/auth/group/{role(name)}/change/"]
    pages += [reverse("admin:news_user_invite_again", args=[lee.pk])]
    raised = {"email": user.email, "is_superuser": "on", "is_staff": "on", "groups": [role(ADMINISTRATOR)]}
    assert [client.post(page, raised).status_code for page in pages] == [403] * len(pages)
    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    user.refresh_from_db()
    assert (user.is_superuser, [group.name for group in user.groups.all()]) == (False, [name])


def test_only_a_superuser_makes_a_superuser() -> None:
    client, _ = enter(ADMINISTRATOR)
    lee = make.user("lee@example.com")
    fields = {"email": lee.email, "is_active": "on", "is_staff": "on", "is_superuser": "on", "groups": []}
    page = f"/admin/news/user/{lee.pk}/change/"
    client.post(page, fields)
    lee.refresh_from_db()
    assert not lee.is_superuser
    client.force_login(make.user("root@example.com", is_superuser=True))
    client.post(page, fields)
    lee.refresh_from_db()
    assert lee.is_superuser


def test_an_administrator_cannot_touch_a_superuser_nor_be_one() -> None:
    client, user = enter(ADMINISTRATOR)
    root = make.user("root@example.com", is_superuser=True)
    page = f"/admin/news/user/{root.pk}"
    answers = [
        client.post(f"{page}/change/", {"email": "mine@example.com"}),
        client.post(f"{page}/password/", {"password1": NEW, "password2": NEW}),
        client.post(f"{page}/delete/", {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    own = {"email": user.email, "is_active": "on", "is_staff": "on", "is_superuser": "on", "user_permissions": []}
    client.post(f"/admin/news/user/{user.pk}/change/", own)
    user.refresh_from_db()
    assert not user.is_superuser


def test_superusers_are_not_deleted_in_bulk_by_an_administrator() -> None:
    client, _ = enter(ADMINISTRATOR)
    root = make.user("root@example.com", is_superuser=True)
    fields = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    client.post("/admin/news/user/", fields)
    assert User.objects.filter(pk=root.pk).exists()


def test_who_may_add_logins_without_being_an_administrator_gives_no_role() -> None:
    make.publication()
    client = Client()
    client.force_login(make.user(may=("news.view_user", "news.add_user", "news.change_user")))
    invite(client, groups=[role(ADMINISTRATOR)])
    assert User.objects.get(email="Lee@example.com").groups.count() == 0


def test_an_administrator_chooses_a_role_and_a_superuser_has_switches_beside_it() -> None:
    client, _ = enter(ADMINISTRATOR)
    lee = make.user("lee@example.com")
    lee.groups.add(role(REPORTER), role(EDITOR))
    page = f"/admin/news/user/{lee.pk}/change/"
    fields = [{"email", "password", "first_name", "last_name", "groups", "is_active"}, {"is_staff", "is_superuser"}]
    found = client.get(page).context["adminform"].form.fields
    assert (set(found), found["groups"].label) == (fields[0], "Role")
    assert "Editor, Reporter" in client.get("/admin/news/user/").content.decode()
    client.force_login(make.user("root@example.com", is_superuser=True))
    assert set(client.get(page).context["adminform"].form.fields) == fields[0] | fields[1]


def test_who_leaves_a_role_as_it_is_leaves_the_switches_as_they_are() -> None:
    lee = make.user("lee@example.com", is_staff=False)
    lee.groups.add(role(REPORTER))
    client, _ = enter(ADMINISTRATOR)
    fields = {"email": lee.email, "is_active": "on", "groups": [role(REPORTER)]}
    client.post(f"/admin/news/user/{lee.pk}/change/", fields)
    lee.refresh_from_db()
    assert not lee.is_staff


@pytest.mark.parametrize("key", ["abc", "1.5", "_00", "9" * 30])
def test_an_address_of_nobody_leads_back_to_the_list_or_is_refused(key: str) -> None:
    client, _ = enter(ADMINISTRATOR)
    assert client.get(f"/admin/news/user/{key}/change/").status_code == 302
    assert client.post(f"/admin/news/user/{key}/invite_again/").status_code == 403


@pytest.mark.parametrize("name", ["portrait", "user"])
def test_an_authors_portrait_and_login_are_rows_or_refused(name: str) -> None:
    client, _ = enter(ADMINISTRATOR)
    answer = client.post("/admin/news/author/add/", {"name": "Lee Marsh", "slug": "lee-marsh", name: "abc"})
    assert list(answer.context["adminform"].form.errors) == [name]
