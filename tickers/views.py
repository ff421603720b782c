"""The figures of the shares as JSON: all of the strip for the pages that are open, and one share with its past."""

import json
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tickers import symbol_json as one_symbol
from tickers.models import Symbol
from tickers.quotes_json import shared

SYMBOL_CACHE = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"


@require_safe
def quotes_json(request: HttpRequest) -> HttpResponseBase:
    """The same for everyone, from the process's copy. 503 only if Postgres has been down since the process began."""
    copy = shared.copy()
    if copy is None:
        return JsonResponse({"error": "The quotes cannot be read now."}, status=503, headers={"Retry-After": "15"})
    headers = {"Cache-Control": copy.cache_control, "ETag": copy.etag}
    response = HttpResponse(copy.body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=copy.etag, response=response) or response


@require_safe
def symbol_json(request: HttpRequest, ticker: str) -> HttpResponseBase:
    """One share with its closes and points (docs/json.md)."""
    symbol = Symbol.objects.select_related("company", "quote").filter(ticker=ticker).first()
    if symbol is None:
        return JsonResponse({"error": "We follow no share of this name."}, status=404)
    body = json.dumps(one_symbol.content(symbol, timezone.now()), ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": SYMBOL_CACHE, "ETag": etag}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
