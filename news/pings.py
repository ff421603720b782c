"""Tell the services outside of a new or changed story: search engines by IndexNow, feed readers by a WebSub hub.

Both are off until their setting is there (INDEXNOW_KEY, WEBSUB_HUB).
"""

import json
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

import urllib3
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from news.feed_formats import FORMATS
from news.models import Article

_TIMEOUT = urllib3.Timeout(connect=5, read=15)


class Unheard(Exception):
    """The service could not be reached or is busy; telling it again later may help."""


class Refused(Exception):
    """The service does not want what we say, such as a wrong key; saying it again does not help."""


def indexnow_key(request: HttpRequest) -> HttpResponse:
    """The key at our own address, by which IndexNow knows that a ping is ours."""
    if not settings.INDEXNOW_KEY:
        raise Http404("IndexNow is off.")
    return HttpResponse(settings.INDEXNOW_KEY, content_type="text/plain; charset=utf-8")


def tell_indexnow(articles: Iterable[Article]) -> None:
    """Send the addresses of the articles (https://www.indexnow.org/documentation); raises Unheard or Refused."""
    message = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": settings.SITE_URL + reverse("indexnow_key"),
        "urlList": [settings.SITE_URL + article.get_absolute_url() for article in articles],
    }
    _post(settings.INDEXNOW_URL, json.dumps(message), "application/json; charset=utf-8")


def tell_hub(articles: Iterable[Article]) -> None:
    """Name the feeds that have changed (WebSub, as the hubs in use take it); raises Unheard or Refused."""
    for feed in feeds_with(articles):
        _post(
            settings.WEBSUB_HUB,
            urlencode({"hub.mode": "publish", "hub.url": feed}),
            "application/x-www-form-urlencoded",
        )


def feeds_with(articles: Iterable[Article]) -> list[str]:
    """The feeds that readers follow most and that the articles are in: all stories, and each one's section."""
    lists = ["latest", *sorted({f"sections/{article.section.slug}" for article in articles})]
    return [f"{settings.SITE_URL}/feeds/{name}.{extension}" for name in lists for extension in FORMATS]


def _post(url: str, body: str, content_type: str) -> None:
    headers = {"Content-Type": content_type, "User-Agent": f"Forecourt (+{settings.SITE_URL})"}
    try:
        answer = urllib3.request(
            "POST", url, body=body.encode(), headers=headers, timeout=_TIMEOUT, retries=False, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        raise Unheard(f"{url}: {error}") from error
    if answer.status == 429 or answer.status >= 500:
        raise Unheard(f"{url} answered {answer.status}.")
    if answer.status >= 300:
        raise Refused(f"{url} answered {answer.status}.")
