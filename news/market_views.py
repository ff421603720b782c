"""The pages of the market: all shares, and a company with its share and our stories about it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from news import markets as the_markets
from news.company_page import RANGES, USUAL, Drawing, Range, Share, marks, range_of
from news.models import Article
from news.paging import Page, page_of
from tickers.models import Company, Symbol


def markets(request: HttpRequest) -> HttpResponse:
    found = the_markets.markets(timezone.now())
    order = the_markets.Order.of(request.GET.get("sort", ""), request.GET.get("dir", ""))
    kind = next((kind for kind, _, _ in found.kinds if kind == request.GET.get("kind")), "")
    rows = [row for row in order.apply(found.rows) if not kind or row.company.kind == kind]
    return render(request, "news/markets.html", {"markets": found, "rows": rows, "kind": kind, "order": order})


def company(request: HttpRequest, slug: str) -> HttpResponse:
    companies: QuerySet[Any] = Company.objects.annotate(is_listed=Exists(Symbol.objects.filter(company=OuterRef("pk"))))
    found = get_object_or_404(companies, slug=slug)
    page = page_of(Article.objects.published().filter(companies=found).for_cards(), request.GET.get("before", ""))
    chosen = range_of(request.GET.get("r", ""))
    about: dict[str, Any] = {"company": found, "page": page, "range": chosen, "ranges": RANGES, "usual": USUAL}
    if found.is_listed:
        # Those that we no longer follow come last: they keep their page and their past.
        symbols = list(found.symbols.select_related("quote").order_by("-is_active", "position", "ticker"))
        share = Share.of(symbols[0], chosen, timezone.now())
        about |= {"symbols": symbols, "share": share, "key_figures": share.key_figures(), **_drawn(share, chosen, page)}
    return render(request, "news/company.html", about)


def _drawn(share: Share, chosen: Range, page: Page[Article]) -> dict[str, Any]:
    """The chart with the page's stories marked on it, and the numbers of the marked ones by their keys."""
    chart = share.chart(chosen)
    if chart is None:
        return {}
    found, marked = marks(chart, page.articles)
    title = f"{share.symbol.ticker}, {chosen.words}"
    return {"drawing": Drawing(chart, chosen, title, found, share.now), "marked": marked}


def symbol(request: HttpRequest, ticker: str) -> HttpResponse:
    """A share's own address leads to its company."""
    found = get_object_or_404(Symbol.objects.select_related("company"), ticker=ticker.upper())
    return redirect(found.company, permanent=True)
