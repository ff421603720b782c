import io

import pytest
from django.test import Client
from PIL import Image

from news.cards import Card, card_of, card_of_site, draw
from news.models import Publication
from tests import make


def picture_of(card: Card) -> Image.Image:
    image = Image.open(io.BytesIO(draw(card)))
    image.load()
    return image


@pytest.mark.parametrize(
    ("subject", "size"), [("1", (1200, 630)), ("site", (1200, 630)), ("logo", (600, 120)), ("icon", (512, 512))]
)
def test_a_card_has_its_size_and_is_small(subject: str, size: tuple[int, int]):
    data = draw(Card(subject, "Lot & Lane", "Used-car supply climbs while recon bays wait for parts", "Retail"))
    assert Image.open(io.BytesIO(data)).size == size
    assert len(data) < 60_000


@pytest.mark.parametrize("words", ["", "漢字 👩‍👩‍👧 \u202e", "W" * 200, "word " * 40, "\x00\x1b\n", "é" * 80])
def test_any_words_can_be_drawn(words: str):
    for subject in ("1", "site", "logo"):
        picture_of(Card(subject, words, words, words))


def test_what_the_fonts_lack_is_left_out():
    plain = draw(Card("1", "Lot & Lane", "Supply climbs", "Retail"))
    assert draw(Card("1", "Lot & Lane", "Supply 漢👩 climbs", "Retail")) == plain


def test_the_headline_stays_on_the_card():
    image = picture_of(Card("1", "Lot & Lane", "Wholesale weekday " * 11, "Retail")).convert("RGB")
    edges = {image.getpixel((x, y)) for y in range(630) for x in (*range(70), *range(1130, 1200))}
    assert edges == {(14, 47, 58)}


@pytest.mark.django_db
def test_an_address_changes_with_the_words_and_the_old_one_leads_to_it(client: Client):
    article = make.article()
    publication = Publication.load()
    old = card_of(article, publication).url
    assert client.get(old).status_code == 200
    article.headline = "Supply falls"
    article.save()
    new = card_of(article, publication).url
    assert new != old
    response = client.get(old)
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (302, new, "no-store")


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["999999", "9" * 30, "x", "-1", "\u0663"])
def test_what_is_not_published_has_no_card(client: Client, subject: str):
    draft = make.article(status="draft")
    for path in (subject, str(draft.pk)):
        assert client.get(f"/cards/{path}/0000.png").status_code == 404


@pytest.mark.django_db
def test_a_sponsored_card_says_so():
    article = make.article(sponsor="Gasket Bank")
    assert card_of(article, Publication.load()).kicker == "Sponsored by Gasket Bank"


@pytest.mark.django_db
def test_the_logo_of_a_site_is_drawn(client: Client):
    assert client.get(card_of_site(make.publication(), "logo").url).status_code == 200
