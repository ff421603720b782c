"""The picker of the article's form: the newsroom's pictures to choose from, and the upload of another one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from news.models import Picture

SHOWN = 24
LONGEST_KEY = 18  # No row's number has more digits, and Postgres would refuse to compare with it.


@require_GET
def pick(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """A page of pictures, newest first. `before` is the key that the next page takes, null on the last."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    words = request.GET.get("q", "")
    found, _ = model_admin.get_search_results(request, model_admin.get_queryset(request), words)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= LONGEST_KEY:
        found = found.filter(pk__lt=int(before))
    pictures = list(found.order_by("-pk")[: SHOWN + 1])
    shown = pictures[:SHOWN]
    return JsonResponse(
        {
            "pictures": [told(picture) for picture in shown],
            "before": shown[-1].pk if len(pictures) > SHOWN else None,
            "may_upload": model_admin.has_add_permission(request),
        }
    )


@require_POST
def upload(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """Take a picture as the form of the pictures' own page does; `errors` say by field why it was not taken."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = model_admin.form(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors})
    picture = form.save(commit=False)
    model_admin.save_model(request, picture, form, change=False)
    model_admin.log_addition(request, picture, "Uploaded in the article’s form.")
    return JsonResponse({"picture": told(picture)})


def told(picture: Picture) -> dict[str, Any]:
    return {
        "pk": picture.pk,
        "title": str(picture),
        "src": picture.master.url,
        "thumbnail": picture.sources("square").src,
        "alt": picture.alt,
        "caption": picture.caption,
        "credit": picture.credit,
    }
