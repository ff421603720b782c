import ssl
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from news.partners.fetch import FetchFailed, fetch
from news.partners.guard import Guard, is_public
from tests.news.partners.web import Web, ok, reply, rss

AGENT = "Forecourt/1 (+https://news.example.com)"
CERTIFICATE = Path(__file__).parents[2] / "data" / "feeds" / "tls" / "partner.pem"


def failure(url: str, guard: Guard) -> str:
    with pytest.raises(FetchFailed) as failed:
        fetch(url, AGENT, guard)
    return str(failed.value)


def test_redirects_are_followed_five_times(web: Web, guard: Guard) -> None:
    for number in range(5):
        web.answers[f"/{number}"] = reply(302, Location=f"/{number + 1}")
    web.answers["/5"] = ok(rss())
    assert fetch(web.url("/0"), AGENT, guard).url == web.url("/5")
    web.answers["/5"] = reply(302, Location="/6")
    assert failure(web.url("/0"), guard) == "The address redirects more than 5 times."
    web.answers["/0"] = reply(301, Location="/0")
    assert failure(web.url("/0"), guard) == "The address redirects more than 5 times."


def test_an_address_has_moved_as_far_as_the_redirects_are_permanent(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = reply(301, Location="/a")
    web.answers["/a"] = reply(308, Location="/b")
    web.answers["/b"] = reply(302, Location="/c")
    web.answers["/c"] = reply(301, Location="/d")
    web.answers["/d"] = ok(rss())
    fetched = fetch(web.url(), AGENT, guard)
    assert (fetched.url, fetched.moved_to) == (web.url("/d"), web.url("/b"))


def only_first(guard: Guard) -> Guard:
    """The public internet's rule for every machine but the first, which is our loopback web."""
    seen: list[object] = []

    def is_allowed(address):
        seen.append(address)
        return len(seen) == 1 or is_public(address)

    return replace(guard, is_allowed=is_allowed)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]"),
    ],
)
def test_a_redirect_into_our_own_network_is_refused_before_anything_is_asked(web: Web, guard: Guard, host: str) -> None:
    web.answers["/feed"] = reply(302, Location=f"http://{host}:{web.port}/secret")
    assert failure(web.url(), only_first(guard)) == f"{host.strip('[]')} is not on the public internet."
    assert [path for path, _ in web.asked] == ["/feed"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://gasket.test/feed", "gopher://gasket.test/"])
def test_a_redirect_away_from_the_web_is_refused(web: Web, guard: Guard, target: str) -> None:
    web.answers["/feed"] = reply(302, Location=target)
    assert failure(web.url(), guard) == "Only http and https addresses can be asked."


def test_a_port_that_is_not_the_webs_is_refused(web: Web, guard: Guard) -> None:
    assert failure("http://gasket.test:6379/", guard) == "Port 6379 is not one of the web’s."
    assert Guard().ports == {80, 443}


def test_a_name_that_changes_its_machine_is_asked_for_once(web: Web, guard: Guard) -> None:
    """DNS rebinding: the first answer is fine, each later one would be the router."""
    answers = [["127.0.0.1"]]
    web.answers["/feed"] = ok(rss())
    rebinding = replace(guard, resolve=lambda host, port: answers.pop() if answers else ["192.168.0.1"])
    assert fetch(web.url(), AGENT, rebinding).body == rss()
    assert failure(web.url(), rebinding) == "gasket.test is not on the public internet."


def test_a_name_with_one_machine_inside_our_network_is_refused(web: Web, guard: Guard) -> None:
    mixed = replace(guard, resolve=lambda host, port: ["127.0.0.1", "192.168.0.1"])
    assert failure(web.url(), mixed) == "gasket.test is not on the public internet."
    assert web.asked == []


def test_a_name_without_a_machine_is_a_failure_in_words(web: Web, guard: Guard) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError

    assert failure(web.url(), replace(guard, resolve=nobody)) == "There is no machine named gasket.test."


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.170"),
        *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("233.252.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::7f00:1", "::ffff:8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1"),
        *("2001:2::1", "2001:db8::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fe80::1", "fec0::1"),
        *("fe80::1%lo", "ff02::1", "ff0e::1"),
    ],
)
def test_an_address_of_no_public_machine_is_not_allowed(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_an_address_on_the_public_internet_is_allowed(address: str) -> None:
    assert is_public(ip_address(address))


# TLS


@pytest.fixture
def secure_port(web: Web) -> int:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    return web.port


def test_a_certificate_is_checked_against_the_name_in_the_address(web: Web, guard: Guard, secure_port: int) -> None:
    web.answers["/feed"] = ok(rss())
    trusting = replace(guard, tls=lambda: ssl.create_default_context(cafile=CERTIFICATE))
    assert fetch(f"https://partner.test:{secure_port}/feed", AGENT, trusting).body == rss()
    invalid = "The server’s certificate is not valid."
    assert failure(f"https://other.test:{secure_port}/feed", trusting) == invalid
    assert failure(f"https://partner.test:{secure_port}/feed", guard) == invalid
