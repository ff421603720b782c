"""Companies that stories are about, and the symbols of the strip."""

from datetime import datetime
from typing import Any

from celery.exceptions import OperationalError as QueueAway
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from tickers.models import Company, HeldReading, Quote, SourceHealth, Symbol
from tickers.tasks import try_source


class SymbolInline(TabularInline):  # type: ignore[misc]
    model = Symbol
    fields = ("ticker", "exchange", "is_active")
    extra = 0
    show_change_link = True


@admin.register(Company)
class CompanyAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "kind", "tickers", "other_names")
    list_filter = ("kind",)
    search_fields = ("name", "aliases")
    fields = ("name", "slug", "kind", "aliases", "description")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (SymbolInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        found: QuerySet[Company] = super().get_queryset(request)
        return found.prefetch_related("symbols")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "aliases":
            options["widget"] = UnfoldAdminTextInputWidget()
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description="Symbols")
    def tickers(self, company: Company) -> str:
        return ", ".join(symbol.ticker for symbol in company.symbols.all())

    @admin.display(description="Other names")
    def other_names(self, company: Company) -> str:
        return ", ".join(company.aliases)


class CompanyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Its widget looks for whatever was sent, and Postgres compares keys with numbers alone."""

    def prepare_value(self, value: Any) -> Any:
        key = super().prepare_value(value)
        return key if str(key).isdecimal() else None


@admin.register(Symbol)
class SymbolAdmin(ModelAdmin):  # type: ignore[misc]
    """The strip, in its order. Quotes come from their source and are only read here."""

    list_display = ("ticker", "company", "exchange", "is_active", "price", "change", "as_of", "source")
    list_filter = ("is_active", "exchange")
    list_select_related = ("company", "quote")
    search_fields = ("ticker", "company__name")
    autocomplete_fields = ("company",)
    ordering_field = "position"
    hide_ordering_field = True
    readonly_fields = ("price", "change", "as_of", "delay", "source")
    fieldsets = (
        (None, {"fields": ("ticker", "exchange", "company", "position", "is_active")}),
        ("Last quote", {"fields": ("price", "change", "as_of", "delay", "source")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": CompanyField, **options})

    @admin.display(description="Price", empty_value="–")
    def price(self, symbol: Symbol) -> str | None:
        quote = quote_of(symbol)
        return f"${quote.figures.price}" if quote else None

    @admin.display(description="Change", empty_value="–")
    def change(self, symbol: Symbol) -> str | None:
        quote = quote_of(symbol)
        return f"{quote.figures.mark} {quote.figures.change} ({quote.figures.percent})" if quote else None

    @admin.display(description="As of", empty_value="–", ordering="quote__as_of")
    def as_of(self, symbol: Symbol) -> str | None:
        quote = quote_of(symbol)
        return date_format(timezone.localtime(quote.as_of), "M j, Y, P T") if quote else None

    @admin.display(description="Delay", empty_value="–")
    def delay(self, symbol: Symbol) -> str | None:
        quote = quote_of(symbol)
        return (f"{quote.delay_s // 60} minutes" if quote.delay_s else "none stated") if quote else None

    @admin.display(description="Source", empty_value="–")
    def source(self, symbol: Symbol) -> str | None:
        quote = quote_of(symbol)
        return quote.source if quote else None


def in_words(moment: datetime | None) -> str:
    """Such as “Nov 20, 12:10 p.m. EST”."""
    return date_format(timezone.localtime(moment), "M j, P T")


def quote_of(symbol: Symbol) -> Quote | None:
    return getattr(symbol, "quote", None)


@admin.register(SourceHealth)
class SourceHealthAdmin(ModelAdmin):  # type: ignore[misc]
    """How the sources of quotes do. The worker writes it; the desk ends a source's rest and tries the one in use."""

    list_display = ("source", "state", "answered_at", "failed_at", "error")
    fields = readonly_fields = (
        *("source", "state", "asked_at", "answered_at", "failures", "failed_at", "error"),
        *("held_prices", "tried_at", "what_it_said"),
    )
    actions_detail = ("ask_again", "try_now")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **options: Any) -> HttpResponse:
        """Without buttons to save: there is nothing to type."""
        no_buttons = {"show_save": False, "show_save_and_continue": False}
        page: HttpResponse = super().change_view(request, object_id, extra_context=no_buttons)
        return page

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Only a source that rests can be asked earlier."""
        health = self.get_object(request, object_id)
        rests = health is not None and health.is_open(timezone.now())
        actions = super().get_actions_detail(request, object_id)
        return [one for one in actions if rests or one.method.original_function_name != "ask_again"]

    @admin.display(description="State")
    def state(self, health: SourceHealth) -> str:
        """How its breaker stands: closed, open, or open for long enough that the next refresh asks."""
        if health.is_open(timezone.now()):
            return f"Resting until {in_words(health.open_until)}"
        answered, failed = health.answered_at, health.failed_at
        if health.failures:
            return f"Failing since {in_words(answered)}" if answered else "Failing: it has never answered"
        return "Working" if answered and not (failed and failed > answered) else "About to be asked"

    @admin.display(description="Prices held back")
    def held_prices(self, health: SourceHealth) -> str:
        """Prices that jumped by more than 40 % and were seen once."""
        held = HeldReading.objects.select_related("symbol")
        return ", ".join(f"{one.symbol}: {one.price}" for one in held) or "None"

    @admin.display(description="What it said")
    def what_it_said(self, health: SourceHealth) -> SafeString:
        return format_html("<pre>{}</pre>", health.tried or "It has not been tried.")

    @action(  # type: ignore[untyped-decorator]
        description="Ask it again now",
        icon="restart_alt",
        permissions=["change"],
        dialog={
            "title": "Ask this source again?",
            "description": "The next refresh asks it, instead of waiting for the rest to end.",
            "form_submit_text": "Ask it again now",
        },
    )
    def ask_again(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        health = self.get_object(request, object_id)
        if health is None:
            raise Http404
        health.close()
        messages.success(request, "The next refresh asks the source.")
        return self.back(object_id)

    @action(  # type: ignore[untyped-decorator]
        description="Test it",
        icon="play_arrow",
        permissions=["change"],
        dialog={
            "title": "Ask the source that is in use now?",
            "description": "What it says is shown here and not stored as prices.",
            "form_submit_text": "Ask it",
        },
    )
    def try_now(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        try:
            try_source.apply_async(expires=60)
            messages.info(request, "It is being asked. Reload this page in a few seconds.")
        except QueueAway:
            messages.error(request, "The queue is away, so nobody can ask the source now. Try again later.")
        return self.back(object_id)

    def back(self, object_id: str) -> HttpResponse:
        """The header sends htmx on; what a redirect leads to it would swap in."""
        return HttpResponse(headers={"HX-Redirect": reverse("admin:tickers_sourcehealth_change", args=[object_id])})
