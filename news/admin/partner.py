"""Partners: who they are, where their feed is, and how it does."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from news.admin.partner_pages import PartnerPages
from news.admin.publication import ADDRESSES
from news.models import Partner, PartnerStory
from news.partners.decide import keys_of
from news.partners.parse import Entry

STATE_COLOURS = {
    "Healthy": "success",
    "Waiting": "info",
    "Failing": "warning",
    "Stopped": "danger",
    "Paused": "",
    "No feed": "",
}
OF_THE_PARTNER = ("title", "url", "published_at")


class PartnerStoryInline(TabularInline):  # type: ignore[misc]
    """What came by the feed is the partner's and can only be hidden; where there is no feed, the desk writes it."""

    model = PartnerStory
    formfield_overrides = ADDRESSES
    fields = (*OF_THE_PARTNER, "is_hidden")
    ordering = ("-published_at", "-pk")
    extra = 0
    per_page = 20
    can_delete = False
    hide_title = True
    verbose_name_plural = "stories"

    def get_readonly_fields(self, request: HttpRequest, obj: Partner | None = None) -> tuple[str, ...]:
        return OF_THE_PARTNER if obj and obj.feed_url else ()

    def has_add_permission(self, request: HttpRequest, obj: Partner | None = None) -> bool:
        return super().has_add_permission(request, obj) and not (obj and obj.feed_url)


@admin.register(Partner)
class PartnerAdmin(PartnerPages, ModelAdmin):  # type: ignore[misc]
    formfield_overrides = ADDRESSES
    list_display = ("name", "state", "last_success", "items_a_week", "next_check", "error")
    list_filter = ("is_paying", "is_paused", "is_stopped")
    fieldsets = (
        (None, {"fields": ("name", "slug", "site_url", "logo", "is_paying")}),
        ("Feed", {"fields": ("feed_url", "is_paused")}),
        ("Health", {"fields": ("state", "last_success", "items_a_week", "next_check", "problem")}),
    )
    readonly_fields = ("state", "last_success", "items_a_week", "next_check", "problem")
    autocomplete_fields = ("logo",)
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)
    actions_list = ("find_feed_of_new",)
    actions_detail = ("find_feed", "test_feed", "check_now")
    inlines = (PartnerStoryInline,)

    def get_urls(self) -> list[Any]:
        pages = [
            path("find-feed/", self.admin_site.admin_view(self.find_feed_view), name="news_partner_find_feed"),
            path("test-feed/", self.admin_site.admin_view(self.test_feed_view), name="news_partner_test_feed"),
            path("headlines/", self.admin_site.admin_view(self.headlines_view), name="news_partner_headlines"),
        ]
        return [*pages, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        partners: QuerySet[Partner] = super().get_queryset(request)
        return Partner.objects.filter(pk__in=partners.values("pk")).with_pace(timezone.now())

    # How the feed does

    @display(description="State", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, partner: Partner) -> str:
        return partner.state

    @admin.display(description="Last success", ordering="last_success_at", empty_value="–")
    def last_success(self, partner: Partner) -> str | None:
        return in_zone(partner.last_success_at)

    @admin.display(description="Items a week", ordering="items_a_week")
    def items_a_week(self, partner: Any) -> int:
        return getattr(partner, "items_a_week", 0)

    @admin.display(description="Next check", ordering="next_check_at", empty_value="–")
    def next_check(self, partner: Partner) -> str | None:
        return in_zone(partner.next_check_at) if partner.state in {"Healthy", "Waiting", "Failing"} else None

    @admin.display(description="Problem", empty_value="None")
    def problem(self, partner: Partner) -> str | None:
        if not partner.error:
            return None
        since = in_zone(partner.failing_since)
        end = " We have stopped asking: mend the address and save, or choose Check now." if partner.is_stopped else ""
        return f"{partner.error} Failing since {since}, {partner.failures} in a row.{end}"

    # Saving

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:
        """Write only what the form is about: the feed's health belongs to the worker, which may be at it."""
        if not change:
            obj.save()
            return
        fields = [name for name in form.changed_data if name in form.fields]
        if {"feed_url", "is_paused"} & set(fields):
            obj.restart()
            fields += [name for name in Partner.HEALTH if name not in fields]
        obj.save(update_fields=fields)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Stories that the desk wrote get keys too, so that a feed which comes later does not bring them twice."""
        super().save_formset(request, form, formset, change)
        for story in formset.new_objects:
            story.keys = keys_of(Entry(story.title, story.url, published_at=story.published_at))
            story.save(update_fields=["keys"])

    # The steps

    @action(description="Find a feed", icon="travel_explore", permissions=["add"])  # type: ignore[untyped-decorator]
    def find_feed_of_new(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:news_partner_find_feed"))

    @action(description="Find the feed", icon="travel_explore", permissions=["change"])  # type: ignore[untyped-decorator]
    def find_feed(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=object_id)
        query = urlencode({"partner": str(partner.pk), "page": partner.site_url})
        return HttpResponseRedirect(f"{reverse('admin:news_partner_find_feed')}?{query}")

    @action(description="Test the feed", icon="science", permissions=["change"])  # type: ignore[untyped-decorator]
    def test_feed(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=object_id)
        query = urlencode({"partner": str(partner.pk), "feed": partner.feed_url})
        return HttpResponseRedirect(f"{reverse('admin:news_partner_test_feed')}?{query}")

    @action(  # type: ignore[untyped-decorator]
        description="Check now",
        icon="sync",
        permissions=["change"],
        dialog={
            "title": "Look at the feed now?",
            "description": "Its errors are forgotten, and a stopped feed starts again.",
            "form_submit_text": "Check now",
        },
    )
    def check_now(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=object_id)
        partner.restart()
        partner.save(update_fields=Partner.HEALTH)
        messages.success(request, "The feed is looked at within a minute.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_partner_change", args=[partner.pk])})


def in_zone(moment: Any) -> str | None:
    return date_format(timezone.localtime(moment), "M j, Y, P") if moment else None
