"""The desk's view of newsletters and of the people who get them. Facts are read here; people change them by mail."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.admin import ModelAdmin, TabularInline

from newsletter.edition_admin import EditionAdmin
from newsletter.models import Delivery, Newsletter, Subscriber, Subscription, Suppression
from newsletter.models.suppression import digest_of
from newsletter.personal_data import erase

__all__ = ["EditionAdmin", "NewsletterAdmin", "SubscriberAdmin", "SuppressionAdmin"]

MOST = 100
TOO_MANY = f"Delete up to {MOST} at a time."


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


class FactInline(TabularInline):  # type: ignore[misc]
    """Rows to read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Subscriber | None = None) -> bool:
        return False


class SubscriptionInline(FactInline):
    model = Subscription
    fields = readonly_fields = ("newsletter", "asked_at", "confirmed_at", "ended_at", "letter", "letter_failure")


class DeliveryInline(FactInline):
    """What was mailed when, and what the mail server said."""

    model = Delivery
    verbose_name_plural = "mails"
    fields = readonly_fields = ("edition", "state", "settled_at", "tries", "code", "reason")
    ordering = ("-edition__date", "-pk")
    per_page = 20
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = super().get_queryset(request)
        return found.select_related("edition__newsletter", "subscriber").defer("edition__html", "edition__text")


class LetterFilter(admin.SimpleListFilter):
    title = "letter"
    parameter_name = "letter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("given_up", "Given up")]

    def queryset(self, request: HttpRequest, people: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        given_up = Subscription.objects.filter(letter_due_at=None).exclude(letter_failure="")
        return people.filter(pk__in=given_up.values("subscriber")) if self.value() else people


class DeletesFew(ModelAdmin):  # type: ignore[misc]
    """Deleting goes row by row here: many would be half done when the page's time is over."""

    actions: tuple[str, ...] = ("delete_selected",)

    @admin.action(description="Delete selected %(verbose_name_plural)s", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        if rows[: MOST + 1].count() > MOST:
            messages.error(request, TOO_MANY)
            return None
        return delete_selected(self, request, rows)


@admin.register(Subscriber)
class SubscriberAdmin(DeletesFew):
    """Nobody is added by hand: only the mailed link makes a subscriber active."""

    list_display = ("email", "status", "created_at", "confirmed_at")
    list_filter = ("status", "subscriptions__newsletter", LetterFilter)
    search_fields = ("email",)
    search_help_text = "Address"
    fields = readonly_fields = ("email", "status", "created_at", "confirmed_at", "suppressed")
    inlines = (SubscriptionInline, DeliveryInline)
    actions = ("delete_selected", "end_subscriptions")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Suppressed", empty_value="No")
    def suppressed(self, person: Subscriber) -> str | None:
        found = person.suppression
        if not found:
            return None
        when = date_format(timezone.localtime(found.created_at), "N j, Y, P")
        return " · ".join(filter(None, (found.get_reason_display(), found.detail, when)))

    def delete_model(self, request: HttpRequest, obj: Subscriber) -> None:
        erase(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        for person in queryset:
            erase(person)

    @admin.action(description="End all subscriptions of the selected people", permissions=["change"])
    def end_subscriptions(self, request: HttpRequest, people: QuerySet[Subscriber]) -> None:
        ended = Subscription.objects.filter(subscriber__in=people).end()
        messages.success(request, f"{ended} subscription{'' if ended == 1 else 's'} ended.")


class SuppressionForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        help_texts = {"email": "No newsletter and no letter is sent to it any more, whoever asks for one."}

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if not email:
            raise ValidationError("Which address?")
        if Suppression.objects.filter(digest=digest_of(email)).exists():
            raise ValidationError("This address is suppressed already.")
        return email


@admin.register(Suppression)
class SuppressionAdmin(DeletesFew):
    """Addresses that we do not write to. Deleting a row lets its owner get mail again."""

    form = SuppressionForm
    list_display = ("__str__", "reason", "detail", "created_at")
    list_filter = ("reason",)
    search_fields = ("email", "digest")
    search_help_text = "Address, also one that its owner had erased"
    fields = ("email", "detail")

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if "@" in search_term:
            found |= queryset.filter(digest=digest_of(search_term.strip()))
        return found, may_repeat

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:
        obj.digest = digest_of(obj.email)
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        Subscriber.objects.let_go(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        for suppression in queryset:
            Subscriber.objects.let_go(suppression)
