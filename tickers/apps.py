from django.apps import AppConfig
from django.core import checks


class TickersConfig(AppConfig):
    name = "tickers"
    verbose_name = "Markets"

    def ready(self) -> None:
        from tickers.checks import check_source

        checks.register(check_source)
