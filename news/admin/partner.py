"""Partners: who they are, where their feed is, and how it does."""

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from news.admin.article_rows import RowField
from news.admin.moments import MOMENTS
from news.admin.partner_pages import PartnerPages, find_address, test_address
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
WRITTEN = ("title", "url", "published_at")


class Shown(forms.Widget):
    """A value as words, where a field is not for typing."""

    def __init__(self, words: str | None) -> None:
        super().__init__()
        self.words = words

    def render(self, *args: Any, **options: Any) -> SafeString:
        return format_html("{}", self.words or "")


class PartnerStoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new story is typed; one that is there can be hidden, and is not rewritten."""

    class Meta:
        model = PartnerStory
        fields = ()  # The inline names them.
        labels = {"url": "Address", "published_at": "Published"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        story = self.instance
        if story.pk is None:
            return
        words = {
            "title": linked(story),
            "url": urlsplit(story.url).hostname,
            "published_at": in_zone(story.published_at),
        }
        for name in {*words} & {*self.fields}:
            label, widget = self.fields[name].label, Shown(words[name])
            self.fields[name] = forms.Field(label=label, widget=widget, required=False, disabled=True)


class PartnerStoryInline(TabularInline):  # type: ignore[misc]
    """What came by the feed is the partner's and can only be hidden; where there is no feed, the desk writes it."""

    model = PartnerStory
    form = PartnerStoryForm
    formfield_overrides = {**ADDRESSES, **MOMENTS}
    ordering = ("-published_at", "-pk")
    extra = 0
    per_page = 20
    can_delete = False
    hide_title = True
    verbose_name = "story"
    verbose_name_plural = "stories"

    def get_fields(self, request: HttpRequest, obj: Partner | None = None) -> tuple[str, ...]:
        return (*(("story", "published") if obj and obj.feed_url else WRITTEN), "is_hidden")

    def get_readonly_fields(self, request: HttpRequest, obj: Partner | None = None) -> tuple[str, ...]:
        return ("story", "published")

    @admin.display(description="Story")
    def story(self, story: PartnerStory) -> SafeString:
        return linked(story)

    @admin.display(description="Published")
    def published(self, story: PartnerStory) -> str | None:
        return in_zone(story.published_at)

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
    )
    change_form_outer_before_template = "admin/news/partner/_health.html"
    autocomplete_fields = ("logo",)
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name",)
    actions_list = ("find_feed_of_new",)
    actions_detail = ("check_now",)
    inlines = (PartnerStoryInline,)

    def get_urls(self) -> list[Any]:
        pages = [
            path("find-feed/", self.admin_site.admin_view(self.find_feed_view), name="news_partner_find_feed"),
            path("test-feed/", self.admin_site.admin_view(self.test_feed_view), name="news_partner_test_feed"),
            path("headlines/", self.admin_site.admin_view(self.headlines_view), name="news_partner_headlines"),
        ]
        return [*pages, *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": RowField, **options})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        partners: QuerySet[Partner] = super().get_queryset(request)
        return Partner.objects.filter(pk__in=partners.values("pk")).with_pace(timezone.now())

    class Media:
        css: ClassVar = {"all": ["admin-editor/partner.css"]}

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

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With how the feed does on top, for who may do something about it."""
        partner = context["original"]
        if partner and self.has_change_permission(request, partner):
            context["health"] = {
                "colour": STATE_COLOURS[partner.state],
                "last_success": self.last_success(partner),
                "next_check": self.next_check(partner),
                "find": find_address(partner),
                "test": test_address(partner.feed_url, partner),
            }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

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
        partner = self.get_object(request, object_id)
        if partner is None:
            raise Http404("There is no such partner.")
        partner.restart()
        partner.save(update_fields=Partner.HEALTH)
        messages.success(request, "The feed is looked at within a minute.")
        return HttpResponse(headers={"HX-Redirect": reverse("admin:news_partner_change", args=[partner.pk])})


def linked(story: PartnerStory) -> SafeString:
    return format_html('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>', story.url, story.title)


def in_zone(moment: datetime | None) -> str | None:
    """Such as “7:45 a.m.” today, “Nov 19, 7:45 a.m.” on another day and “Nov 19, 2025” in another year."""
    if not moment:
        return None
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.year != today.year:
        return date_format(local, "M j, Y")
    return date_format(local, "P" if local.date() == today else "M j, P")
