"""What the body editor asks while somebody writes: stories and companies by their names, and what can be embedded."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from news.embeds import EmbedRefused, player_of
from news.models import Article
from tickers.models import Company

MOST = 8


@require_GET
def find_articles(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """Stories with an address, published or scheduled, whose headline has all the words; newest first."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    found = Article.objects.filter(status=Article.Status.PUBLISHED)
    for word in words_of(request):
        found = found.filter(headline__icontains=word)
    stories = found.newest_first().only("headline", "slug", "status", "published_at")[:MOST]
    return JsonResponse(
        {"found": [{"name": one.headline, "note": note(one), "href": one.get_absolute_url()} for one in stories]}
    )


def note(story: Article) -> str:
    assert story.published_at  # noqa: S101
    local = timezone.localtime(story.published_at)
    return f"Scheduled: {date_format(local, 'M j, P')}" if story.state == "Scheduled" else date_format(local, "M j, Y")


@require_GET
def find_companies(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """Companies by name, alias or ticker."""
    if not (model_admin.has_view_permission(request) and request.user.has_perm("tickers.view_company")):
        raise PermissionDenied
    found = Company.objects.order_by("name")
    for word in words_of(request):
        found = found.filter(
            Q(name__icontains=word)
            | Q(aliases__icontains=word)
            | Q(pk__in=Company.objects.filter(symbols__ticker__istartswith=word))
        )
    companies = found.prefetch_related("symbols")[:MOST]
    return JsonResponse(
        {"found": [{"name": one.name, "note": tickers_of(one), "href": one.get_absolute_url()} for one in companies]}
    )


def tickers_of(company: Company) -> str:
    return ", ".join(symbol.ticker for symbol in company.symbols.all())


@require_GET
def check_embed(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """The address under which it is embedded, or why it cannot be."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    try:
        return JsonResponse({"href": player_of(request.GET.get("address", "")).url})
    except EmbedRefused as refusal:
        return JsonResponse({"refused": str(refusal)})


def words_of(request: HttpRequest) -> list[str]:
    return request.GET.get("q", "").split()[:10]
