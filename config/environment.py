"""The environment that the operator has set, as `config/settings.py` reads it."""

from collections.abc import Callable
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def address(name: str, read: Callable[[str], dict[str, Any]], **default: str) -> dict[str, Any]:
    """The settings that `read` finds in an address with a login.

    A password with a / or # in it ends the address early: then a port is no number, or the user is taken for the host.
    The message does not repeat the address, as it goes into a log.
    """
    written = env.str(name, **default)
    try:
        found = read(written)
    except ValueError:
        found = {}
    has_user = found.get("USER") or found.get("EMAIL_HOST_USER")
    if not found or ("@" in written and not has_user):
        raise ImproperlyConfigured(
            f"{name} cannot be read as an address. In its user and password write / as %2F, # as %23, ? as %3F, "
            "@ as %40, : as %3A and % as %25."
        )
    return found
