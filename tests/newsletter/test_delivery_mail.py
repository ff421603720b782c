"""The mail itself, as a reader's mail server gets it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
import time_machine

from newsletter import tasks, tokens
from newsletter.message import Message
from newsletter.models import Claim, Edition, Newsletter
from tests import make
from tests.newsletter.editions import LINK, edition, readers
from tests.newsletter.sink import Sink

pytestmark = pytest.mark.django_db
KEY = UUID("6c0ffee0-0000-4000-8000-000000000001")
PAT = Claim(7, "pat@example.com", KEY, "example.com", 0, True)


@pytest.fixture
def daily() -> Newsletter:
    make.publication()
    return make.newsletter()


def mail(sent: Edition, claim: Claim = PAT) -> EmailMessage:
    return message_from_bytes(Message(sent).to(claim).content, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_the_mail_has_all_its_headers(daily: Newsletter) -> None:
    sent = edition(daily, subject="Dealers’ lots fill up")
    with time_machine.travel(make.NOON, tick=False):
        sent.send_now()
    headers = dict(mail(sent).items())
    url = headers.pop("List-Unsubscribe")
    assert re.fullmatch(r"<http://127\.0\.0\.1:8000/newsletter/unsubscribe/[\w.-]+/>", url)
    assert headers == {
        "Message-ID": f"<{sent.pk}.7@127.0.0.1>",
        "To": "pat@example.com",
        "Subject": "Dealers’ lots fill up",
        "From": "Lot & Lane <newsletter@127.0.0.1>",
        "Date": "Wed, 18 Nov 2026 17:00:00 +0000",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "<the-morning-lane.127.0.0.1>",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_edition"',
    }


def test_the_link_is_the_readers_own_in_header_text_and_html(daily: Newsletter) -> None:
    got = mail(edition(daily))
    url = got["List-Unsubscribe"].strip("<>")
    assert tokens.read(tokens.Purpose.UNSUBSCRIBE, url.split("/")[-2]) == (KEY, daily.pk)
    assert part(got, "plain") == f"The day’s stories.\n\nUnsubscribe: {url}\n"
    assert part(got, "html") == f'<p>The day’s stories.</p>\n<p><a href="{url}">Unsubscribe</a></p>\n'


def test_content_comes_out_as_it_went_in(daily: Newsletter) -> None:
    hard = f".\n..two dots\n{LINK}.dot after\n{'long ' * 300}\n=3D “quotes” \ttab \n--=_edition--\n{LINK}{LINK}\nlast"
    url = (got := mail(edition(daily, text=hard)))["List-Unsubscribe"].strip("<>")
    assert part(got, "plain") == hard.replace(LINK, url) + "\n"


def test_no_line_is_long_bare_or_begins_with_a_dot(daily: Newsletter) -> None:
    html = f"<p>.\n.\n{'é' * 500}</p>\r\n{LINK}\r.x\n"
    content = Message(edition(daily, html=html)).to(PAT).content
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    _, _, body = content.partition(b"\r\n\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert not any(line.startswith(b".") for line in content.split(b"\r\n"))


def test_no_subject_can_add_a_header(daily: Newsletter) -> None:
    got = mail(edition(daily, subject="News\r\nBcc: all@example.com"))
    assert (got["Bcc"], got["Subject"]) == (None, "News Bcc: all@example.com")


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink(keep_content=True) as sink:
        sink.serve(settings)
        yield sink


def test_a_second_try_sends_the_same_mail(sink: Sink) -> None:
    make.publication()
    sink.answers["DOT"] = lambda address: "451 4.3.0 Later" if len(sink.whole) == 1 else None
    sent = edition(readers(1))
    with time_machine.travel(make.NOON) as clock:
        sent.send_now()
        tasks.deliver_editions()
        clock.shift(1801)
        tasks.deliver_editions()
    first, second = (message_from_bytes(content, policy=policy.default) for content in sink.contents)
    for name in ("Message-ID", "Date", "Subject", "To"):
        assert first[name] == second[name]
