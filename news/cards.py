"""Pictures drawn from words: social cards, the publication's logo and its icons.

They are drawn when they are asked for (a card takes some 50 ms), under an address that names what they say, so that
whoever keeps pictures for a site keeps them for ever.
"""

import hashlib
import io
import unicodedata
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import cache

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from PIL import Image, ImageDraw, ImageFont

from news.models import Article, Publication

# Raise it when the drawing changes: cards then get new addresses.
RECIPE = "1"
CARD_SIZE, LOGO_SIZE, MASKABLE_SIZE = (1200, 630), (600, 120), (512, 512)
ICON_SIZES = {"icon": 512, "icon-192": 192, "badge": 144}
PETROL, PAPER, LINE, COPPER = "#0e2f3a", "#ffffff", "#2b5360", "#f0a467"
MARGIN, WIDTH = 80, CARD_SIZE[0] - 2 * 80
# The sizes of a headline, each with the most lines that it may take.
HEADLINES = ((84, 3), (72, 4), (60, 5), (50, 6))


@dataclass(frozen=True)
class Card:
    """What a picture says. `subject` is its place in the address: an article's number, or a name of DRAWINGS."""

    subject: str
    publication: str
    headline: str = ""
    kicker: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256("\0".join([RECIPE, *astuple(self)]).encode()).hexdigest()[:16]

    @property
    def url(self) -> str:
        return f"/cards/{self.subject}/{self.digest}.png"


def card_of(article: Article, publication: Publication) -> Card:
    label = f"Sponsored by {article.sponsor}" if article.is_sponsored else article.section.name
    return Card(str(article.pk), publication.name, article.social_headline or article.headline, label)


def card_of_site(publication: Publication, subject: str = "site") -> Card:
    return Card(subject, publication.name, publication.tagline if subject == "site" else "")


def card(request: HttpRequest, subject: str, digest: str) -> HttpResponse:
    """The picture under its address; an address of older words leads to the one of today's."""
    publication = Publication.load()
    if subject in DRAWINGS:
        wanted = card_of_site(publication, subject)
    elif subject.isdecimal() and len(subject) <= 18:
        article = Article.objects.published().select_related("section").defer("body").filter(pk=int(subject)).first()
        if not article:
            raise Http404("There is no such article.")
        wanted = card_of(article, publication)
    else:
        raise Http404("There is no such card.")
    if digest != wanted.digest:
        return HttpResponseRedirect(wanted.url)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(draw(wanted), content_type="image/png", headers=kept)


def draw(wanted: Card) -> bytes:
    """The PNG of a card."""
    image = DRAWINGS.get(wanted.subject, _draw_card)(wanted)
    out = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_card(wanted: Card) -> Image.Image:
    image = Image.new("RGB", CARD_SIZE, PETROL)
    pen = ImageDraw.Draw(image)
    kicker, sans = _drawable(wanted.kicker.upper(), "public-sans"), _font("public-sans", 30, 700)
    pen.text((MARGIN, 70), _cut(kicker, sans), COPPER, sans)
    lines, serif = _headline(_drawable(wanted.headline or wanted.publication))
    pen.multiline_text((MARGIN, 130), "\n".join(lines), PAPER, serif, spacing=serif.size // 8)
    pen.rectangle((MARGIN, 514, CARD_SIZE[0] - MARGIN, 516), fill=LINE)
    image.paste(_mark(52), (MARGIN - 8, 540))
    name = _drawable(wanted.publication)
    pen.text((MARGIN + 64, 566), name, PAPER, _fitting(name, 36, WIDTH - 64), anchor="lm")
    return image


def _headline(words: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The lines at the largest size at which they fit."""
    for size, most in HEADLINES:
        font = _font("forecourt-serif", size, 700)
        lines = _wrap(words, font)
        if len(lines) <= most:
            break
    return lines[:most], font


def _draw_logo(wanted: Card) -> Image.Image:
    image = Image.new("RGB", LOGO_SIZE, PETROL)
    name, middle = _drawable(wanted.publication), (LOGO_SIZE[0] / 2, LOGO_SIZE[1] / 2)
    ImageDraw.Draw(image).text(middle, name, PAPER, _fitting(name, 56, LOGO_SIZE[0] - 60), anchor="mm")
    return image


def _draw_icon(wanted: Card) -> Image.Image:
    return _mark(ICON_SIZES[wanted.subject])


def _draw_maskable(wanted: Card) -> Image.Image:
    """An icon that phones cut to a shape of their own: the strokes stay within the circle that none cuts into."""
    image = Image.new("RGB", MASKABLE_SIZE, PETROL)
    image.paste(_mark(384), (64, 64))
    return image


def _mark(size: int) -> Image.Image:
    """The three strokes of static/icon.svg, whose drawing is 32 units wide; drawn large first, for smooth edges."""
    scale = 4 * size / 32
    image = Image.new("RGB", (4 * size, 4 * size), PETROL)
    pen = ImageDraw.Draw(image)
    strokes = (
        (COPPER, ((9, 7), (14, 7), (10, 25), (5, 25))),
        (PAPER, ((18, 7), (23, 7), (19, 25), (14, 25))),
        (COPPER, ((27, 7), (29, 7), (27, 25), (23, 25))),
    )
    for colour, corners in strokes:
        pen.polygon([(x * scale, y * scale) for x, y in corners], fill=colour)
    return image.reduce(4)


DRAWINGS: dict[str, Callable[[Card], Image.Image]] = {
    "site": _draw_card,
    "logo": _draw_logo,
    **dict.fromkeys(ICON_SIZES, _draw_icon),
    "maskable": _draw_maskable,
}


@cache
def _font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(finders.find(f"fonts/{name}.woff2")), size)
    font.set_variation_by_axes([weight])
    return font


def _fitting(words: str, size: int, width: float) -> ImageFont.FreeTypeFont:
    """The serif at the size, or smaller until the words fit."""
    font = _font("forecourt-serif", size, 700)
    while size > 14 and font.getlength(words) > width:
        size -= 2
        font = _font("forecourt-serif", size, 700)
    return font


def _drawable(words: str, font: str = "forecourt-serif") -> str:
    """The words without the characters that the font lacks: those would be drawn as boxes."""
    face = _font(font, 36, 700)
    composed = " ".join(unicodedata.normalize("NFC", words).split())
    missing = bytes(face.getmask("\U0010ffff"))
    kept = {
        char
        for char in set(composed)
        if char == " " or (unicodedata.category(char)[0] != "C" and bytes(face.getmask(char)) != missing)
    }
    return " ".join("".join(char for char in composed if char in kept).split())


def _cut(line: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(line) <= WIDTH:
        return line
    while line and font.getlength(f"{line}…") > WIDTH:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _wrap(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(_cut(word, font))
    return [line for line in lines if line]
