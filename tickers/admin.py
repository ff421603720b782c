"""Companies that stories are about, and the symbols of the strip."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextInputWidget

from tickers.models import Company, Quote, Symbol


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


def quote_of(symbol: Symbol) -> Quote | None:
    return getattr(symbol, "quote", None)
