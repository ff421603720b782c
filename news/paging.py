"""Pages of a long list, by key: page 10,000 costs what page 1 costs, and a new story never shifts a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, Self, TypeVar

from django.http import Http404

PAGE_SIZE = 20
_FORMAT = "%Y%m%dT%H%M%S.%f"


S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class Stories(Protocol[S_co]):
    """A query set of what has a time and a number: articles, or stories of partners."""

    def newest_first(self) -> Self: ...

    def before(self, published_at: datetime, pk: int) -> Self: ...

    def __getitem__(self, rows: slice, /) -> Iterable[S_co]: ...


@dataclass(frozen=True)
class Page(Generic[S]):
    """One page of a list, newest first. `older` is the cursor of the next page, empty on the last."""

    articles: list[S]
    older: str
    is_first: bool


def page_of(stories: Stories[S], cursor: str) -> Page[S]:
    """The page that begins behind the cursor (`Page.older` of the page before; empty for the first page).

    A cursor which is not ours is a page that does not exist: Http404.
    """
    if cursor:
        stories = stories.before(*_read(cursor))
    found = list(stories.newest_first()[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(shown, _write(shown[-1]) if len(found) > PAGE_SIZE else "", is_first=not cursor)


def _write(story: Any) -> str:
    # What is listed is published, and the database holds that it then has its time.
    return f"{story.published_at.astimezone(UTC).strftime(_FORMAT)}-{story.pk}"


def _read(cursor: str) -> tuple[datetime, int]:
    time, _, pk = cursor.partition("-")
    if len(pk) > 18:  # No row's number is so long, and Postgres would refuse to compare with it.
        raise Http404("There is no such page.")
    try:
        return datetime.strptime(time, _FORMAT).replace(tzinfo=UTC), int(pk)
    except ValueError:
        raise Http404("There is no such page.") from None
