"""Pages of a long list, by key: page 10,000 costs what page 1 costs, and a new story never shifts a page."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.http import Http404

from news.models.article import Article, ArticleQuerySet

PAGE_SIZE = 20
_FORMAT = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first. `older` is the cursor of the next page, empty on the last."""

    articles: list[Article]
    older: str
    is_first: bool


def page_of(articles: ArticleQuerySet, cursor: str) -> Page:
    """The page that begins behind the cursor (`Page.older` of the page before; empty for the first page).

    A cursor which is not ours is a page that does not exist: Http404.
    """
    if cursor:
        articles = articles.before(*_read(cursor))
    found = list(articles.newest_first()[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(shown, _write(shown[-1]) if len(found) > PAGE_SIZE else "", is_first=not cursor)


def _write(article: Article) -> str:
    # A listed article is published, and the database holds that a published one has its time.
    published_at = cast(datetime, article.published_at)
    return f"{published_at.astimezone(UTC).strftime(_FORMAT)}-{article.pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    time, _, pk = cursor.partition("-")
    if len(pk) > 18:  # No row's number is so long, and Postgres would refuse to compare with it.
        raise Http404("There is no such page.")
    try:
        return datetime.strptime(time, _FORMAT).replace(tzinfo=UTC), int(pk)
    except ValueError:
        raise Http404("There is no such page.") from None
