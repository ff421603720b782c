from tickers.models.backfill import Backfill
from tickers.models.company import Company
from tickers.models.health import SourceHealth
from tickers.models.history import DailyClose, Point, Price
from tickers.models.quote import HeldReading, Quote, QuoteQuerySet, Symbol, SymbolQuerySet

__all__ = [
    "Backfill",
    "Company",
    "DailyClose",
    "HeldReading",
    "Point",
    "Price",
    "Quote",
    "QuoteQuerySet",
    "SourceHealth",
    "Symbol",
    "SymbolQuerySet",
]
