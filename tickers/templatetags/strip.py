"""`{% last_quotes as quotes %}` reads them once for a page; `{% strip quotes %}` is the strip as it opens with it."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from tickers import sources
from tickers import strip as tickers_strip

register = template.Library()

# One string for a cell: as a loop of the template it would cost more than the rest of the strip.
CELL = (
    '<li><a href="{url}"><b>{ticker}</b> <span>{price}</span> '
    '<span class="{direction}"><i role="img" aria-label="{direction}">{mark}</i>{move}</span></a></li>'
)


@register.simple_tag
def last_quotes() -> tickers_strip.Strip | None:
    """What the strip shows, or None while no symbol has a quote; one query."""
    return tickers_strip.strip(tickers_strip.read(), timezone.now())


@register.inclusion_tag("tickers/_strip.html")
def strip(found: tickers_strip.Strip | None) -> dict[str, Any]:
    """The strip, or nothing while no symbol has a quote."""
    if found is None:
        return {"status": None}
    cells = "".join(cell_html(cell) for cell in found.cells)
    return {
        "status": found.status,
        "cells": SafeString(cells),
        "cells_again": SafeString(cells.replace("<a ", '<a tabindex="-1" ')),
        "next_poll_s": sources.next_poll_s(),
    }


def cell_html(cell: tickers_strip.Cell) -> str:
    """Nothing in it needs escaping: the database holds tickers to capitals, digits, dot and dash; the rest we write."""
    return CELL.format(
        url=cell.url,
        ticker=cell.ticker,
        price=cell.figures.price,
        direction=cell.direction,
        mark=cell.mark,
        move=cell.move,
    )
