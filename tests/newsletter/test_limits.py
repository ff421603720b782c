from typing import Any

import pytest
from django.test import RequestFactory

from newsletter.limits import client_address, network


@pytest.mark.parametrize(
    ("address", "in_network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_what_one_household_has(address: str, in_network: str) -> None:
    assert network(address) == in_network


def test_behind_the_sites_own_proxy_each_visitor_is_counted_alone(settings: Any) -> None:
    settings.IS_HTTPS = True
    asked = RequestFactory().post("/", headers={"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}, REMOTE_ADDR="172.18.0.2")
    assert client_address(asked) == "198.51.100.7"
    assert client_address(RequestFactory().post("/", REMOTE_ADDR="172.18.0.2")) == "172.18.0.2"
