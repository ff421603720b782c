"""The publication and how it files its stories."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelect2Widget

from news.models import Publication, Section, Topic

ADDRESSES = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Publication)
class PublicationAdmin(ModelAdmin):  # type: ignore[misc]
    """One row: its list is its form."""

    formfield_overrides = ADDRESSES
    fieldsets = (
        (None, {"fields": ("name", "tagline", "description", "time_zone")}),
        ("At the foot of every page", {"fields": ("owner_line", "footer_note", "postal_address")}),
        ("Follow us", {"fields": ("facebook_url", "x_url", "instagram_url", "linkedin_url")}),
        ("Desk", {"fields": ("reporters_publish",)}),
        ("Feeds", {"fields": ("feeds_full_text",)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        publication = Publication.objects.first()
        page = (
            reverse("admin:news_publication_change", args=[1]) if publication else reverse("admin:news_publication_add")
        )
        return HttpResponseRedirect(page)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Publication.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "time_zone":
            zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
            options["widget"] = UnfoldAdminSelect2Widget(choices=[("UTC", "UTC"), *zones])
        return super().formfield_for_dbfield(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Publication, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(Section)
class SectionAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "slug", "description")
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("name", "slug", "description", "position")
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)


@admin.register(Topic)
class TopicAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "slug", "description")
    fields = ("name", "slug", "description")
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)
