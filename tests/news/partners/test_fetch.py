import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from news.partners.fetch import FetchFailed, fetch
from news.partners.guard import Guard
from tests.news.partners.web import Answer, Web, ok, reply, rss

AGENT = "Forecourt/1 (+https://news.example.com)"
CERTIFICATE = Path(__file__).parents[2] / "data" / "feeds" / "tls" / "partner.pem"


def failure(url: str, guard: Guard) -> str:
    with pytest.raises(FetchFailed) as failed:
        fetch(url, AGENT, guard)
    return str(failed.value)


def test_a_feed_comes_whole_with_what_is_needed_to_ask_again(web: Web, guard: Guard) -> None:
    web.answers["/feed?a=1"] = ok(rss(), ETag='"7"', Last_Modified="Wed, 18 Nov 2026 17:00:00 GMT")
    fetched = fetch(web.url("/feed?a=1#top"), AGENT, guard)
    assert (fetched.body, fetched.etag, fetched.last_modified, fetched.moved_to) == (
        rss(),
        '"7"',
        "Wed, 18 Nov 2026 17:00:00 GMT",
        "",
    )


def test_who_asks_says_so_and_sends_nothing_else(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = reply(302, Location="/there", Set_Cookie="id=1")
    web.answers["/there"] = ok(rss())
    fetch(web.url(), AGENT, guard)
    headers = web.asked[1][1]
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert (headers["User-Agent"], headers["Host"]) == (AGENT, f"gasket.test:{web.port}")


def test_an_unchanged_feed_is_not_sent_again(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = reply(304)
    fetched = fetch(web.url(), AGENT, guard, etag='"7"', last_modified="Wed, 18 Nov 2026 17:00:00 GMT")
    assert fetched.is_unchanged
    headers = web.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"7"', "Wed, 18 Nov 2026 17:00:00 GMT")


def test_gzip_is_unpacked(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = ok(gzip.compress(rss()), Content_Encoding="gzip")
    assert fetch(web.url(), AGENT, guard).body == rss()


def test_a_packing_that_nobody_asked_for_is_refused(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = ok(b"x", Content_Encoding="br")
    assert failure(web.url(), guard) == "The server packs the answer as “br”, which we did not ask for."


# Time


def drip(part: bytes, *, headers_first: bool) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        if headers_first:
            to.send_response(200)
            to.end_headers()
        else:
            to.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not to.server.closing.wait(0.05):  # type: ignore[attr-defined]
            to.wfile.write(part)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda to: to.server.closing.wait(10),
        drip(b"x", headers_first=True),
        drip(b"X-Slow: 1\r\n", headers_first=False),
        drip(b"x", headers_first=False),
    ],
    ids=["silence", "a dripping body", "dripping headers", "one endless header"],
)
def test_a_fetch_ends_when_its_time_is_over(web: Web, hasty: Guard, answer: Answer) -> None:
    web.answers["/feed"] = answer
    start = time.monotonic()
    words = failure(web.url(), hasty)
    assert time.monotonic() - start < 1.5
    assert words == "The server did not give a whole answer within 0 seconds."


def test_a_fetch_leaves_no_thread_and_no_timer_behind(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = ok(rss())
    fetch(web.url(), AGENT, guard)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(1)
    assert not any(timer.is_alive() for timer in timers)


def test_a_server_that_is_not_there_says_so_in_words(guard: Guard) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        words = failure(f"http://gasket.test:{port}/", replace(guard, ports=frozenset({port})))
    assert words == "The server does not take connections."


# Size


def bomb(to: BaseHTTPRequestHandler) -> None:
    """1 GiB of zeros in about 1 MB: one packed MiB, which ends on a byte, a thousand times over."""
    packer = zlib.compressobj(wbits=-15)
    mebibyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    to.send_response(200)
    to.send_header("Content-Encoding", "gzip")
    to.end_headers()
    to.wfile.write(b"\x1f\x8b\x08" + bytes(7) + mebibyte)
    for _ in range(1023):
        to.wfile.write(mebibyte)


def test_a_bomb_of_a_gibibyte_takes_no_more_memory_than_a_feed(web: Web, guard: Guard) -> None:
    web.answers["/feed"] = bomb
    tracemalloc.start()
    assert failure(web.url(), guard) == "The answer is larger than 5 MB."
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * 1024**2


@pytest.mark.parametrize("tells_length", [True, False])
def test_50_megabytes_are_not_read_to_their_end(web: Web, guard: Guard, tells_length: bool) -> None:
    sent = []

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        if tells_length:
            to.send_header("Content-Length", str(50 * 1024**2))
        to.end_headers()
        for _ in range(50):
            to.wfile.write(bytes(1024**2))
            sent.append(1)

    web.answers["/feed"] = answer
    assert failure(web.url(), guard) == "The answer is larger than 5 MB."
    assert len(sent) < 25


@pytest.mark.parametrize(
    "answer",
    [
        lambda to: to.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>"),
        ok(gzip.compress(rss())[:-20], Content_Encoding="gzip"),
        lambda to: to.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<rss>"),
    ],
    ids=["by length", "by gzip", "by chunk"],
)
def test_an_answer_that_was_cut_short_is_not_taken(web: Web, guard: Guard, answer: Answer) -> None:
    web.answers["/feed"] = answer
    assert failure(web.url(), guard) == "The answer was cut short."


@pytest.mark.parametrize(
    "said", [b"", b"\x00\x00\x00", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300 + b"\r\n"]
)
def test_what_is_not_http_is_a_failure_in_words(web: Web, guard: Guard, said: bytes) -> None:
    web.answers["/feed"] = lambda to: to.wfile.write(said)
    assert failure(web.url(), guard).startswith("The server’s answer cannot be read")


# What the server says


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "The server answers 404 Not Found."),
        (500, "The server answers 500 Internal Server Error."),
        (206, "The server answers 206 Partial Content."),
        (410, "The server says that this is gone for good (410)."),
    ],
)
def test_a_refusal_is_told_in_words(web: Web, guard: Guard, status: int, words: str) -> None:
    web.answers["/feed"] = reply(status)
    assert failure(web.url(), guard) == words


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("Sat, 18 Nov 2000 17:00:00 GMT", 0), ("soon", None), ("", None), ("9" * 5000, 999999999)],
)
def test_a_wait_that_the_server_names_is_kept(web: Web, guard: Guard, value: str, seconds: float | None) -> None:
    web.answers["/feed"] = reply(429, Retry_After=value)
    with pytest.raises(FetchFailed) as failed:
        fetch(web.url(), AGENT, guard)
    assert failed.value.retry_after == seconds


@pytest.mark.parametrize("value", ['"\xff"', '"' + "x" * 400 + '"'])
def test_a_header_that_cannot_be_kept_is_left(web: Web, guard: Guard, value: str) -> None:
    web.answers["/feed"] = ok(rss(), ETag=value)
    assert fetch(web.url(), AGENT, guard).etag == ""
