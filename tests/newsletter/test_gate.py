from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from newsletter.gate import MOST_IN_WINDOW, is_cross_site, is_over_limit
from newsletter.models import Newsletter, Subscriber

OURS, THEIRS = "http://testserver", "https://evil.example"


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "anything new"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, True),
        ({"Origin": OURS}, False),
        ({"Origin": "http://127.0.0.1:8000"}, False),  # SITE_URL, when a proxy passes on another Host.
        ({"Origin": THEIRS}, True),
        ({"Origin": "http://testserver.evil.example"}, True),
        ({"Origin": "http://testserver:81"}, True),
        ({"Origin": THEIRS, "Referer": f"{OURS}/newsletter/"}, True),
        ({"Origin": "null", "Referer": f"{OURS}/newsletter/"}, False),
        ({"Origin": "null", "Referer": f"{THEIRS}/"}, True),
        ({"Referer": f"{OURS}/news/a-story/"}, False),
        ({"Referer": f"{THEIRS}/testserver/"}, True),
        ({"Referer": "nonsense"}, True),
        ({"Origin": "http://[::1"}, True),
        ({"Referer": "http://["}, True),
        ({}, False),
    ],
)
def test_a_form_of_another_site_is_told_by_its_headers(headers: dict[str, str], is_refused: bool) -> None:
    assert is_cross_site(RequestFactory().post("/newsletter/subscribe/", headers=headers)) == is_refused


@pytest.mark.usefixtures("static_files")
def test_another_sites_form_gets_a_page_that_says_why(client: Client, daily: Newsletter) -> None:
    answer = client.post(
        "/newsletter/subscribe/", {"email": "pat@example.com"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "Please use our own form" in answer.content.decode()
    assert Subscriber.objects.count() == 0


def test_a_network_has_its_limit_and_another_its_own(daily: Newsletter) -> None:
    def tries(address: str) -> list[bool]:
        return [is_over_limit(RequestFactory().post("/", REMOTE_ADDR=address)) for _ in range(MOST_IN_WINDOW + 2)]

    cache.clear()
    assert tries("192.0.2.1") == [False] * MOST_IN_WINDOW + [True, True]
    assert is_over_limit(RequestFactory().post("/", REMOTE_ADDR="192.0.2.200"))
    assert not is_over_limit(RequestFactory().post("/", REMOTE_ADDR="198.51.100.1"))


def test_what_a_visitor_claims_about_his_address_is_not_believed(daily: Newsletter) -> None:
    cache.clear()
    asked = [
        is_over_limit(RequestFactory().post("/", headers={"X-Forwarded-For": f"198.51.{number}.1"}))
        for number in range(MOST_IN_WINDOW + 1)
    ]
    assert asked[-1]


@pytest.mark.usefixtures("static_files")
def test_over_the_limit_nothing_is_stored(client: Client, daily: Newsletter) -> None:
    for number in range(MOST_IN_WINDOW + 5):
        client.post("/newsletter/subscribe/", {"email": f"reader{number}@example.com"})
    assert Subscriber.objects.count() == MOST_IN_WINDOW


def test_without_redis_nobody_is_refused(settings: Any, tmp_path: Any) -> None:
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"unix://{tmp_path}/nothing?db=0"}}
    assert [is_over_limit(RequestFactory().post("/")) for _ in range(MOST_IN_WINDOW + 1)][-1] is False
