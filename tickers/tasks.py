"""What the clock starts for tickers."""

import logging

from celery import shared_task
from django.utils import timezone

from tickers import cadence, sources
from tickers.advisory_lock import only_one
from tickers.models import Backfill, DailyClose, HeldReading, Point, Quote, SourceHealth, Symbol
from tickers.sources import Source, SourceFailed

log = logging.getLogger(__name__)
REFRESH_LOCK = 0x71756F746573  # "quotes": the key of the advisory lock.
CLOSES_LOCK = 0x636C6F736573  # "closes"


@shared_task
def refresh_quotes() -> None:
    """If a refresh is due, ask the chosen source for every active symbol and keep what is better than what we have."""
    source = sources.configured()
    if source is None:
        return
    with only_one(REFRESH_LOCK) as is_alone:
        if not is_alone:
            log.info("quotes: another refresh is under way")
        elif is_due(source):
            refresh(source)


def is_due(source: Source) -> bool:
    health, now = SourceHealth.objects.filter(source=source.name).first(), timezone.now()
    return health is None or (
        not health.is_open(now) and cadence.refresh_is_due(source.name, now, health.asked_at, health.answered_at)
    )


def refresh(source: Source) -> None:
    """Ask the source now, unless its breaker is open. A failure goes on its health; what came before it is kept."""
    health = SourceHealth.objects.get_or_create(source=source.name)[0]
    if not health.claim():
        log.info("quotes: %s is not asked before %s", source.name, health.open_until)
        return
    tickers = list(Symbol.objects.active().values_list("ticker", flat=True))
    readings, failure = sources.ask(source, tickers)
    kept = Quote.objects.store(readings)
    if failure:
        health.fail(failure.words, failure.retry_after)
        log.warning("quotes: %d of %d symbols refreshed: %s", kept, len(tickers), failure.words)
        return
    health.answer()
    DailyClose.objects.take_from_quotes(Quote.objects.filter(symbol__ticker__in=tickers), timezone.now())
    held = HeldReading.objects.filter(symbol__ticker__in=tickers).count()
    log.info("quotes: %d of %d symbols refreshed%s", kept, len(tickers), f", {held} held" if held else "")


@shared_task
def try_source() -> None:
    """Ask the source once for the desk to see what it says; nothing is stored of its prices, and no breaker asked."""
    source = sources.configured()
    if source is None:
        return
    tickers = list(Symbol.objects.active().in_strip_order().values_list("ticker", flat=True))
    readings, failure = sources.ask(source, tickers)
    said = [
        f"{one.ticker}: {one.price}, close before {one.previous_close}, as of {one.as_of:%Y-%m-%d %H:%M:%S %Z}, "
        f"{one.market_state}, delay {one.delay_s} s"
        for one in readings
    ]
    missing = sorted(set(tickers) - {one.ticker for one in readings})
    said += [f"Nothing for {', '.join(missing)}."] if missing and readings else []
    said += [failure.words] if failure else []
    SourceHealth.objects.get_or_create(source=source.name)[0].keep_trial("\n".join(said))


@shared_task
def fetch_closes() -> None:
    """Ask the source for the daily closes of one symbol that lacks some; the period of the timetable sets the pace."""
    source = sources.configured()
    if source is None:
        return
    with only_one(CLOSES_LOCK) as is_alone:
        if is_alone:
            fetch_next_closes(source)


def fetch_next_closes(source: Source) -> bool:
    """Returns whether there was a symbol to ask for."""
    now = timezone.now()
    health = SourceHealth.objects.filter(source=source.name).first()
    if health and health.is_open(now):
        return False
    Backfill.objects.part_from_other_world(source.name)
    backfill = Backfill.objects.claim_next(source.name, now)
    if backfill is None:
        return False
    if not (backfill.source or Quote.objects.filter(symbol=backfill.symbol_id).exists()):
        refresh_for_new_symbol(source)
    try:
        count = backfill.fetch(source, now)
    except SourceFailed as failure:
        log.warning("closes: %s: %s", backfill.symbol, failure.words)
        if health and failure.retry_after:  # It wants to be left alone, by the quotes too.
            health.fail(failure.words, failure.retry_after)
    else:
        log.info("closes: %s: %d days, through %s", backfill.symbol, count, backfill.through)
    return True


def refresh_for_new_symbol(source: Source) -> None:
    """A symbol that an editor adds at the weekend does not wait for Monday to be in the strip."""
    with only_one(REFRESH_LOCK) as is_alone:
        if is_alone:
            refresh(source)


@shared_task
def prune_points() -> None:
    """Forget the points that no chart shows any more."""
    log.info("points: %d are old and gone", Point.objects.prune(timezone.now()))
