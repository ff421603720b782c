"""Breaking news: put a line over every page, and take it away."""

from datetime import timedelta
from textwrap import shorten
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from news.admin.article_rows import RowField
from news.admin.moments import MOMENTS, zone_name
from news.forms import in_our_time
from news.models import Article, BreakingNews

USUAL = timedelta(hours=2)
STATE_COLOURS = {"On every page": "danger", "Under a newer one": "warning", "To come": "info", "Over": ""}
HINTS = {
    "headline": "Over every page. A phone shows about 35 characters in a line; 120 at most.",
    "article": "Where it leads, once readers may see that.",
}


@admin.register(BreakingNews)
class BreakingNewsAdmin(ModelAdmin):  # type: ignore[misc]
    formfield_overrides = MOMENTS
    list_display = ("headline", "state", "begins_at", "ends_at", "made_by")
    list_select_related = ("made_by",)
    search_fields = ("headline",)
    fields = ("headline", "article", "begins_at", "ends_at")
    autocomplete_fields = ("article",)
    actions_detail = ("end_now",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BreakingNews]:
        newer = Q(begins_at__gt=OuterRef("begins_at")) | Q(begins_at=OuterRef("begins_at"), pk__gt=OuterRef("pk"))
        rows: QuerySet[BreakingNews] = super().get_queryset(request)
        return rows.annotate(is_covered=Exists(BreakingNews.objects.current().filter(newer)))

    @display(description="State", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, news: Any) -> str:
        if not self.is_on(news):
            return "To come" if news.begins_at > timezone.now() else "Over"
        return "Under a newer one" if news.is_covered else "On every page"

    # The form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """It ends in two hours unless the editor says otherwise; `?article=` gives it a headline to begin with."""
        number = request.GET.get("article", "")
        article = Article.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        about = {"article": article.pk, "headline": shorten(article.headline, 120, placeholder=" …")} if article else {}
        return {"ends_at": timezone.now().replace(second=0, microsecond=0) + USUAL, **about}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": RowField, **options})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name in {"begins_at", "ends_at"}:
            field.validators.append(in_our_time)
            field.label = f"{field.label} ({zone_name()})"
        if db_field.name in HINTS:
            field.help_text = HINTS[db_field.name]
        elif db_field.name == "ends_at":
            field.help_text = "It always ends by itself."
        return field

    def save_model(self, request: HttpRequest, obj: BreakingNews, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    # The way out

    @action(  # type: ignore[untyped-decorator]
        description="End now",
        icon="notifications_off",
        permissions=["change"],
        dialog={
            "title": "End this breaking news now?",
            "description": "Readers no longer see it. What you have typed since the last save is not kept.",
            "form_submit_text": "End now",
        },
    )
    def end_now(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        news = self.get_object(request, object_id)
        if news is None:
            raise Http404
        if self.is_on(news):
            news.ends_at = timezone.now()
            news.save(update_fields=["ends_at"])  # Its signal outdates the kept pages.
            self.log_change(request, news, "Ended.")
            messages.success(request, "It has ended: readers no longer see it.")
        else:
            messages.error(request, "Readers do not see it now, so there is nothing to end.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_breakingnews_changelist")})

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        news = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if news and self.is_on(news) else []

    def is_on(self, news: BreakingNews) -> bool:
        return news.begins_at <= timezone.now() < news.ends_at
