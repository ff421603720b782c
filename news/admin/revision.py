"""An article's history: who saved what and when, how it differs, and the way back to it."""

from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from news.admin.article_form import ArticleForm
from news.admin.comparison import Change, compare
from news.models import Article, Byline, FormerSlug, Publication, Revision, UnsavedWork
from news.models.revision import Payload, changed_fields, label_of, many_fields, payload_of, through

SHOWN = 100  # Revisions on the page; nobody reads on.


def for_editing(user: Any) -> QuerySet[Article]:
    """Articles with what their form needs besides, in one query: the related rows' keys, and what is kept over them."""
    mine: dict[str, Any] = {"article": OuterRef("pk")}
    related: dict[str, Any] = {"authors": ArraySubquery(Byline.objects.filter(**mine).values("author_id"))}
    for field in many_fields():
        rows = through(field).filter(**{field.m2m_column_name(): OuterRef("pk")})
        related[field.name] = ArraySubquery(rows.values(field.m2m_reverse_name()))
    return Article.objects.annotate(
        related_keys=JSONObject(**related),
        pending=Subquery(Revision.objects.filter(**mine, is_pending=True).values("payload")),
        has_revisions=Exists(Revision.objects.filter(**mine)),
        former=ArraySubquery(FormerSlug.objects.filter(**mine).values("slug")),
        signed_by=ArraySubquery(Byline.objects.filter(**mine).values("author__user_id")),
        reporters_publish=Exists(Publication.objects.filter(reporters_publish=True)),
        has_unsaved_work=Exists(UnsavedWork.objects.filter(**mine, user=user)),
    )


def keep_revision(user: Any, form: ArticleForm, said: Payload, step: str, *, change: bool) -> None:
    """One revision for a save that changed something. What the article said before our first one is kept too."""
    article = form.instance
    changed = [label_of(name) for name in changed_fields(form.shown, said)] if change else []
    if form.pending is not None:
        article.revisions.filter(is_pending=True).update(is_pending=False)
    elif change and not changed and not step:
        return
    if change and not article.has_revisions:
        Revision(article=article, version=form.was_version, summary="As it was before.", payload=form.live).save()
    summary = " ".join(filter(None, [step, "" if change else "Begun.", summary_of(form, changed)]))
    is_pending = form.is_kept and said != form.live
    Revision.objects.record(article, user, summary, said, is_pending=is_pending)


def summary_of(form: ArticleForm, changed: list[str]) -> str:
    """Such as “Changed: Headline, Body.”"""
    if form.is_kept:
        did = "Kept as a draft over the article"
    elif form.pending is not None:
        did = "Published the draft over the article"
    elif changed:
        did = "Changed"
    else:
        return ""
    return f"{did}: {', '.join(changed)}." if changed else f"{did}."


def collisions(form: ArticleForm) -> list[tuple[Change, bool]]:
    """Theirs beside mine in a form that was overtaken, and whether mine is only what the article said before them."""
    mine = form.payload()
    seen = form.data.get("seen_version", "")
    # A correction makes no version; it stands behind the save that did.
    base = form.instance.revisions.filter(version=seen).last() if seen.isdecimal() and len(seen) < 10 else None
    return [
        (change, base is not None and base.payload.get(change.name) == mine[change.name])
        for change in compare(form.shown, mine)
    ]


def list_revisions(request: HttpRequest, model_admin: Any, article: Article | None) -> HttpResponse:
    if article is None or not model_admin.has_view_or_change_permission(request, article):
        raise PermissionDenied
    revisions = article.revisions.select_related("made_by").defer("payload")[:SHOWN]
    return page(request, model_admin, article, "revisions", title="History", revisions=revisions)


def compare_revision(request: HttpRequest, pk: int, revision_pk: int, model_admin: Any) -> HttpResponse:
    """A revision against the one before it, or, with ?with=now, the article against the revision."""
    article = model_admin.get_object(request, str(pk))
    if article is None or not model_admin.has_view_or_change_permission(request, article):
        raise PermissionDenied
    revision = get_object_or_404(article.revisions.select_related("made_by"), pk=revision_pk)
    before = article.revisions.filter(pk__lt=revision.pk).first()
    with_now = request.GET.get("with") == "now"
    old, new = (revision.payload, payload_of(article)) if with_now else (before and before.payload, revision.payload)
    return page(
        request,
        model_admin,
        article,
        "revision",
        title="Compare",
        revision=revision,
        with_now=with_now,
        changes=compare(old, new) if old is not None else compare(dict.fromkeys(new, ""), new),
        may_restore=model_admin.has_change_permission(request, article),
    )


@require_POST
def restore_revision(request: HttpRequest, pk: int, revision_pk: int, model_admin: Any) -> HttpResponse:
    article = model_admin.get_object(request, str(pk))
    if article is None or not model_admin.has_change_permission(request, article):
        raise PermissionDenied
    revision = get_object_or_404(article.revisions, pk=revision_pk)
    revision.article = article
    try:
        restored = revision.restore(request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        kept = " The draft over it is as it was." if article.pending else ""
        messages.success(request, f"{restored.summary}{kept}")
    return HttpResponseRedirect(reverse("admin:news_article_change", args=[article.pk]))


def page(request: HttpRequest, model_admin: Any, article: Article, name: str, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request,
        f"admin/news/article/{name}.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "original": article,
            "article": article,
            **context,
        },
    )
