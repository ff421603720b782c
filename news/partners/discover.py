"""The feeds that a partner's own page points to."""

from news.partners.fetch import GUARD
from news.partners.guard import Guard
from news.partners.ingest import look_at


def feeds_of(page: str, guard: Guard = GUARD) -> list[tuple[str, str]]:
    """(address, title) of each feed that the page names, or of the page itself if it is a feed.

    Raises FetchFailed or ParseFailed; no feed at all is an empty list.
    """
    look = look_at(page, guard)
    if look.feed is None:
        return []
    return list(look.feed.alternates) or [(look.fetched.url, look.feed.title)]
