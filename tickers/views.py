"""The figures of the strip as JSON, for the pages that are open."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tickers.quotes_json import shared


@require_safe
def quotes_json(request: HttpRequest) -> HttpResponseBase:
    """The same for everyone, from the process's copy. 503 only if Postgres has been down since the process began."""
    copy = shared.copy()
    if copy is None:
        return JsonResponse({"error": "The quotes cannot be read now."}, status=503, headers={"Retry-After": "15"})
    headers = {"Cache-Control": copy.cache_control, "ETag": copy.etag}
    response = HttpResponse(copy.body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=copy.etag, response=response) or response
