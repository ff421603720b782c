"""The list of articles: what stands where, found by state, section and words."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList

from news.models import Article, Byline

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


class ListPage(ModelAdmin):  # type: ignore[misc]
    list_display = ("headline", "section", "state", "byline", "publish_time")
    list_filter = (StateFilter, "section", "kind")
    search_fields = ("headline", "dek", "slug")
    search_help_text = "Headline, dek or address"
    show_full_result_count = False
    list_per_page = 50

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
