from tests.tickers.conftest import provider

__all__ = ["provider"]
