import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from news.partners.parse import Entry, Feed, ParseFailed, Parser
from news.partners.read import MOST_ENTRIES, web_address
from tests.news.partners.web import item, rss

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
ADDRESS = "http://gasket.test/feed"
STORY = Entry(
    title="Auction volumes ease – for now",
    url="http://gasket.test/auctions",
    guid="gasket-1",
    summary="Lanes are quiet & buyers wait.",
    author="Lee Marsh",
    published_at=NOON,
)


def entries(parser: Parser, *items: str) -> tuple[Entry, ...]:
    return parser.parse(rss(*items), ADDRESS).entries


@pytest.mark.parametrize(
    "name", ["rss-0.91.xml", "rss-2.0.xml", "rdf.xml", "atom-0.3.xml", "atom-1.0.xml", "json-1.0.json", "json-1.1.json"]
)
def test_every_kind_of_feed_says_the_same_story(parser: Parser, name: str) -> None:
    (entry,) = parser.parse((FEEDS / name).read_bytes(), ADDRESS).entries
    said = {field: value for field, value in vars(entry).items() if value}
    assert said == {field: getattr(STORY, field) for field in said}
    assert {"title", "url", "summary"} <= set(said)


@pytest.mark.parametrize(
    ("name", "content_type", "title"),
    [
        ("truncated.xml", "", "Story before the cut"),
        ("latin-1-said-to-be-utf-8.xml", "application/rss+xml; charset=utf-8", "Citroën café"),
        ("windows-1252-by-header.xml", "application/rss+xml; charset=windows-1252", "Dealers’ “best” year"),
        ("utf-16.xml", "", "Zwölf Wagen"),
        ("no-such-charset.xml", "text/xml; charset=klingon", "Plain words"),
        ("nul-bytes.xml", "", "Story with nothing in it"),
        ("undeclared-entities.xml", "", "Parts & labour — and more"),
        ("html-served-as-xml-name.xml", "text/html", "Served as a page"),
        ("byte-order-mark.json", "", "After the mark"),
    ],
)
def test_a_broken_feed_says_what_can_be_read(parser: Parser, name: str, content_type: str, title: str) -> None:
    feed = parser.parse((FEEDS / name).read_bytes(), ADDRESS, content_type)
    assert [entry.title for entry in feed.entries] == [title]


@pytest.mark.parametrize(
    "document", [b"", b"\x00" * 50, b"hello", b"<html><title>Hi</title></html>", b"\xff\xfe", b"%PDF"]
)
def test_what_is_no_feed_is_refused(parser: Parser, document: bytes) -> None:
    with pytest.raises(ParseFailed, match="This is not a feed"):
        parser.parse(document, ADDRESS)


@pytest.mark.parametrize("document", [b"{", b"{}", b'{"version": "https://jsonfeed.org/version/1"}', b"{" * 100_000])
def test_json_that_is_no_feed_is_refused(parser: Parser, document: bytes) -> None:
    with pytest.raises(ParseFailed):
        parser.parse(document, ADDRESS)


def test_the_newest_hundred_of_ten_thousand_entries_are_taken(parser: Parser) -> None:
    dates = [f"Wed, 18 Nov 2026 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02} GMT" for n in range(10_000)]
    found = entries(parser, *(item(n, pubDate=date) for n, date in enumerate(dates)))
    assert len(found) == MOST_ENTRIES
    assert [found[0].title, found[-1].title] == ["Story 9999", "Story 9900"]


def test_one_bad_entry_costs_only_itself(parser: Parser) -> None:
    bad = [
        item(title=""),
        item(link="", guid=""),
        item(link="javascript:alert(1)", guid=""),
        item(link="http://[::1", guid=""),
    ]
    assert [entry.title for entry in entries(parser, *bad, item("kept"))] == ["Story kept"]


def test_an_entry_without_a_title_is_named_by_its_first_words(parser: Parser) -> None:
    (entry,) = entries(parser, item(title="", description="word " * 40))
    assert entry.title == "word " * 18 + "word…"


@pytest.mark.parametrize("date", ["Fri, 01 Jan 1795 00:00:00 GMT", "yesterday", ""])
def test_a_date_that_cannot_be_is_no_date(parser: Parser, date: str) -> None:
    assert entries(parser, item(pubDate=date))[0].published_at is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One Two"),
        ("<![CDATA[<script>alert(1)</script>Words]]>", "Words"),
        ("&lt;img src=x onerror=alert(1)&gt;Words", "Words"),
        ("Profit &amp;amp; loss", "Profit & loss"),
        ("&lt;style&gt;p{}&lt;/style&gt;  Two\n\n lines", "Two lines"),
        ("&#x202e;drow&#x2028;s", "drow s"),
        ("5 &lt; 6", "5 < 6"),
    ],
)
def test_markup_becomes_plain_words(parser: Parser, markup: str, text: str) -> None:
    (entry,) = entries(parser, item(title=markup, description=markup))
    assert (entry.title, entry.summary) == (text, text)


def test_long_words_are_cut(parser: Parser) -> None:
    (entry,) = entries(parser, item(title="word " * 500, description="x" * 9000, author="n" * 500))
    assert (len(entry.title), len(entry.summary), len(entry.author)) == (295, 400, 120)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/story", "http://gasket.test/story"),
        ("HTTPS://Gasket.TEST/Story", "https://gasket.test/Story"),
        ("http://gasket.test/caf\u00e9", "http://gasket.test/caf%C3%A9"),
        ("http://b\u00fccher.test/", "http://xn--bcher-kva.test/"),
        *((bad, "") for bad in ("javascript:alert(1)", "data:text/html,x", "http://a:b@gasket.test/", "")),
        *((bad, "") for bad in ("ftp://gasket.test/", "http://gasket.test/" + "x" * 1000, "http://\x00/", None, 7)),
    ],
)
def test_only_a_web_address_is_a_link(link: object, address: str) -> None:
    assert web_address(link, ADDRESS) == address


def test_the_picture_of_an_entry_is_found(parser: Parser) -> None:
    media = '<media:content xmlns:media="http://search.yahoo.com/mrss/" medium="image" url="/a.jpg"/>'
    (entry,) = entries(parser, item().replace("</item>", media + "</item>"))
    assert entry.picture_url == "http://gasket.test/a.jpg"
    enclosure = '<enclosure type="image/png" url="http://gasket.test/b.png" length="1"/>'
    (entry,) = entries(parser, item().replace("</item>", enclosure + "</item>"))
    assert entry.picture_url == "http://gasket.test/b.png"


def test_a_page_tells_where_its_feeds_are(parser: Parser) -> None:
    assert parser.parse((FEEDS / "page.html").read_bytes(), "http://gasket.test/") == Feed(
        alternates=(
            ("http://gasket.test/feed.xml", "Gasket Review"),
            ("https://feeds.test/comments", "https://feeds.test/comments"),
            ("http://gasket.test/feed.json", "As JSON"),
        )
    )


def test_a_parser_that_hangs_is_killed_and_the_next_feed_is_read() -> None:
    with Parser(seconds=0.8) as parser:
        start = time.monotonic()
        with pytest.raises(ParseFailed, match="more time or memory"):
            parser.parse(b"<rss><channel><item><title>" + b"<a " * 500_000, ADDRESS)
        assert time.monotonic() - start < 3
        parser.seconds = 10
        assert len(entries(parser, item())) == 1


def test_a_feed_of_entities_that_multiply_does_no_harm(parser: Parser) -> None:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = (
        f'<!DOCTYPE r [<!ENTITY e0 "lol">{names}]><rss version="2.0"><channel>{item(title="&e9;")}</channel></rss>'
    )
    start = time.monotonic()
    parser.parse(document.encode(), ADDRESS)
    assert time.monotonic() - start < 5


def test_60_kilobytes_of_style_take_no_time(parser: Parser) -> None:
    start = time.monotonic()
    (entry,) = entries(parser, item(description=f'&lt;p style="{"color:red;" * 6000}"&gt;Words&lt;/p&gt;'))
    assert time.monotonic() - start < 5
    assert entry.title == "Story 1"
