"""The WSGI application that granian serves: the page cache, and Django behind it."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from config.pagecache import PageCache  # noqa: E402 - Its models need the apps that the line above has loaded.

application = PageCache(django_application)


def be_impatient(connection: Any, **_: Any) -> None:
    """A page that waits longer for Postgres, such as for a lock, would only keep a thread from other readers."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10s'")


connection_created.connect(be_impatient)
