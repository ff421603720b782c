"""What is typed and not yet saved: kept for a crash or a closed tab, offered when the form is opened again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from news.models import Article, Revision, UnsavedWork


def unsaved_of(user: Any, article: Article | None) -> UnsavedWork | None:
    return UnsavedWork.objects.filter(user=user, article=article).first()


def forget(user: Any, article: Article | None) -> None:
    """What was typed is saved, or not wanted."""
    UnsavedWork.objects.filter(user=user, article=article).delete()


@require_POST
def autosave(request: HttpRequest, model_admin: Any, pk: int | None = None) -> HttpResponse:
    """Keep the fields of the form as they were sent, without a check; `discard` forgets them instead."""
    article = model_admin.get_object(request, str(pk)) if pk else None
    if (pk and article is None) or not model_admin.may_write(request, article):
        raise PermissionDenied
    if "discard" in request.POST:
        forget(request.user, article)
        form = reverse("admin:news_article_change", args=[pk]) if pk else reverse("admin:news_article_add")
        return HttpResponseRedirect(form)
    if not is_late(request, article):
        fields = {
            name: [value.replace("\0", "") for value in values]  # Postgres keeps none in JSON.
            for name, values in request.POST.lists()
            if not name.startswith("_") and name not in {"csrfmiddlewaretoken", "keep_theirs", "seen_version"}
        }
        UnsavedWork.objects.keep(request.user, article, fields)
    return HttpResponse(status=204)


def is_late(request: HttpRequest, article: Article | None) -> bool:
    """Sent before the user's own last save, and overtaken by it on the way here."""
    version = request.POST.get("version", "")
    if article is None or not version.isdecimal() or len(version) > 9:
        return False
    return Revision.objects.filter(article=article, made_by=request.user.pk, version__gt=int(version)).exists()
