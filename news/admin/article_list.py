"""The list of articles: what stands where, found by state, section and words."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import display
from unfold.views import ChangeList

from news.admin.article_bulk import BulkSteps
from news.models import Article, Byline, Revision

# The draft over an article that readers see as it was.
PENDING = Revision.objects.filter(article=OuterRef("pk"), is_pending=True)
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


class WhoseFilter(admin.SimpleListFilter):
    """The articles that the user has begun or signs."""

    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Mine")]

    def queryset(self, request: HttpRequest, articles: QuerySet[Article]) -> QuerySet[Article]:
        signed = Byline.objects.filter(article=OuterRef("pk"), author__user=request.user.pk)
        return articles.filter(Q(created_by=request.user.pk) | Exists(signed)) if self.value() else articles


class ChangesFilter(admin.SimpleListFilter):
    title = "changes"
    parameter_name = "changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting to be published")]

    def queryset(self, request: HttpRequest, articles: QuerySet[Article]) -> QuerySet[Article]:
        return articles.filter(Exists(PENDING)) if self.value() else articles


class ArticleList(ChangeList):  # type: ignore[misc]
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Article]:
        found: QuerySet[Article] = super().get_queryset(request, exclude_parameters)
        bylines = Prefetch("bylines", Byline.objects.select_related("author"))
        return (
            found.defer("body")
            .annotate(has_changes=Exists(PENDING))
            .select_related("section")
            .prefetch_related(bylines)
        )


class ListPage(BulkSteps):
    list_display = ("headline", "section", "state", "changes", "byline", "publish_time")
    list_filter = (StateFilter, WhoseFilter, ChangesFilter, "section", "kind", "authors")
    search_fields = ("headline", "dek", "slug", "authors__name")
    search_help_text = "Headline, dek, address or author"
    show_full_result_count = False
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ArticleList]:
        return ArticleList

    def get_search_results(self, request: HttpRequest, articles: QuerySet[Article], words: str) -> Any:
        """Of what is searched, without the article that asks for others (`OtherArticles`)."""
        found, may_repeat = super().get_search_results(request, articles, words)
        own = request.GET.get("except", "")
        return (found.exclude(pk=int(own)) if own.isdecimal() and len(own) < 19 else found), may_repeat

    @display(description="State", ordering="status", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, article: Article) -> str:
        return article.state

    @display(description="Changes", label={"Waiting": "warning"})  # type: ignore[untyped-decorator]
    def changes(self, article: Any) -> str | None:
        return "Waiting" if article.has_changes else None

    @admin.display(description="Authors")
    def byline(self, article: Article) -> str:
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description="Publish time", ordering="published_at", empty_value="–")
    def publish_time(self, article: Article) -> str | None:
        if article.published_at is None:
            return None
        return date_format(timezone.localtime(article.published_at), "M j, Y, P")
