"""A web of our own on loopback: any name under .test leads to it, and what a path answers is up to the test."""

import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


def item(number: int | str = 1, **parts: str) -> str:
    fields = {
        "title": f"Story {number}",
        "link": f"http://gasket.test/{number}",
        "guid": f"gasket-{number}",
        "pubDate": "Wed, 18 Nov 2026 17:00:00 GMT",
        **parts,
    }
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value) + "</item>"


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>Gasket Review</title>{"".join(items)}</channel></rss>'.encode()


def ok(body: bytes, **headers: str) -> Answer:
    return reply(200, body, **{"Content-Type": "application/rss+xml", **headers})


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Header names are written with underscores; the body's length is told unless the headers say otherwise."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return answer


class Web(ThreadingHTTPServer):
    """Answers by path, keeps what was asked, and counts how many were with a host at once."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.counting = threading.Lock()
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/feed", host: str = "gasket.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up on us is meant to."""


class Handler(BaseHTTPRequestHandler):
    server: Web
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host, web = self.headers["Host"], self.server
        with web.counting:
            web.asked.append((self.path, dict(self.headers)))
            web.at_once[host] += 1
            web.most_at_once[host] = max(web.most_at_once[host], web.at_once[host])
        try:
            web.answers.get(self.path, reply(404))(self)
        finally:
            with web.counting:
                web.at_once[host] -= 1
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass
