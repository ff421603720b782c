"""`{% movers %}`: the day's three biggest moves, each with its headline, as a phone shows them above the strip."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from django import template

from news.markets import MOVERS, newest_stories
from news.models import Article, PartnerStory
from tickers.strip import Strip

register = template.Library()


@register.inclusion_tag("news/_movers.html")
def movers(found: Strip | None, news: Mapping[str, Any] | str) -> dict[str, Any]:
    """The movers, or nothing while nothing has moved, or where there is no chrome to know their headlines from."""
    moved = found.movers(MOVERS) if found else []
    if not found or not moved or not isinstance(news, Mapping):
        return {}
    stories = newest_stories({cell.company for cell in moved}, news)
    headlines = {company: Headline.of(story) for company, story in stories.items()}
    rows = [(cell, headlines.get(cell.company) or Headline(cell.url, "No story yet")) for cell in moved]
    return {"status": found.status, "movers": rows}


class Headline(NamedTuple):
    """Where a mover leads and what is said there; `rel` if it leads away."""

    url: str
    words: str
    rel: str = ""

    @classmethod
    def of(cls, story: Article | PartnerStory) -> Self:
        if isinstance(story, Article):
            return cls(story.get_absolute_url(), story.headline)
        return cls(story.url, f"{story.partner.name}: {story.title}", story.rel)
