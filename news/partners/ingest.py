"""A look at the partners' feeds: claim → fetch → parse → decide → store.

Threads wait for the network and the parsers; only the thread that started them talks to the database.
"""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from news.models import Partner, PartnerStory
from news.partners.decide import Decision, Keyed, Known, decide, keyed
from news.partners.fetch import GUARD, Fetched, FetchFailed, fetch
from news.partners.guard import Guard
from news.partners.parse import Feed, ParseFailed, Parser, Parsers
from tickers.advisory_lock import only_one

log = logging.getLogger(__name__)
AGENT = f"Forecourt/1 (+{settings.SITE_URL})"
AT_ONCE = 32  # So many slow hosts have to come together before another feed waits for them.
PARSERS = 8  # A parser may take 256 MB in the worst case.
CLAIM_FOR = 40.0  # seconds; the looks that are under way then need at most 40 more
DAY = timedelta(days=1)
LOCK = 0x706172746E657273  # "partners": the key of the advisory lock.


@dataclass(frozen=True)
class Look:
    """What one look at a feed has brought: the answer and, unless it is the one we know, what is in it."""

    fetched: Fetched
    feed: Feed | None


def ingest_due(guard: Guard = GUARD, claim_for: float = CLAIM_FOR) -> int:
    """Look at every feed that is due; returns how many were looked at. What is left is for the next call.

    One such run at a time, so that feeds never take more than one place of the workers.
    """
    with only_one(LOCK) as is_alone:
        return _ingest(guard, time.monotonic() + claim_for) if is_alone else 0


def _ingest(guard: Guard, claim_until: float) -> int:
    running: dict[Future[Look], Partner] = {}
    count = 0
    with Parsers(PARSERS) as parsers, ThreadPoolExecutor(AT_ONCE, "feed") as threads:
        while True:
            if time.monotonic() < claim_until:
                for partner in Partner.objects.claim_due(AT_ONCE - len(running), timezone.now()):
                    running[threads.submit(_look_with, parsers, partner, guard)] = partner
            if not running:
                return count
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                keep(running.pop(done), done)
                count += 1


def _look_with(parsers: Parsers, partner: Partner, guard: Guard) -> Look:
    fetched = _ask(partner, guard)
    if fetched.is_unchanged:
        return Look(fetched, None)
    with parsers.lend() as parser:
        return Look(fetched, parser.parse(fetched.body, fetched.url, fetched.content_type))


def look_at(url: str, guard: Guard = GUARD) -> Look:
    """Fetch and parse a feed or a page, for the desk; raises FetchFailed or ParseFailed."""
    fetched = fetch(url, AGENT, guard)
    with Parser() as parser:
        return Look(fetched, parser.parse(fetched.body, fetched.url, fetched.content_type))


def _ask(partner: Partner, guard: Guard) -> Fetched:
    return fetch(partner.feed_url, AGENT, guard, etag=partner.etag, last_modified=partner.last_modified)


def keep(claimed: Partner, look: Future[Look]) -> None:
    """Write down what a look has brought, unless the partner was deleted or taken over meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        ours = Partner.objects.select_for_update().filter(pk=claimed.pk, leased_until=claimed.leased_until)
        # An editor may have changed the address meanwhile; what came from the old one is not the new one's.
        partner = ours.filter(feed_url=claimed.feed_url).first()
        if partner is None:
            ours.update(leased_until=None)
            return
        try:
            with transaction.atomic():
                _keep_news(partner, look.result(), now)
        except FetchFailed as failure:
            partner.note_failure(now, str(failure), is_gone=failure.is_gone, retry_after=failure.retry_after)
        except ParseFailed as failure:
            partner.note_failure(now, str(failure))
        except Exception:  # One feed that finds a fault of ours must not keep the others from being read.
            log.exception("partners: %s", partner)
            partner.note_failure(now, "Something went wrong on our side; the site’s log says more.")
        partner.keep_health()
    if partner.error:
        log.warning("partners: %s: %s", partner, partner.error)


def _keep_news(partner: Partner, look: Look, now: datetime) -> None:
    fetched, feed = look.fetched, look.feed
    if feed and feed.alternates:
        raise ParseFailed("This is a web page, not a feed. Find its feed from the partner’s page here.")
    if feed:
        store(partner, keyed(feed.entries, now), now)
        partner.etag, partner.last_modified = fetched.etag, fetched.last_modified
    partner.note_success(now, fetched.moved_to)


def store(partner: Partner, entries: list[Keyed], now: datetime) -> Decision:
    """Make and update the partner's stories: three queries, however many entries there are.

    No signal goes out, so that feeds do not outdate every kept page all day; pages show news of partners in a minute.
    """
    known = {story.pk: story for story in _stories_known_by(partner, entries)}
    note_carried(known.values(), now)
    decision = decide(map(as_known, known.values()), entries)
    PartnerStory.objects.bulk_create(_new(partner, story, now) for story in decision.new)
    for pk, story in decision.changed:
        _update(known[pk], story)
    changed = [known[pk] for pk, _ in decision.changed]
    PartnerStory.objects.bulk_update(
        changed, ["title", "url", "summary", "author", "keys", "picture", "picture_url", "picture_is_due"]
    )
    return decision


def note_carried(stories: Iterable[PartnerStory], now: datetime) -> None:
    """Keep that the feed still has the stories; once a day is enough, and spares writing all of them at every look."""
    stale = [story.pk for story in stories if now - story.carried_at > DAY]
    if stale:
        PartnerStory.objects.filter(pk__in=stale).update(carried_at=now)


def preview(partner: Partner | None, entries: list[Keyed]) -> list[tuple[Keyed, str]]:
    """Each entry with what `store` would do with it, in the desk's words. Nothing is written."""
    known = {story.pk: story for story in _stories_known_by(partner, entries)} if partner else {}
    decision = decide(map(as_known, known.values()), entries)
    new, changed = set(decision.new), {story for _, story in decision.changed}
    return [(story, "New" if story in new else "Changed" if story in changed else "Known") for story in entries]


def _stories_known_by(partner: Partner, entries: list[Keyed]) -> list[PartnerStory]:
    keys = [key for story in entries for key in story.keys]
    return list(partner.stories.known_by(keys)) if keys else []


def as_known(story: PartnerStory) -> Known:
    keys = frozenset(story.keys)
    return Known(story.pk, keys, story.title, story.url, story.summary, story.author, story.picture_url)


def _new(partner: Partner, story: Keyed, now: datetime) -> PartnerStory:
    entry = story.entry
    return PartnerStory(
        partner=partner,
        title=entry.title,
        url=entry.url,
        summary=entry.summary,
        author=entry.author,
        published_at=story.listed_at,
        seen_at=now,
        carried_at=now,
        keys=list(story.keys),
        picture_url=entry.picture_url,
        picture_is_due=bool(entry.picture_url),
    )


def _update(known: PartnerStory, story: Keyed) -> None:
    """An edit shows in place: the story keeps its time, so that editing is no way to the top of the list."""
    entry = story.entry
    if entry.picture_url != known.picture_url:
        known.picture_url, known.picture_is_due, known.picture = entry.picture_url, bool(entry.picture_url), None
    known.title, known.url, known.summary, known.author = entry.title, entry.url, entry.summary, entry.author
    known.keys = list(dict.fromkeys([*story.keys, *known.keys]))[:20]
