"""One whole mail, header by header and line by line, as `tests/data/edition.eml` has it.

When the mail is meant to change, `RENEW=1 make test ARGS=tests/newsletter/test_golden.py` writes the file anew; read
the difference as a reader’s mail server would before you commit it. Lines end in CRLF in the mail, in LF in the file.
"""

import os
from datetime import date
from uuid import UUID

import pytest
import time_machine
from django.conf import settings

from news.models import Correction, Partner, Picture
from newsletter.compose import candidates
from newsletter.editions import release
from newsletter.message import Message
from newsletter.models import Claim, Edition, EditionItem, Newsletter
from tests import make
from tests.newsletter.test_compose import DAY, HALF_PAST_FIVE, HOUR, SIX, share, stories

pytestmark = pytest.mark.django_db

GOLDEN = settings.ROOT / "tests" / "data" / "edition.eml"
PAT = Claim(7, "pat@example.com", UUID("6c0ffee0-0000-4000-8000-000000000001"), "example.com", 0, True)


@pytest.fixture
def daily(db: None) -> Newsletter:
    make.publication(postal_address="12 Foundry Row\nDayton, OH 45402")
    return make.newsletter(pk=3)


def picture() -> Picture:
    """One whose addresses do not hang on the library that made its files."""
    return Picture.objects.create(
        master="pictures/masters/ab.jpg",
        digest="ab",
        width=1600,
        height=900,
        alt="Cars in a row",
        credit="Lot & Lane",
        rendered_key="0123456789abcdef",
    )


def edition(daily: Newsletter) -> Edition:
    """Yesterday's carried a story that was corrected since; today's has every part that an edition can have."""
    yesterday = Edition(pk=40, newsletter=daily, date=date(2026, 11, 18), composed_at=HALF_PAST_FIVE - DAY)
    yesterday.status, yesterday.started_at, yesterday.finished_at = "complete", SIX - DAY, SIX - DAY
    yesterday.subject = yesterday.html = yesterday.text = "Yesterday"
    yesterday.save()
    corrected = make.article("Lots fill up", published_at=make.NOON - DAY)
    EditionItem.objects.create(edition=yesterday, article=corrected)
    Correction.objects.create(article=corrected, text="An earlier version misnamed the dealer.", made_at=make.NOON)
    share("GM", (17, "40.00"), (18, "44.00"), name="General Motors")
    share("F", (17, "10.00"), (18, "9.50"), name="Ford")
    stories(4)
    make.article("On GM", companies=[make.company("General Motors")], lead_picture=picture())
    make.article("Dealers’ lots “fill up”", lead_picture=picture(), published_at=make.NOON + HOUR)
    make.article("Bought", sponsor="Harrow Lake")
    make.partner_story("Ford cuts a shift", seen_at=HALF_PAST_FIVE - HOUR)
    Partner.objects.update(is_paying=True)
    made = Edition(pk=41, newsletter=daily, date=date(2026, 11, 19), composed_at=HALF_PAST_FIVE)
    made.note, made.sponsor = "Good morning.\n\nThe show opens.", "Floorplan Co."
    made.sponsor_line, made.sponsor_url = "Rates from 6.9 percent.", "https://floorplan.example/?a=1&b=2"
    made.status, made.subject, made.html, made.text = "ready", "Dealers’ lots “fill up”", "-", "-"
    made.save()
    for position, article in enumerate(candidates(daily, HALF_PAST_FIVE)):
        EditionItem.objects.create(edition=made, article=article, position=position)
    return made


def test_the_whole_mail_is_as_it_was(daily: Newsletter) -> None:
    with time_machine.travel(SIX, tick=False):
        made = edition(daily)
        release(made.pk)
        made.refresh_from_db()
        source = Message(made).to(PAT).content.decode("ascii").replace("\r\n", "\n")
    if os.environ.get("RENEW"):
        GOLDEN.write_text(source)
    assert source == GOLDEN.read_text()
