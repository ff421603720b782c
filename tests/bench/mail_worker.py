"""A worker of editions in a process of its own, which tests and the bench measure and kill.

`python -m tests.bench.mail_worker deliver [seconds of a turn]` sends until nothing is due; `… mails COUNT` sends the
first edition's mail to COUNT made-up readers with no ledger. Both print a line of JSON: what it took.
"""

import json
import sys
import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

import django

django.setup()

from django.utils import timezone  # noqa: E402 - What follows needs the setup above.

from newsletter.delivery import Kind, deliver  # noqa: E402
from newsletter.message import Message  # noqa: E402
from newsletter.models import Claim, Delivery, Edition  # noqa: E402
from newsletter.smtp import SmtpSender  # noqa: E402

PAGE_MB = 4096 / 1_000_000


def main() -> None:
    what, *number = sys.argv[1:]
    wall, processor = time.monotonic(), time.process_time()
    result = deliver_all(*map(float, number)) if what == "deliver" else send_without_ledger(*map(int, number))
    result |= {"wall_s": time.monotonic() - wall, "cpu_s": time.process_time() - processor}
    print(json.dumps(result))  # noqa: T201 - Our parent reads it.


def deliver_all(seconds: float = 5) -> dict[str, object]:
    """The memory in use after each turn, and what it took."""
    memory = []
    while True:
        deliver(SmtpSender(), seconds)
        memory.append(round(memory_mb(), 1))
        due = Delivery.objects.filter(state__in=Delivery.CLAIMABLE, due_at__lte=timezone.now())
        if not due.filter(edition__status="sending").exists():
            return {"memory_mb": memory}


def send_without_ledger(count: int) -> dict[str, object]:
    message = Message(Edition.objects.select_related("newsletter").get())
    sent = 0
    with closing(SmtpSender()) as sender:
        for start in range(0, count, sender.at_once):
            keys = range(start, min(start + sender.at_once, count))
            claims = [Claim(key, f"reader{key}@example.com", UUID(int=key), "example.com", 0, True) for key in keys]
            batch = [message.to(claim) for claim in claims]
            outcomes = sender.send(batch, lambda mails: {mail.pk for mail in mails})
            sent += sum(outcome.kind is Kind.SENT for outcome in outcomes.values())
    return {"sent": sent}


def memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


if __name__ == "__main__":
    main()
