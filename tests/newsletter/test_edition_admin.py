from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import User
from news.roles import NEWSLETTER_EDITOR
from newsletter.edition_steps import STATES
from newsletter.models import Delivery, Edition, EditionItem, Newsletter
from tests import make
from tests.newsletter.conftest import Mailbox
from tests.newsletter.editions import edition
from tests.newsletter.test_compose import composed, stories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

LIST = "/admin/newsletter/edition/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def ready(daily: Newsletter) -> Edition:
    stories(4)
    edition = composed(daily)
    assert edition.status == "ready"
    return edition


def press(desk: Client, edition: Edition, step: str, **fields: Any) -> tuple[int, str]:
    """Press a button and its dialog's; (answer's status, the edition's after that)."""
    answer = desk.post(address_of(edition, step), {"_form_submitted": "1", **fields}, headers={"HX-Request": "true"})
    edition.refresh_from_db()
    return answer.status_code, edition.status


def address_of(edition: Edition, step: str) -> str:
    return reverse(f"admin:newsletter_edition_{step}", args=[edition.pk])


def form_of(edition: Edition, **fields: Any) -> dict[str, Any]:
    items = list(edition.items.order_by("position"))
    data = {"subject": edition.subject, "preheader": edition.preheader, "note": "", "sponsor": "", "sponsor_line": ""}
    data |= {"sponsor_url": "", "items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": len(items)}
    for number, item in enumerate(items):
        data |= {
            f"items-{number}-id": item.pk,
            f"items-{number}-edition": edition.pk,
            f"items-{number}-article": item.article_id,
            f"items-{number}-headline": item.headline,
            f"items-{number}-position": item.position,
        }
    return {**data, "_continue": "1", **fields}


def save(desk: Client, edition: Edition, **fields: Any) -> str:
    """Save the form; what the page after it says."""
    answer = desk.post(f"{LIST}{edition.pk}/change/", form_of(edition, **fields), follow=True)
    edition.refresh_from_db()
    return str(answer.content.decode())


@pytest.mark.parametrize("step", ["hold", "send_now", "send_test"])
@pytest.mark.parametrize("key", ["9999", "abc"])
def test_there_is_no_step_for_an_edition_that_is_not_there(desk: Client, step: str, key: str) -> None:
    fields = {"_form_submitted": "1", "addresses": "pat@example.com"}
    answer = desk.post(f"{LIST}{key}/{step}/", fields, headers={"HX-Request": "true"})
    assert answer.status_code == 404


# The words of the edition


def test_the_desk_reorders_retitles_drops_and_writes(desk: Client, ready: Edition):
    changed = {
        "subject": "The desk’s subject",
        "preheader": "And more",
        "note": "Good morning.",
        "items-0-position": 9,
        "items-1-headline": "Retitled",
        "items-2-is_dropped": "on",
    }
    save(desk, ready, **changed)
    assert (ready.subject, ready.preheader, ready.status) == ("The desk’s subject", "And more", "ready")
    assert ready.html.index("Retitled") < ready.html.index("Story 3")
    assert "Story 1" not in ready.text
    assert "Good morning." in ready.text


def test_a_story_is_added(desk: Client, ready: Edition):
    added = make.article("Added by hand", published_at=make.NOON - timedelta(days=30))
    new = {"items-TOTAL_FORMS": 5, "items-4-article": added.pk, "items-4-position": 0, "items-4-edition": ready.pk}
    save(desk, ready, **new)
    assert "Added by hand" in ready.html


def test_an_empty_subject_is_the_leads_headline(desk: Client, ready: Edition):
    save(desk, ready, subject="", **{"items-1-position": 0, "items-0-position": 1})
    assert ready.subject == "Story 2"


def test_a_sponsor_line_without_its_sponsor_is_refused(desk: Client, ready: Edition):
    assert "Say who the sponsor is" in save(desk, ready, sponsor_line="Buy now")
    save(desk, ready, sponsor_line="Buy now", sponsor="Harrow")
    assert "Sponsored by Harrow" in ready.html


def test_an_edition_without_a_story_is_refused(desk: Client, ready: Edition):
    page = save(desk, ready, **{f"items-{number}-is_dropped": "on" for number in range(4)})
    assert "An edition needs at least one story." in page
    assert EditionItem.objects.filter(is_dropped=True).count() == 0


def test_what_goes_out_cannot_be_changed(desk: Client, ready: Edition):
    before = form_of(ready, subject="Too late")
    ready.release()
    answer = desk.post(f"{LIST}{ready.pk}/change/", before, follow=True)
    assert "It is too late to change this edition." in answer.content.decode()
    ready.refresh_from_db()
    assert ready.subject == "Story 3"


# The pages


def test_the_page_has_the_preview_the_checks_and_the_hints(desk: Client, ready: Edition):
    page = desk.get(f"{LIST}{ready.pk}/change/").content.decode()
    assert f"{LIST}{ready.pk}/preview/light/" in page
    assert "✓ 0 pictures" in page
    assert "Phones show about 45 characters" in page
    assert "A link to unsubscribe" in page


@pytest.mark.parametrize(
    ("kind", "words"), [("light", "@media not all"), ("dark", "@media all"), ("text", "Lot & Lane\n")]
)
def test_the_preview_is_the_mail(desk: Client, ready: Edition, kind: str, words: str):
    answer = desk.get(f"{LIST}{ready.pk}/preview/{kind}/")
    assert words in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_what_is_typed_is_shown_and_not_kept(desk: Client, ready: Edition):
    typed = form_of(ready, subject="Typed", note="A typed note.", **{"items-0-is_dropped": "on"})
    found = desk.post(f"{LIST}{ready.pk}/typed/", typed).json()
    assert found["is_sound"]
    assert all("A typed note." in found[kind] and "Story 3" not in found[kind] for kind in ("light", "dark", "text"))
    ready.refresh_from_db()
    assert (ready.subject, ready.note, "A typed note." in ready.html) == ("Story 3", "", False)
    assert "was changed successfully" not in desk.get(LIST).content.decode()


def test_what_is_typed_and_cannot_be_saved_says_so(desk: Client, ready: Edition):
    assert not desk.post(f"{LIST}{ready.pk}/typed/", form_of(ready, sponsor_line="Buy")).json()["is_sound"]
    assert desk.get(f"{LIST}{ready.pk}/typed/").status_code == 403


def test_nobody_adds_or_deletes_an_edition(desk: Client, ready: Edition):
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{ready.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_and_its_progress(desk: Client, ready: Edition, daily: Newsletter):
    for number in range(4):
        daily.sign_up(f"reader{number}@example.com").confirm()
    ready.release()
    rows = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=rows[:2]).update(state="sent", settled_at=timezone.now())
    Delivery.objects.filter(pk=rows[2]).update(state="failed", settled_at=timezone.now())
    assert "2 sent · 1 waiting · 1 failed" in desk.get(LIST).content.decode()
    found = desk.get(f"{LIST}progress/?ids={ready.pk},x").json()[str(ready.pk)]
    assert (found["status"], found["state"]) == ("sending", "Sending")
    assert found["words"].startswith("2 sent · 1 waiting · 1 failed · ")
    assert found["words"].endswith("1 min left")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_any_number(
    desk: Client, daily: Newsletter, count: int, django_assert_num_queries: Any
):
    over = {"status": "complete", "started_at": make.NOON, "finished_at": make.NOON}
    for number in range(count):
        edition(daily, date(2026, 11, 10 + number), **over)
    desk.get(LIST)
    with django_assert_num_queries(8):
        desk.get(LIST)


# The buttons


def test_hold_let_go_send_pause_resume_and_cancel(desk: Client, ready: Edition):
    assert press(desk, ready, "hold") == (200, "held")
    assert press(desk, ready, "let_go") == (200, "ready")
    assert press(desk, ready, "send_now") == (200, "sending")
    assert press(desk, ready, "pause") == (200, "paused")
    assert press(desk, ready, "resume") == (200, "sending")
    assert press(desk, ready, "cancel") == (200, "cancelled")


def test_a_step_that_cannot_be_taken_says_so(desk: Client, ready: Edition):
    assert press(desk, ready, "resume") == (200, "ready")
    assert "That cannot be done: the edition is ready by now." in desk.get(LIST).content.decode()


def test_an_edition_that_waits_for_stories_can_only_be_cancelled(desk: Client, daily: Newsletter):
    waiting = Edition.objects.create(newsletter=daily, date=date(2026, 11, 19))
    assert [press(desk, waiting, name)[1] for name in ("hold", "let_go", "send_now", "cancel")] == [
        *("draft", "draft", "draft"),
        "cancelled",
    ]


def test_a_get_changes_nothing(desk: Client, ready: Edition):
    for step in STATES:
        assert desk.get(address_of(ready, step)).status_code == 200
    ready.refresh_from_db()
    assert ready.status == "ready"


def test_uncertain_mails_are_sent_again_when_the_desk_asks(desk: Client, ready: Edition, daily: Newsletter):
    daily.sign_up("pat@example.com").confirm()
    ready.release()
    Delivery.objects.update(state="uncertain", settled_at=timezone.now())
    Edition.objects.complete()
    assert press(desk, ready, "send_uncertain") == (200, "sending")
    assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize("rights", [(), ("newsletter.view_edition",)])
def test_who_may_not_change_editions_presses_nothing(client: Client, ready: Edition, rights: tuple[str, ...]):
    client.force_login(make.user(may=rights))
    assert {press(client, ready, step) for step in STATES} == {(403, "ready")}
    assert client.get(f"{LIST}{ready.pk}/preview/light/").status_code == (200 if rights else 403)
    assert client.get(f"{LIST}progress/").status_code == (200 if rights else 403)


def test_the_newsletter_editors_role_may_run_editions(client: Client, ready: Edition):
    editor = make.user("nell@example.com")
    editor.groups.set(Group.objects.filter(name=NEWSLETTER_EDITOR))
    client.force_login(editor)
    assert press(client, ready, "hold") == (200, "held")
    assert "Retitled" not in ready.html
    save(client, ready, **{"items-0-headline": "Retitled"})
    assert "Retitled" in ready.html


def test_a_test_goes_to_the_chosen_addresses_and_nobody_else(desk: Client, ready: Edition, mailbox: Mailbox):
    ready.newsletter.sign_up("pat@example.com").confirm()
    assert press(desk, ready, "send_test", addresses="ann@example.com, bo@example.com") == (200, "ready")
    assert sorted(mail["To"] for mail in mailbox.mails) == ["ann@example.com", "bo@example.com"]
    assert mailbox.subjects == ["Test: Story 3"] * 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2
    assert Delivery.objects.count() == 0
    assert "The test is sent to ann@example.com, bo@example.com." in desk.get(LIST).content.decode()


def test_the_dialog_of_a_test_has_the_editors_own_address(client: Client, ready: Edition):
    client.force_login(make.user("nell@example.com", is_superuser=True))
    assert 'value="nell@example.com"' in client.get(address_of(ready, "send_test")).content.decode()


def test_a_test_that_the_server_refuses_says_why(desk: Client, ready: Edition, mailbox: Mailbox):
    mailbox.replies = ["550 5.7.1 No thanks"]
    press(desk, ready, "send_test", addresses="ann@example.com")
    assert "ann@example.com: " in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    "addresses", ["", "nobody", "a@b.example " * 2 + "x", " ".join(f"a{n}@b.example" for n in range(6))]
)
def test_a_test_to_no_address_is_refused(desk: Client, ready: Edition, mailbox: Mailbox, addresses: str):
    press(desk, ready, "send_test", addresses=addresses)
    assert mailbox.mails == []
