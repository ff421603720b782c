"""What `manage.py check` says about the source of quotes."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from tickers import sources

KEEPS = "With “none” the strip keeps the quotes it has."


def check_source(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    names = ", ".join(sources.possible())
    try:
        sources.configured()
    except sources.KeyMissing as error:
        hint = f"Put the key of your account there, or set QUOTES to another of: {names}. {KEEPS}"
        return [Error(str(error), hint=hint, id="tickers.E002")]
    except ImproperlyConfigured as error:
        return [Error(str(error), hint=f"Set QUOTES to one of: {names}. {KEEPS}", id="tickers.E001")]
    return []
