"""`{% movers %}`: the day's three biggest moves, each with its headline, as a phone shows them above the strip."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import template

from news.markets import MOVERS
from news.mentions import Finder, Named
from news.models import Article, Partner, PartnerStory
from tickers.strip import Strip

register = template.Library()


@register.inclusion_tag("news/_movers.html")
def movers(found: Strip | None, news: Mapping[str, Any] | str) -> dict[str, Any]:
    """The movers, or nothing while nothing has moved, or where there is no chrome to know their headlines from."""
    moved = found.movers(MOVERS) if found else []
    if not found or not moved or not isinstance(news, Mapping):
        return {}
    stories = headlines({cell.company for cell in moved}, news)
    rows = [(cell, stories.get(cell.company) or Headline(cell.url, "No story yet")) for cell in moved]
    return {"status": found.status, "movers": rows}


class Headline(NamedTuple):
    """Where a mover leads and what is said there; `rel` if it leads away."""

    url: str
    words: str
    rel: str = ""


def headlines(companies: set[str], news: Mapping[str, Any]) -> dict[str, Headline]:
    """The newest story on each company: ours, else a partner's that names it."""
    ours = {row["company"]: _our_headline(row) for row in news["ours"] if row["company"] in companies}
    return {**_partners_headlines(companies - ours.keys(), news), **ours}


def _our_headline(row: Mapping[str, Any]) -> Headline:
    sponsor = f"Sponsored by {row['sponsor']}: " if row["sponsor"] else ""
    return Headline(Article(slug=row["slug"]).get_absolute_url(), f"{sponsor}{row['headline']}")


def _partners_headlines(companies: Iterable[str], news: Mapping[str, Any]) -> dict[str, Headline]:
    wanted = [row for row in news["names"] if row["company"] in companies]
    if not wanted:
        return {}
    finder = Finder(Named(key, [row["name"], *row["aliases"]]) for key, row in enumerate(wanted))
    found: dict[str, Headline] = {}
    for row in news["theirs"]:
        for mention in finder.find(row["title"]):
            found.setdefault(wanted[mention.key]["company"], _their_headline(row))
    return found


def _their_headline(row: Mapping[str, Any]) -> Headline:
    story = PartnerStory(partner=Partner(is_paying=row["is_paying"]))
    sponsored = "Sponsored · " if row["is_paying"] else ""
    return Headline(row["url"], f"{sponsored}{row['partner']}: {row['title']}", story.rel)
