import re
import tomllib
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings

from news.models import Partner, Publication
from newsletter.editions import compose
from newsletter.message import Message
from newsletter.models import Edition, Newsletter
from newsletter.render import archived, checks, in_scheme
from tests import make
from tests.newsletter.test_compose import HALF_PAST_FIVE, composed, share, stories

pytestmark = pytest.mark.django_db

FEATURES = tomllib.loads((settings.ROOT / "tests" / "data" / "mail_features.toml").read_text())


class Features(HTMLParser):
    """The elements, attributes and CSS properties that a mail uses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        sheets = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
        self.at_rules = set(re.findall(r"@media \(([\w-]+)", sheets))
        self.styles = list(re.findall(r"\{([^{}]*)\}", sheets))
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles += [value or "" for name, value in attrs if name == "style"]

    @property
    def properties(self) -> set[str]:
        return {name.strip() for style in self.styles for name in re.findall(r"(?:^|;)\s*([\w-]+)\s*:", style)}


@pytest.fixture
def full(daily: Newsletter) -> Edition:
    """An edition with every part that one can have."""
    share("GM", (17, "40.00"), (18, "44.00"), name="General Motors")
    share("F", (17, "10.00"), (18, "9.50"), name="Ford", source="simulated")
    rendered = make.picture((750, 422))
    rendered.render()
    rendered.refresh_from_db()
    stories(4)
    make.article("On GM", companies=[make.company("General Motors")], lead_picture=rendered)
    make.article("A <b>bold</b> & new lead", lead_picture=rendered, published_at=make.NOON + timedelta(hours=1))
    make.article("Bought", sponsor="Harrow Lake")
    make.partner_story("Ford cuts a shift", seen_at=HALF_PAST_FIVE - timedelta(hours=1))
    Partner.objects.update(is_paying=True)
    edition = Edition(newsletter=daily, date=date(2026, 11, 19), note="Good morning.\n\nThe show opens.")
    edition.sponsor, edition.sponsor_line = "Floorplan Co.", "Rates from 6.9 percent."
    edition.sponsor_url = "https://floorplan.example/?a=1&b=2"
    edition.save()
    return recomposed(edition)


def recomposed(edition: Edition) -> Edition:
    compose(edition.pk, HALF_PAST_FIVE, is_last_chance=True)
    edition.refresh_from_db()
    return edition


def test_the_mail_is_made_of_what_mail_programs_know(full: Edition):
    found = Features(full.html)
    lost = set(FEATURES["lost"])
    assert found.elements - set(FEATURES["elements"]) == set()
    assert found.attributes - set(FEATURES["attributes"]) == set()
    assert found.properties - set(FEATURES["properties"]) - lost == set()
    assert found.at_rules == set(FEATURES["at_rules"])


def test_every_check_of_the_desk_passes(full: Edition):
    assert [check.words for check in checks(full.html) if not check.is_fine] == []
    assert len(full.html) < 40_000


def test_every_picture_is_a_jpeg_of_ours_with_alt_and_size(full: Edition):
    images = re.findall(r"<img [^>]+>", full.html)
    assert len(images) == 2
    for image in images:
        assert re.search(r'src="http://127\.0\.0\.1:8000/media/pictures/[^"]+\.jpg"', image)
        assert 'alt="Cars in a row"' in image
    assert [re.findall(r'(?:width|height)="(\d+)"', image) for image in images] == [["552", "311"], ["96", "96"]]


def test_nothing_is_loaded_but_pictures_of_ours_and_nothing_tells_who_opened_it(full: Edition):
    assert re.findall(r"<(?:script|link|iframe|form)\b|url\(|@import|@font-face", full.html) == []
    sources = re.findall(r'src="([^"]+)"', full.html)
    assert all(source.startswith("http://127.0.0.1:8000/media/pictures/") for source in sources)


def test_what_is_paid_for_says_so_in_both_parts(full: Edition):
    assert "Sponsored by Floorplan Co." in full.html
    assert "Sponsored by Harrow Lake" in full.html
    assert full.html.count(">Sponsored</span> · Gasket Review") == 1  # Under a mover stands nothing paid.
    assert 'rel="sponsored nofollow noopener"' in full.html
    assert "SPONSORED BY FLOORPLAN CO." in full.text
    assert "Sponsored by Harrow Lake:\nBought" in full.text
    assert "Sponsored, Gasket Review:" in full.text


def test_simulated_prices_are_told_in_both_parts(full: Edition):
    assert "At the close, Wednesday, Nov. 18" in full.html
    assert "Simulated prices, not the market’s" in full.html
    assert "Simulated prices" in full.text


def test_a_headline_is_text_in_the_html_and_itself_in_the_text(full: Edition):
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; new lead" in full.html
    assert "A <b>bold</b> & new lead" in full.text
    assert full.subject == "A <b>bold</b> & new lead"


def test_the_text_has_each_link_once_and_short_lines(full: Edition):
    links = re.findall(r"https?://\S+", full.text)
    assert len(links) == len(set(links))
    assert [line for line in full.text.splitlines() if len(line) > 78 and "://" not in line] == []
    assert "\n\n\n" not in full.text


def test_the_mail_says_who_sends_it_and_how_to_leave(full: Edition):
    for part in (full.html.replace("<br>", "\n"), full.text):
        assert "12 Foundry Row\nDayton, OH 45402" in part
        assert part.count("https://unsubscribe.invalid/") == 1
        assert "http://127.0.0.1:8000/newsletter/the-morning-lane/2026-11-19/" in part
        assert "http://127.0.0.1:8000/privacy/" in part


def test_the_message_is_built_from_it(full: Edition):
    assert b"unsubscribe.invalid" not in b"".join(piece for piece in Message(full)._html if isinstance(piece, bytes))


def test_dark_and_light_can_be_looked_at(full: Edition):
    assert "@media all {" in in_scheme(full.html, "dark")
    assert "@media not all {" in in_scheme(full.html, "light")
    assert 'name="color-scheme" content="dark"' in in_scheme(full.html, "dark")


def test_the_archived_page_is_a_page_of_its_own_with_a_main_part(full: Edition):
    page = archived(full)
    assert re.search(r"<body[^>]*><main>\s*<div", page)
    assert page.count("</main></body>") == 1
    assert "<main>" not in full.html


def test_the_archived_page_has_no_link_of_one_reader(full: Edition):
    page = archived(full)
    assert "nsubscribe" not in page
    assert "View in your browser" not in page
    foot = page[page.index("Get The Morning Lane") - 200 :]
    styles = re.findall(r'<a href="([^"]+)" style="([^"]+)">', foot[: foot.index("12 Foundry Row")])
    grey = "color:#4d5a63;text-decoration:underline"
    paths = ("/newsletter/", "/newsletter/archive/", "http://127.0.0.1:8000/privacy/")
    assert styles == [(path, grey) for path in paths]


def test_a_plain_day_without_market_partners_or_pictures_is_a_whole_mail(daily: Newsletter):
    Publication.objects.update(postal_address="")
    stories(3)
    edition = composed(daily)
    assert [words for words in ("The market", "partners", "<img") if words in edition.html] == []
    assert ("THE MARKET" in edition.text, "PARTNERS" in edition.text) == (False, False)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("x" * 100_000, "100 kB of HTML, of at most 100"),
        ('<a href="/news/x/">x</a>', "1 links, broken: /news/x/"),
        ('<img src="https://x.example/a.jpg" alt="" width="100">', "1 pictures, 1 without alt, size or address"),
        ("", "No link to unsubscribe"),
    ],
)
def test_the_desk_is_told_what_is_wrong(html: str, words: str, settings: Any):
    assert words in [check.words for check in checks(html) if not check.is_fine]
