from tickers.models.company import Company
from tickers.models.health import SourceHealth
from tickers.models.history import DailyClose, Point
from tickers.models.quote import Quote, QuoteQuerySet, Symbol, SymbolQuerySet

__all__ = [
    "Company",
    "DailyClose",
    "Point",
    "Quote",
    "QuoteQuerySet",
    "SourceHealth",
    "Symbol",
    "SymbolQuerySet",
]
