"""The article: the page where a story is written, filed and published."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.views import ChangeList

from news.admin.article_form import ArticleForm
from news.models import Article, Author, Byline

STATE_COLOURS = {
    "Draft": "",
    "In review": "info",
    "Scheduled": "warning",
    "Published": "success",
    "Withdrawn": "danger",
}


class StateFilter(admin.SimpleListFilter):
    """The states in the desk's words: a status, and whether its time has come."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.lower().replace(" ", "_"), state) for state in STATE_COLOURS]

    def queryset(self, request: HttpRequest, articles: QuerySet[Article]) -> QuerySet[Article]:
        state = self.value()
        if state == "published":
            return articles.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())
        if state == "scheduled":
            return articles.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())
        return articles.filter(status=state) if state else articles


class ArticleList(ChangeList):  # type: ignore[misc]
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Article]:
        found: QuerySet[Article] = super().get_queryset(request, exclude_parameters)
        bylines = Prefetch("bylines", Byline.objects.select_related("author"))
        return found.defer("body").select_related("section").prefetch_related(bylines)


@admin.register(Article)
class ArticleAdmin(ModelAdmin):  # type: ignore[misc]
    form = ArticleForm
    list_display = ("headline", "section", "state", "byline", "publish_time")
    list_filter = (StateFilter, "section", "kind")
    search_fields = ("headline", "dek", "slug")
    search_help_text = "Headline, dek or address"
    show_full_result_count = False
    list_per_page = 50
    autocomplete_fields = ("topics", "companies", "lead_picture")
    readonly_fields = ("state_now",)
    warn_unsaved_form = True
    compressed_fields = False
    actions_detail = ("withdraw", "back_to_draft")
    fieldsets = (
        (None, {"fields": ("headline", "dek", "body"), "classes": ("story",)}),
        ("Publishing", {"fields": ("state_now", "published_at"), "classes": ("publishing",)}),
        ("Filing", {"fields": ("section", "authors_in_order", "topics", "companies", "kind"), "classes": ("filing",)}),
        ("Lead picture", {"fields": ("lead_picture",), "classes": ("picture",)}),
        (
            "More",
            {
                "fields": (
                    "slug",
                    "search_headline",
                    "social_headline",
                    "mail_headline",
                    "sponsor",
                    "canonical_url",
                    "updated_at",
                ),
                "classes": ("more", "collapse"),
            },
        ),
    )

    class Media:
        css = {"all": ["admin-editor/article.css"]}
        js = ["admin-editor/article.js"]

    # The list

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ArticleList]:
        return ArticleList

    @display(description="State", ordering="status", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, article: Article) -> str:
        return article.state

    @admin.display(description="Authors")
    def byline(self, article: Article) -> str:
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description="Publish time", ordering="published_at", empty_value="–")
    def publish_time(self, article: Article) -> str | None:
        if article.published_at is None:
            return None
        return date_format(timezone.localtime(article.published_at), "M j, Y, P")

    # The form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        mine = Author.objects.filter(user=request.user.pk).values_list("pk", flat=True)
        return {"authors_in_order": list(mine), **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **options)
        if db_field.name == "lead_picture":
            field.widget.attrs["data-thumbnail"] = reverse("admin:news_picture_thumbnail", args=[0])
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "published_at":
            field.help_text = f"Empty: at once. Time zone: {timezone.get_current_timezone_name()}."
        return field

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.state == "Published" else None

    @admin.display(description="State")
    def state_now(self, article: Article) -> SafeString:
        state = article.state if article.pk else "Draft"
        return format_html('<span class="state" data-state="{}">{}</span>', state, state)

    @admin.display(description="Authors")
    def authors_in_order(self, article: Article) -> str:
        """What the form's field of this name shows to those who may only look."""
        return ", ".join(author.name for author in article.byline_authors())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Article | None = None, **options: Any
    ) -> HttpResponse:
        context["can_publish"] = self.can_publish(request, obj)
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **options)
        return page

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or "authors_in_order" in form.changed_data:
            form.save_byline()

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Stay on the article, whose words are saved by now, and say what has become of it."""
        if "_publish" in request.POST:
            self.publish(request, obj)
        else:
            messages.success(request, saved_message(obj))
        if self.has_view_or_change_permission(request, obj):
            return HttpResponseRedirect(reverse("admin:news_article_change", args=[obj.pk]))
        return HttpResponseRedirect(reverse("admin:index"))

    # The steps

    def has_publish_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return bool(self.has_change_permission(request, obj))

    def can_publish(self, request: HttpRequest, obj: Article | None) -> bool:
        return self.has_publish_permission(request, obj) and (obj is None or obj.status != Article.Status.PUBLISHED)

    def publish(self, request: HttpRequest, article: Article) -> None:
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        try:
            article.publish()
        except ValidationError as missing:
            messages.success(request, saved_message(article))
            messages.error(request, " ".join(missing.messages))
        else:
            self.log_change(request, article, "Published.")
            messages.success(request, published_message(article))

    @action(  # type: ignore[untyped-decorator]
        description="Withdraw",
        icon="visibility_off",
        permissions=["publish"],
        dialog={
            "title": "Withdraw this article?",
            "description": "Readers no longer find it. What you have typed since the last save is not kept.",
            "form_submit_text": "Withdraw",
        },
    )
    def withdraw(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take_back(request, object_id, "withdraw", Article.Status.WITHDRAWN)

    @action(  # type: ignore[untyped-decorator]
        description="Back to draft",
        icon="undo",
        permissions=["publish"],
        dialog={
            "title": "Make this article a draft again?",
            "description": "It is not published until you say so. What you have typed since the last save is not kept.",
            "form_submit_text": "Back to draft",
        },
    )
    def back_to_draft(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self.take_back(request, object_id, "back_to_draft", Article.Status.DRAFT)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        article = get_object_or_404(Article.objects.defer("body"), pk=object_id)
        sensible = {f"news_article_{step}" for step in possible_steps(article)}
        return [step for step in super().get_actions_detail(request, object_id) if step.action_name in sensible]

    def take_back(self, request: HttpRequest, object_id: str, step: str, status: str) -> HttpResponse:
        """Take the article from readers. The header sends htmx on; what a redirect leads to it would swap in."""
        article = get_object_or_404(Article, pk=object_id)
        if not self.has_publish_permission(request, article):
            raise PermissionDenied
        if step in possible_steps(article):
            article.status = status
            article.save(update_fields=["status", "saved_at"])
            self.log_change(request, article, f"{article.state}.")
            messages.success(request, f"The article is {'withdrawn' if step == 'withdraw' else 'a draft again'}.")
        else:
            messages.error(request, f"That cannot be done: the article is {article.state.lower()} by now.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_article_change", args=[article.pk])})


def possible_steps(article: Article) -> list[str]:
    """What can be taken back: a published article is withdrawn, anything else that has left the draft returns to it."""
    match article.state:
        case "Published":
            return ["withdraw"]
        case "Scheduled":
            return ["withdraw", "back_to_draft"]
        case "In review" | "Withdrawn":
            return ["back_to_draft"]
    return []


def saved_message(article: Article) -> str:
    match article.state:
        case "Draft":
            return "The draft is saved."
        case "Published":
            return live_message("Saved. Readers see the change now.", article)
    return f"Saved. The article is {article.state.lower()}."


def published_message(article: Article) -> str:
    if article.state == "Published":
        return live_message("Published.", article)
    return f"Scheduled: readers see it from {in_words(article)} on."


def live_message(words: str, article: Article) -> SafeString:
    return format_html('{} <a href="{}" target="_blank">See it on the site</a>', words, article.get_absolute_url())


def in_words(article: Article) -> str:
    """The publish time in the publication's zone, such as “Wed, Nov 18, 2026, 12:00 p.m. EST”."""
    assert article.published_at  # noqa: S101
    return date_format(timezone.localtime(article.published_at), "D, M j, Y, P T")
