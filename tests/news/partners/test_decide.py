from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from news.partners.decide import Decision, Known, decide, keyed, keys_of
from news.partners.parse import Entry

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
STORY = Entry("Auction volumes ease", "https://gasket.test/2026/auctions/", "g-1", "Quiet lanes.", published_at=NOON)


def known(entry: Entry, pk: int = 1) -> Known:
    """The entry as it is stored once it has come in."""
    (story,) = keyed([entry], NOON)
    return Known(pk, frozenset(story.keys), entry.title, entry.url, entry.summary, entry.author, entry.picture_url)


def decided(stories: list[Known], *entries: Entry) -> Decision:
    return decide(stories, keyed(entries, NOON))


def test_a_story_that_nobody_knows_is_new() -> None:
    decision = decided([], STORY)
    assert [story.entry for story in decision.new] == [STORY]
    assert decision.changed == ()


def test_a_story_that_is_as_we_know_it_needs_nothing() -> None:
    assert decided([known(STORY)], STORY) == Decision((), ())


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Auction volumes ease again"},
        {"summary": "Quiet lanes, loud sellers."},
        {"author": "Lee Marsh"},
        {"picture_url": "https://gasket.test/a.jpg"},
        {"title": "All is new", "url": "https://gasket.test/all-is-new"},
    ],
)
def test_an_edit_changes_the_story_in_place(edit: dict[str, str]) -> None:
    edited = replace(STORY, **edit)
    decision = decided([known(STORY)], edited)
    assert [(pk, story.entry) for pk, story in decision.changed] == [(1, edited)]
    assert decision.new == ()


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "another-system-1"},
        {"guid": ""},
        {"guid": "x", "title": "Volumes ease", "published_at": None},
        {"guid": "x", "url": "http://www.gasket.test/2026/auctions?utm_source=rss&utm_medium=feed&fbclid=7#more"},
        {"guid": "x", "url": "https://gasket-review.test/2026/auctions"},
        {"guid": "x", "url": "https://gasket-review.test/2026/auctions", "published_at": None},
        {"guid": "x", "url": "https://elsewhere.test/?p=991"},
        {"url": "https://elsewhere.test/?p=991", "title": "Another", "published_at": None},
    ],
)
def test_a_story_is_known_again(change: dict[str, object]) -> None:
    decision = decided([known(STORY)], replace(STORY, **change))  # type: ignore[arg-type]
    assert decision.new == ()
    assert [pk for pk, _ in decision.changed] == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "g-2", "url": "https://gasket.test/2026/lots", "title": "Lots fill"},
        {"guid": "g-2", "url": "https://gasket.test/?p=2", "title": "Lots fill"},
        # A weekly column has one title and many addresses and days.
        {"guid": "g-2", "url": "https://gasket.test/2026/auctions-2", "published_at": NOON + timedelta(days=7)},
    ],
)
def test_another_story_is_another(change: dict[str, object]) -> None:
    assert len(decided([known(STORY)], replace(STORY, **change)).new) == 1  # type: ignore[arg-type]


def test_the_surest_key_decides_which_of_two_stories_it_is() -> None:
    first, second = known(STORY, 1), known(replace(STORY, guid="g-2", url="https://gasket.test/b", title="B"), 2)
    both = decided([first, second], replace(STORY, guid="g-2"), replace(STORY, guid="g-1", url="https://gasket.test/b"))
    assert [(pk, story.entry.guid) for pk, story in both.changed] == [(2, "g-2"), (1, "g-1")]
    assert both.new == ()


def test_one_guid_for_all_is_nobodys() -> None:
    stories = [
        replace(STORY, guid="http://gasket.test/", url=f"https://gasket.test/{n}", title=f"T {n}") for n in "abc"
    ]
    decision = decided([], *stories)
    assert len(decision.new) == 3
    again = [known_as(story.keys, story.entry, pk) for pk, story in enumerate(decision.new)]
    assert decided(again, *stories) == Decision((), ())


def test_one_address_for_all_is_nobodys() -> None:
    stories = [Entry(f"T {n}", "https://gasket.test/live") for n in "abc"]
    decision = decided([], *stories)
    again = [known_as(story.keys, story.entry, pk) for pk, story in enumerate(decision.new)]
    assert (len(decision.new), decided(again, *stories)) == (3, Decision((), ()))


def known_as(keys: tuple[str, ...], entry: Entry, pk: int) -> Known:
    return Known(pk, frozenset(keys), entry.title, entry.url, entry.summary, entry.author, entry.picture_url)


def test_a_front_page_is_no_storys_own_address() -> None:
    assert [key.partition(":")[0] for key in keys_of(Entry("T", "https://gasket.test/?utm_source=x"))] == ["all"]


def test_an_entry_that_comes_twice_is_one_story() -> None:
    assert len(decided([], STORY, replace(STORY, summary="Again.")).new) == 1


@pytest.mark.parametrize(
    ("published_at", "listed_at"),
    [
        (NOON - timedelta(days=3), NOON - timedelta(days=3)),
        (NOON + timedelta(hours=5), NOON),
        (datetime(2090, 1, 1, tzinfo=UTC), NOON),
        (datetime(9999, 12, 31, tzinfo=UTC), NOON),
        (None, NOON),
    ],
)
def test_a_story_is_listed_when_it_was_published_or_else_when_it_was_seen(
    published_at: datetime | None, listed_at: datetime
) -> None:
    (story,) = keyed([replace(STORY, published_at=published_at)], NOON)
    assert story.listed_at == listed_at


def test_stories_without_a_date_keep_the_order_of_the_feed() -> None:
    stories = keyed([Entry(f"T {n}", f"https://gasket.test/{n}") for n in range(3)], NOON)
    assert [story.entry.title for story in sorted(stories, key=lambda story: story.listed_at, reverse=True)] == [
        "T 0",
        "T 1",
        "T 2",
    ]
