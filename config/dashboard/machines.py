"""What has stopped working by itself: feeds, mail, sources of quotes, and the workers behind them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from redis.exceptions import RedisError

from config.dashboard.block import MOST, TOTAL, Block, Link, Row, address, ago, clock, span, total_of
from config.dashboard.mail import failed_mail
from config.heartbeat import silent_queues
from news.models import Partner
from tickers.models import SourceHealth

# What each queue works for: who has to know that nobody does, what stands still, and where that is seen.
WORK = {
    "quotes": ("tickers.change_sourcehealth", "The strip shows old prices.", "tickers_sourcehealth_changelist"),
    "mail": ("newsletter.change_edition", "Letters and editions wait.", "newsletter_edition_changelist"),
    "feeds": ("news.change_partner", "No partner’s stories come in.", "news_partner_changelist"),
    "media": ("news.change_picture", "Readers get pictures in one size.", "news_picture_changelist"),
    "default": ("news.change_publication", "Search engines hear of nothing new.", "news_article_changelist"),
}


def trouble(user: Any, now: datetime) -> Block:
    """Everything that somebody has to mend, the widest first."""
    mail = failed_mail(user, now)
    feeds, failing = failing_feeds(user, now)
    rows = [*silent_workers(user, now), *open_breakers(user, now), *mail, *feeds]
    everything = Link("All partners", address("news_partner_changelist")) if failing > len(feeds) else None
    return Block("trouble", "Needs mending", "error", rows, len(rows) - len(feeds) + failing, everything)


def silent_workers(user: Any, now: datetime) -> Iterator[Row]:
    mine = {queue: work for queue, work in WORK.items() if user.has_perm(work[0])}
    if not mine:
        return
    try:
        silent = dict(silent_queues(now))
    except RedisError:
        yield Row(
            "Redis is away", address("index"), about="No queue moves until it is back.", tag="Silent", is_loud=True
        )
        return
    if len(silent) == len(WORK):
        words = f"No worker has done anything for {span(min(silent.values()))}"
        about = "No quotes, no mail, no partners’ stories until one runs."
        yield Row(words, address("index"), about=about, tag="Silent", is_loud=True)
        return
    for queue, time in ((queue, time) for queue, time in silent.items() if queue in mine):
        _, words, page = mine[queue]
        title = f"The worker for {queue} has been silent for {span(time)}"
        yield Row(title, address(page), about=words, tag="Silent", is_loud=True)


def open_breakers(user: Any, now: datetime) -> Iterator[Row]:
    if not user.has_perm("tickers.view_sourcehealth"):
        return
    for health in SourceHealth.objects.filter(open_until__gt=now, failures__gt=0).order_by("-failed_at")[:MOST]:
        until = clock(health.open_until, now) if health.open_until else ""
        yield Row(
            f"Quotes of {health.source} have stopped",
            address("tickers_sourcehealth_change", health.pk),
            about=f"{health.error} Left alone until {until}",
            when=f"last answer {ago(health.answered_at, now)}" if health.answered_at else "it has never answered",
            tag="Resting",
        )


def failing_feeds(user: Any, now: datetime) -> tuple[list[Row], int]:
    """The rows, and how many feeds fail in all."""
    if not user.has_perm("news.change_partner"):
        return [], 0
    bad = Q(failures__gt=0) | Q(is_stopped=True)
    since = F("failing_since").asc(nulls_last=True)
    found = list(
        Partner.objects.filter(bad, is_paused=False).exclude(feed_url="").order_by(since).annotate(total=TOTAL)[:MOST]
    )
    rows = [
        Row(
            f"The feed of {partner}",
            address("news_partner_change", partner.pk),
            about=partner.error,
            when=f"for {span(now - partner.failing_since)}" if partner.failing_since else "",
            tag=partner.state,
        )
        for partner in found
    ]
    return rows, total_of(found)
