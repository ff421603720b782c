"""What a story's page plays, and the figures of the companies that its text names."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

from news.embeds import EmbedRefused, video_of
from news.models import Article
from news.templatetags.newsroom import picture
from tickers.strip import Cell, Strip

register = template.Library()

_CHIP = re.compile(r"""(<a (?=[^>]*\bclass="company")[^>]*\bhref="(/companies/[-\w]+/)"[^>]*>.*?)</a>""", re.DOTALL)
# As a cell of the strip has them, so that its module keeps them new too; the price would be too much within a sentence.
FIGURES = (
    "{start} <b>{ticker}</b> <span hidden>{price}</span> "
    '<span class="{direction}"><i role="img" aria-label="{direction}">{mark}</i>{move}</span></a>'
)


@register.simple_tag
def with_figures(html: str, quotes: Strip | None) -> SafeString:
    """A part of a body in which the chips of listed companies show today's change, from the quotes of the strip."""
    cells: dict[str, Cell] = {}
    for cell in quotes.cells if quotes else ():
        cells.setdefault(cell.url, cell)

    def with_cell(chip: re.Match[str]) -> str:
        cell = cells.get(chip[2])
        return chip[0] if cell is None else FIGURES.format(start=chip[1], **_figures(cell))

    return SafeString(_CHIP.sub(with_cell, html))


def _figures(cell: Cell) -> dict[str, str]:
    """Nothing in it needs escaping, as in the strip itself (tickers/templatetags/strip.py)."""
    names = ("ticker", "direction", "mark", "move")
    return {"price": cell.figures.price, **{name: getattr(cell, name) for name in names}}


@register.inclusion_tag("news/_player.html")
def lead_video(article: Article) -> dict[str, Any]:
    """The lead picture with a button that plays the video in its place; without one, a plain card."""
    shown = article.lead_picture
    poster = picture(shown, "wide", "hero", shown.alt, is_hero=True) if shown else ""
    return {"player": video_of(article.lead_video), "poster": poster, "title": article.headline}


@register.filter
def is_video(address: str) -> bool:
    """Whether it can be played: what was imported was not checked by a form."""
    try:
        return bool(video_of(address))
    except EmbedRefused:
        return False
