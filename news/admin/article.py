"""The article: the page where a story is written, filed and published."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from news import roles
from news.admin.article_finds import check_embed, find_articles, find_companies
from news.admin.article_form import ArticleForm
from news.admin.article_list import ListPage
from news.admin.article_rows import RowField, RowsField
from news.admin.article_steps import StepButtons, outcome, refusals_of, saved_message, step_message
from news.admin.autosave import autosave, forget, unsaved_of
from news.admin.lacks import show_lacks
from news.admin.moments import MOMENTS, moment, zone_name
from news.admin.preview import preview
from news.admin.revision import (
    collisions,
    compare_revision,
    for_editing,
    keep_revision,
    list_revisions,
    restore_revision,
)
from news.body import clean_html
from news.figure_check import figure_warnings
from news.forms import EDITOR_SHEETS, in_our_time
from news.mentions import suggested_companies
from news.models import Article, Author
from news.models.revision import store_many, stored_fields
from tickers.models import Company

KEPT = "Kept as a draft over the article. Readers see the old one until you publish the changes."
TIMES = {"published_at", "embargo_until", "updated_at"}


class Overtaken(Exception):
    """Somebody saved the article between our look at it and our save."""


@admin.register(Article)
class ArticleAdmin(StepButtons, ListPage):
    form = ArticleForm
    formfield_overrides = MOMENTS
    autocomplete_fields = ("topics", "companies", "lead_picture")
    readonly_fields = ("state_now", "body_to_read")
    warn_unsaved_form = True
    compressed_fields = False
    fieldsets = (
        (None, {"fields": ("headline", "dek", "body"), "classes": ("story",)}),
        ("Publishing", {"fields": ("state_now", "published_at", "embargo_until"), "classes": ("publishing",)}),
        ("Filing", {"fields": ("section", "authors_in_order", "topics", "companies", "kind"), "classes": ("filing",)}),
        ("Lead picture", {"fields": ("lead_picture", "lead_video"), "classes": ("picture",)}),
        (
            "More",
            {
                "fields": (
                    "slug",
                    "search_headline",
                    "social_headline",
                    "mail_headline",
                    "related_picks",
                    "sponsor",
                    "canonical_url",
                    "updated_at",
                ),
                "classes": ("more", "collapse"),
            },
        ),
    )
    custom_urls = (
        ("find/", "news_article_find", find_articles),
        ("find-company/", "news_article_find_company", find_companies),
        ("embed/", "news_article_embed", check_embed),
        ("autosave/", "news_article_autosave_new", autosave),
        ("<int:pk>/autosave/", "news_article_autosave", autosave),
        ("preview/", "news_article_preview_new", preview),
        ("<int:pk>/preview/", "news_article_preview", preview),
        ("<int:pk>/revisions/<int:revision_pk>/", "news_article_revision", compare_revision),
        ("<int:pk>/revisions/<int:revision_pk>/restore/", "news_article_restore", restore_revision),
    )

    class Media:
        css = {
            "all": [
                "django_prose_editor/editor.css",
                *EDITOR_SHEETS,
                "admin-editor/article.css",
                "admin-editor/article-header.css",
                "admin-editor/preview.css",
            ]
        }
        js = [f"admin-editor/{name}.js" for name in ("article", "schedule", "autosave", "preview", "copy")]

    # Who may: the rules are in news/roles.py.

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return roles.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return roles.may_delete(request.user, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is before readers is withdrawn first, so that an address never ends unawares."""
        deleted, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        published = [article for article in objs if article.status == Article.Status.PUBLISHED]
        return deleted, counts, missing_rights, [*protected, *(f"{one} (withdraw it first)" for one in published)]

    # The form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """The article and what is kept over it, read once for a request."""
        if getattr(request, "article", None) is None:
            known = str(object_id).isdecimal()
            request.article = for_editing(request.user).filter(pk=object_id).first() if known else None  # type: ignore[attr-defined]
        return request.article  # type: ignore[attr-defined,no-any-return]

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **options: Any) -> Any:
        try:
            return super().changeform_view(request, object_id, *args, **options)
        except Overtaken:
            # Nothing was stored. The second look sees the newer version, and the form shows both.
            request.article = None  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, *args, **options)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Who may only look reads the body as words and pictures; a field that is only shown would show its tags."""
        if self.may_write(request, obj):
            return self.fieldsets
        (name, story), *others = self.fieldsets
        return [(name, {**story, "fields": ("headline", "dek", "body_to_read")}), *others]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        form.pending = obj.pending if obj else None
        if request.method == "GET":
            request.unsaved = unsaved_of(request.user, obj)  # type: ignore[attr-defined]
            form.unsaved = request.unsaved if "unsaved" in request.GET else None  # type: ignore[attr-defined]
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        mine = Author.objects.filter(user=request.user.pk).values_list("pk", flat=True)
        asked: dict[str, Any] = {name: value for name, value in request.GET.items() if name != "unsaved"}
        asked |= {name: moment(asked[name]) for name in TIMES & asked.keys()}
        return {"authors_in_order": list(mine), **asked}

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **options})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **{"form_class": RowField, **options})
        if db_field.name == "lead_picture":
            field.widget.attrs["data-thumbnail"] = reverse("admin:news_picture_thumbnail", args=[0])
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name in TIMES:
            field.validators.append(in_our_time)
            field.label = f"{field.label} ({zone_name()})"
        if db_field.name == "published_at":
            field.help_text = "Empty: at once."
        return field

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_live else None

    @admin.display(description="State")
    def state_now(self, article: Article) -> SafeString:
        state = article.state if article.pk else "Draft"
        leads_on = f" Readers are sent to {article.withdrawn_to}" if article.withdrawn_to else ""
        return format_html('<span class="state" data-state="{}">{}</span>{}', state, state, leads_on)

    @admin.display(description="Body")
    def body_to_read(self, article: Article) -> SafeString:
        html = mark_safe(clean_html(article.body))  # noqa: S308
        return format_html('<div class="prose-editor"><div class="tiptap ProseMirror">{}</div></div>', html)

    @admin.display(description="Authors")
    def authors_in_order(self, article: Article) -> str:
        """What the form's field of this name shows to those who may only look."""
        return ", ".join(author.name for author in article.byline_authors())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Article | None = None, **options: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        steps = obj.possible_steps() if obj else ["hand_in", "publish"]
        if obj and "lacks" in request.GET and request.method == "GET" and "publish" in steps:
            show_lacks(form, obj)
        context |= {
            "can_publish": "publish" in steps and roles.may_publish(request.user, obj),
            "zone": timezone.get_current_timezone_name(),
            "can_hand_in": "hand_in" in steps and self.may_write(request, obj),
            "show_delete": obj is not None and obj.status != Article.Status.PUBLISHED,
            "may_write": self.may_write(request, obj),
            "corrections": obj.corrections.all() if obj and roles.may_correct(request.user, obj) else [],
            "is_live": getattr(form, "was_live", False),
            "unsaved": getattr(request, "unsaved", None),
            "is_restored": form.unsaved is not None,
            "is_overtaken": form.is_overtaken,
            "overtaken_by": obj.revisions.select_related("made_by").first() if obj and form.is_overtaken else None,
            "collisions": collisions(form) if obj and form.is_overtaken else [],
            "suggested": unfiled_companies(form) if obj and "companies" in form.fields else [],
        }
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **options)
        return page

    def may_write(self, request: HttpRequest, obj: Article | None) -> bool:
        return bool(self.has_change_permission(request, obj) if obj else self.has_add_permission(request))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return list_revisions(request, self, self.get_object(request, object_id))

    # The save

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        """Write the article, unless what was typed is kept as a draft over it."""
        form.is_kept = form.was_live and "_publish" not in request.POST
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
            obj.version = 1
            obj.save()
        elif not obj.claim():
            raise Overtaken
        elif not form.is_kept:
            obj.save(update_fields=stored_fields())
            obj.keep_former_slug(form.live)

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        """Write the related rows, take the step that the button asks for, and keep the revision."""
        article, said = form.instance, form.payload()
        if not form.is_kept:
            store_many(article, form.live, said)
            article.is_signed = bool(said["authors"])
            for formset in formsets:
                self.save_formset(request, form, formset, change=change)
        step = self.pressed(request, article)
        refusals = refusals_of(step, article) if step else []
        request.is_refused = bool(refusals) and step is Article.publish  # type: ignore[attr-defined]
        is_taken = step is not None and not refusals
        keep_revision(request.user, form, said, outcome(article) if is_taken else "", change=change)
        if not change or article.has_unsaved_work:
            forget(request.user, article if change else None)
        messages.success(
            request, KEPT if form.is_kept else step_message(article) if is_taken else saved_message(article)
        )
        for words in refusals:
            messages.error(request, words)
        if step or "_publish" in request.POST:
            for warning in figure_warnings(article):
                messages.warning(request, str(warning))

    def pressed(self, request: HttpRequest, article: Article) -> Callable[[Article], None] | None:
        """The step that the button asks for besides the save."""
        if "_publish" in request.POST and article.status != Article.Status.PUBLISHED:
            if not roles.may_publish(request.user, article):
                raise PermissionDenied
            return Article.publish
        return Article.hand_in if "_hand_in" in request.POST else None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The revisions are the log."""

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Stay on the article."""
        if self.has_view_or_change_permission(request, obj):
            lacks = "?lacks" if getattr(request, "is_refused", False) else ""
            return HttpResponseRedirect(reverse("admin:news_article_change", args=[obj.pk]) + lacks)
        return HttpResponseRedirect(reverse("admin:index"))


def unfiled_companies(form: ArticleForm) -> list[Company]:
    """What the story seems to be about and is not filed under; the editor decides."""
    chosen = {str(getattr(company, "pk", company)) for company in form["companies"].value() or ()}
    return [company for company in suggested_companies(form.instance) if str(company.pk) not in chosen]
