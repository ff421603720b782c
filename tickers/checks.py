"""What `manage.py check` says about the source of quotes."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from tickers import sources


def check_source(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    try:
        sources.configured()
    except ImproperlyConfigured as error:
        names = ", ".join(sources.possible())
        hint = f"Set QUOTES to one of: {names}. With “none” the strip keeps the quotes it has."
        return [Error(str(error), hint=hint, id="tickers.E001")]
    return []
