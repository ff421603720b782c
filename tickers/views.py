"""The figures of the shares as JSON: all of the strip for the pages that are open, and one share with its past."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tickers import symbol_json as one_symbol
from tickers.models import Symbol
from tickers.quotes_json import shared


@require_safe
def quotes_json(request: HttpRequest) -> HttpResponse:
    """The same for everyone, from the process's copy. 503 only if Postgres has been down since the process began."""
    copy = shared.copy()
    if copy is None:
        return JsonResponse({"error": "The quotes cannot be read now."}, status=503, headers={"Retry-After": "15"})
    headers = {"Cache-Control": copy.cache_control}
    return HttpResponse(copy.body, content_type="application/json", headers=headers)


@require_safe
def symbol_json(request: HttpRequest, ticker: str) -> HttpResponse:
    """One share with its closes and points (docs/json.md)."""
    symbol = Symbol.objects.select_related("company", "quote").filter(ticker=ticker).first()
    if symbol is None:
        return JsonResponse({"error": "We follow no share of this name."}, status=404)
    terse = {"ensure_ascii": False, "separators": (",", ":")}
    return JsonResponse(one_symbol.content(symbol, timezone.now()), json_dumps_params=terse)
