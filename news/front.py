"""The tops of pages: what editors have pinned to the front page and to sections, and how the other places fill."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from news.models import Article, Author, Section, Slot
from news.paging import Page, page_of

SECONDARIES, BRIEFS, IN_SECTION = 4, 6, 4
PLACES = 1 + SECONDARIES  # Of each page's top, the lead first.
SPARE = 8  # How many more stories are looked at for one with a picture to lead.


@dataclass(frozen=True)
class FrontPage:
    """`sections` pairs each section that has something more to show with its stories, newest first
    but for the one with a picture that opens them."""

    lead: Article | None
    lead_authors: list[Author]
    secondaries: list[Article]
    briefs: list[Article]
    sections: list[tuple[Section, list[Article]]]


def front_page() -> FrontPage:
    """Fill the front page: nothing stands on it twice."""
    now = timezone.now()
    places = top(None, now)
    lead = places[0] if places else None
    in_places = {story.pk for story in places}
    free = Article.objects.published(now).filter(kind=Article.Kind.BRIEF).exclude(pk__in=in_places)
    briefs = list(free.for_cards().newest_first()[:BRIEFS])
    sections = _sections(in_places | {brief.pk for brief in briefs}, now)
    return FrontPage(lead, lead.byline_authors() if lead else [], places[1:], briefs, sections)


def section_page(section: Section, cursor: str) -> Page[Article]:
    """A page of a section's list; its top opens the first one.

    What an editor has pinned stands there and nowhere else in the list, so that no page repeats it.
    """
    now = timezone.now()
    pinned = slots_of(section, now).values("article")
    listed = Article.objects.published(now).filter(section=section).exclude(pk__in=pinned)
    page = page_of(listed.for_cards(), cursor)
    if not page.is_first:
        return page
    places = top(section, now)
    return replace(page, articles=[*places, *(story for story in page.articles if story not in places)])


def top(section: Section | None, now: datetime) -> list[Any]:
    """The stories at the top of a section's page, or of the front page, the lead first.

    `slot` of a story is the place that an editor has pinned it to, or None. Around those the newest fill what is free;
    only one with a picture leads by itself, if there is one.
    """
    slots = slots_of(section, now)
    chosen = pool(section, now).newest_first().values("pk")[: PLACES + SPARE].union(slots.values("article"))
    place = Subquery(slots.filter(article=OuterRef("pk")).values("position"))
    stories: list[Any] = list(Article.objects.filter(pk__in=chosen).annotate(slot=place).for_cards().newest_first())
    pinned = {story.slot: story for story in stories if story.slot is not None}
    places = [story for story in stories if story.slot is None]
    if 0 not in pinned:
        places = opened(places)
    for number in sorted(pinned):
        places.insert(number, pinned[number])
    return places[:PLACES]


def opened(stories: list[Article]) -> list[Article]:
    """The stories with the first that has a picture before the others, which stay in their order."""
    lead = next((story for story in stories if story.lead_picture), None)
    return sorted(stories, key=lambda story: story is not lead)


def pool(section: Section | None, now: datetime) -> Any:
    """The articles that fill a page's top by themselves. Briefs have a place of their own on the front page."""
    published = Article.objects.published(now)
    return published.filter(section=section) if section else published.filter(kind=Article.Kind.STORY)


def slots_of(section: Section | None, now: datetime) -> QuerySet[Slot]:
    """What is pinned to a page now. A story that has moved to another section has left its place."""
    slots = Slot.objects.filled(now).filter(section=section, position__lt=PLACES).order_by()
    return slots.filter(article__section=section) if section else slots


def pins(section: Section | None) -> QuerySet[Slot]:
    """All that is pinned to a page, also what does not hold now."""
    return Slot.objects.filter(section=section).order_by("position")


def state_of(section: Section | None) -> str:
    """What is pinned to a page, in one word: it differs when somebody has pinned something else meanwhile."""
    rows = pins(section).values_list("position", "article_id", "pinned_until")
    return " ".join(f"{place}:{article}:{until.isoformat() if until else ''}" for place, article, until in rows)


@transaction.atomic
def repin(section: Section | None, wanted: Iterable[Slot], seen: str) -> bool:
    """Pin these to a page in place of all that was, if it is still as it was `seen`: False if somebody was first."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Slot._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # Readers do not wait for it.
    if state_of(section) != seen:
        return False
    pins(section).delete()
    for slot in wanted:
        slot.save(force_insert=True)  # Each by itself: its signal outdates the kept pages.
    return True


def _sections(shown: set[int], now: datetime) -> list[tuple[Section, list[Article]]]:
    rest_of_the_news = Article.objects.published(now).exclude(pk__in=shown)
    sections = list(Section.objects.all())
    if not sections:
        return []
    # One query for all sections: the newest few of each, by the index on section and time.
    first, *rest = (
        rest_of_the_news.filter(section=section).newest_first().values("pk")[:IN_SECTION] for section in sections
    )
    found = Article.objects.filter(pk__in=first.union(*rest, all=True) if rest else first).for_cards().newest_first()
    by_section: dict[int, list[Article]] = {}
    for article in found:
        by_section.setdefault(article.section.pk, []).append(article)
    return [(section, opened(by_section[section.pk])) for section in sections if section.pk in by_section]
