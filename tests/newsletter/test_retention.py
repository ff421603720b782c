from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import tasks
from newsletter.models import Delivery, Edition
from newsletter.progress import Progress
from tests import make
from tests.newsletter.editions import edition, readers

pytestmark = pytest.mark.django_db


def over(days: int) -> Edition:
    """An edition that was over so many days ago, with three mails."""
    sent = edition(readers(3))
    sent.send_now()
    rows = list(sent.deliveries.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=rows[1:]).update(state="sent", settled_at=make.NOON)
    Delivery.objects.filter(pk=rows[0]).update(state="failed", settled_at=make.NOON)
    Edition.objects.complete()
    Edition.objects.update(finished_at=timezone.now() - timedelta(days=days))
    sent.refresh_from_db()
    return sent


@pytest.fixture(autouse=True)
def publication(db: None) -> None:
    make.publication()


def test_an_old_ledger_goes_and_its_counts_stay() -> None:
    sent = over(days=401)
    counts, words = sent.counts(), Progress.of(sent, timezone.now()).words
    for _ in range(2):
        tasks.prune_ledgers()
    sent = Edition.objects.get()
    assert Delivery.objects.count() == 0
    assert (sent.counts(), Progress.of(sent, timezone.now()).words) == (counts, words)
    assert (counts["sent"], counts["failed"]) == (2, 1)


def test_a_younger_ledger_stays() -> None:
    over(days=399)
    tasks.prune_ledgers()
    assert Delivery.objects.count() == 3


def test_what_is_under_way_stays_however_long_it_takes() -> None:
    sent = over(days=401)
    Edition.objects.update(status="paused", finished_at=None)
    tasks.prune_ledgers()
    assert sent.deliveries.count() == 3
