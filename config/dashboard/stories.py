"""The desk's own work: what waits for an editor, goes out today, lies untouched, or has no story yet."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from config.dashboard.block import MOST, TOTAL, Block, Link, Row, address, ago, ahead, clock, total_of
from news import roles
from news.admin.partner_pages import start_address
from news.models import Article, BreakingNews, Byline, PartnerStory, Revision
from tickers.market import moves_since
from tickers.models import Company
from tickers.strip import Cell, read, strip

DAY = timedelta(days=1)
STALE = timedelta(days=7)
BIG = Decimal("0.02")  # From this move on, up or down, readers ask why.


def in_review(user: Any, now: datetime) -> Block | None:
    """For editors: what was handed in, the longest waiting first."""
    if not roles.is_editor(user):
        return None
    waiting = list(stories().filter(status=Article.Status.IN_REVIEW).order_by("saved_at")[:MOST])
    handed_in = {
        revision.article_id: revision
        for revision in Revision.objects.filter(article__in=waiting, summary__startswith="Handed in.")
        .select_related("made_by")
        .defer("payload")
        .order_by("pk")
    }
    rows = []
    for article in waiting:
        step = handed_in.get(article.pk)
        who, since = (step.made_by, step.made_at) if step else (None, article.saved_at)
        rows.append(story_row(article, about=str(who or article.created_by or ""), when=ago(since, now)))
    everything = Link("All in review", address("news_article_changelist", state="in_review"))
    return Block("review", "In review", "rate_review", rows, total_of(waiting), everything, "Nothing waits for you.")


def own(user: Any, now: datetime) -> Block | None:
    """For reporters: their own stories that are not out yet, the last touched first."""
    if roles.is_editor(user) or not user.has_perm("news.change_article"):
        return None
    signed = Byline.objects.filter(article=OuterRef("pk"), author__user=user)
    mine = stories().filter(Q(created_by=user) | Exists(signed), status__in=OPEN).order_by("-saved_at")
    found = list(mine[:MOST])
    rows = [story_row(article, about=article.state, when=ago(article.saved_at, now)) for article in found]
    everything = Link("All of yours", address("news_article_changelist", whose="mine"))
    return Block("own", "Your stories", "edit_note", rows, total_of(found), everything, "You have no story under way.")


def scheduled(user: Any, now: datetime) -> Block | None:
    """What goes out within a day."""
    if not user.has_perm("news.view_article"):
        return None
    due = list(stories().scheduled().filter(published_at__lte=now + DAY).order_by("published_at")[:MOST])
    rows = [
        story_row(article, about=clock(article.published_at, now), when=ahead(article.published_at, now))
        for article in due
        if article.published_at
    ]
    everything = Link("All scheduled", address("news_article_changelist", state="scheduled"))
    return Block("scheduled", "Going out next", "schedule", rows, total_of(due), everything)


def stale(user: Any, now: datetime) -> Block | None:
    """For editors: drafts and handed-in stories that nobody has touched for a week."""
    if not roles.is_editor(user):
        return None
    old = list(stories().filter(status__in=OPEN, saved_at__lte=now - STALE).order_by("saved_at")[:MOST])
    rows = [
        story_row(
            article, about=f"{article.state} · {article.created_by or 'nobody’s'}", when=ago(article.saved_at, now)
        )
        for article in old
    ]
    everything = Link("All drafts", address("news_article_changelist", state="draft"))
    return Block("stale", "Untouched for a week", "hourglass_disabled", rows, total_of(old), everything)


def movers(user: Any, now: datetime) -> Block | None:
    """Big moves that no story is about since they began, nor one that somebody writes at this moment."""
    found = strip(read(), now) if user.has_perm("news.add_article") else None
    big = [cell for cell in found.movers(len(found.cells)) if abs(cell.moved) >= BIG] if found else []
    if not found or not big:
        return None
    published = Q(status=Article.Status.PUBLISHED, published_at__gte=moves_since(now), sponsor="")
    under_way = Q(status__in=OPEN, saved_at__gt=now - DAY)
    covered = Article.objects.filter(published | under_way, companies=OuterRef("pk"))
    silent = Company.objects.filter(~Exists(covered), slug__in=[cell.company for cell in big]).only("name", "slug")
    by_slug = {company.slug: company for company in silent}
    rows = [mover_row(cell, by_slug[cell.company]) for cell in big if cell.company in by_slug]
    everything = Link("All shares", "/markets/")
    return Block("movers", "Moving, and no story yet", "trending_up", rows[:MOST], len(rows), everything)


def mover_row(cell: Cell, company: Company) -> Row:
    start = address("news_article_add", companies=str(company.pk))
    figures = f"{cell.mark} {cell.figures.change} ({cell.figures.percent})"
    action = Link("Start a story", start)
    return Row(f"{cell.ticker} {figures}", start, about=company.name, action=action, direction=cell.direction)


def partner_headlines(user: Any, now: datetime) -> Block | None:
    if not user.has_perm("news.view_partnerstory"):
        return None
    fresh = PartnerStory.objects.newest().filter(published_at__gt=now - DAY, published_at__lte=now)
    found = list(fresh.annotate(total=TOTAL)[:MOST])
    may_start = user.has_perm("news.add_article")
    rows = [
        Row(
            story.title,
            story.url,
            about=story.partner.name,
            when=ago(story.published_at, now),
            action=Link("Start a story from this", start_address(story)) if may_start else None,
        )
        for story in found
    ]
    everything = Link("All partner headlines", address("news_partner_headlines"))
    return Block("partners", "Partners report", "rss_feed", rows, total_of(found), everything)


def breaking(user: Any, now: datetime) -> Block | None:
    """The banner that readers see, and until when."""
    if not user.has_perm("news.change_breakingnews"):
        return None
    running = BreakingNews.objects.current(now)[:MOST]
    rows = [
        Row(
            news.headline,
            address("news_breakingnews_change", news.pk),
            about=f"until {clock(news.ends_at, now)}",
            when=f"gone {ahead(news.ends_at, now)}",
            tag="On every page",
            is_loud=True,
        )
        for news in running
    ]
    return Block("breaking", "Breaking news", "campaign", rows)


OPEN = (Article.Status.DRAFT, Article.Status.IN_REVIEW)


def stories() -> Any:
    """Articles with what a row shows, and no body."""
    return Article.objects.defer("body").select_related("created_by").annotate(total=TOTAL)


def story_row(article: Article, about: str, when: str) -> Row:
    return Row(article.headline, address("news_article_change", article.pk), about=about, when=when)
