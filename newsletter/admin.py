"""The desk's view of newsletters and of the people who get them. Facts are read here; people change them by mail."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from newsletter.edition_admin import EditionAdmin
from newsletter.models import Newsletter, Subscriber, Subscription

__all__ = ["EditionAdmin", "NewsletterAdmin", "SubscriberAdmin"]


@admin.register(Newsletter)
class NewsletterAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "frequency", "hour", "days", "position", "readers")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Newsletter]:
        running = Q(
            subscriptions__confirmed_at__isnull=False,
            subscriptions__ended_at=None,
            subscriptions__subscriber__status=Subscriber.Status.ACTIVE,
        )
        found: QuerySet[Newsletter] = super().get_queryset(request)
        return found.annotate(readers=Count("subscriptions", filter=running))

    @admin.display(ordering="readers")
    def readers(self, newsletter: Any) -> int:
        return int(newsletter.readers)


class SubscriptionInline(TabularInline):  # type: ignore[misc]
    model = Subscription
    fields = readonly_fields = ("newsletter", "asked_at", "confirmed_at", "ended_at", "letter", "letter_failure")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(ModelAdmin):  # type: ignore[misc]
    """Nobody is added by hand: only the mailed link makes a subscriber active."""

    list_display = ("email", "status", "created_at", "confirmed_at")
    list_filter = ("status", "subscriptions__newsletter")
    search_fields = ("email",)
    search_help_text = "Address"
    fields = readonly_fields = ("email", "status", "created_at", "confirmed_at")
    inlines = (SubscriptionInline,)
    actions = ("end_subscriptions",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="End all subscriptions of the selected people", permissions=["change"])
    def end_subscriptions(self, request: HttpRequest, people: QuerySet[Subscriber]) -> None:
        ended = sum(subscription.end() for subscription in Subscription.objects.running().filter(subscriber__in=people))
        messages.success(request, f"{ended} subscription{'' if ended == 1 else 's'} ended.")
