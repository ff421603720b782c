"""The WSGI application that granian serves: the page cache, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from config.pagecache import PageCache  # noqa: E402 - Its models need the apps that the line above has loaded.

application = PageCache(django_application)
