"""A provider of quotes on loopback: an HTTPS proxy that answers as Yahoo and Finnhub would, and fails as they do.

The real libraries run against it, on their real addresses: it takes every CONNECT itself, with its own certificate.
Set `provider.environment` (HTTPS_PROXY and the certificate) before the first request of a session.

    with Provider(folder) as provider:
        provider.rows["TSLA"] = row("TSLA", "319.80")
        provider.fault = always(Answer(status=429))      # to everything from here on; None heals it
        provider.faults["/getcrumb"] = always(Answer(pause_s=9)) # only to addresses with these words
"""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CRUMB = "Phb0wzVdPs6"


@dataclass(frozen=True)
class Request:
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def address(self) -> str:
        return f"{self.host}{self.path}"


@dataclass
class Answer:
    """`pause_s` comes before the answer, `drip_s` before each of its bytes; `cut` ends the connection instead."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0
    drip_s: float = 0
    cut: bool = False
    endless: bool = False

    @classmethod
    def of(cls, content: Any, status: int = 200, **headers: str) -> "Answer":
        return cls(json.dumps(content).encode(), status, {"Content-Type": "application/json", **headers})


Fault = Callable[[Request], Answer]


def row(symbol: str, price: float = 319.801, previous_close: float = 322.0498, **fields: Any) -> dict[str, Any]:
    """A row as Yahoo's v7 answer has it, of this moment; a field that is given as None is left out."""
    known = {
        "symbol": symbol,
        "quoteType": "EQUITY",
        "currency": "USD",
        "marketState": "REGULAR",
        "exchangeDataDelayedBy": 0,
        "regularMarketPrice": price,
        "regularMarketPreviousClose": previous_close,
        "regularMarketTime": int(time.time()),
        **fields,
    }
    return {name: value for name, value in known.items() if value is not None}


def always(answer: Answer) -> Fault:
    return lambda request: answer


class Provider:
    """`rows` is what it knows; `closes` maps a ticker to its [(seconds, close)]; `requests` is what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.closes: dict[str, list[tuple[int, float | None]]] = {}
        self.fault: Fault | None = None
        self.faults: dict[str, Fault] = {}
        self.requests: list[Request] = []
        self._certificate = certificate(folder)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self._certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_closed = threading.Event()

    @property
    def environment(self) -> dict[str, str]:
        """Curl reads the proxy at each request, in lower case first; the certificate is read by a new session."""
        proxy = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "REQUESTS_CA_BUNDLE": str(self._certificate),
        }

    def asked(self, words: str = "") -> list[str]:
        """The addresses that were asked for and have these words."""
        return [request.address for request in self.requests if words in request.address]

    def __enter__(self) -> "Provider":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_closed.set()
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        """One tunnel: the CONNECT, then any number of requests over TLS."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # Else each handshake waits 40 ms.
        self._open.add(connection)
        with suppress(OSError), connection:
            head = read_head(connection)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            host = head.split()[1].split(":")[0]
            with self._tls.wrap_socket(connection, server_side=True) as tunnel:
                while head := read_head(tunnel):
                    request = parse(host, tunnel, head)
                    self.requests.append(request)
                    if not self._send(tunnel, self._answer(request)):
                        return
        self._open.discard(connection)

    def _answer(self, request: Request) -> Answer:
        for words, fault in self.faults.items():
            if words in request.address:
                return fault(request)
        return self.fault(request) if self.fault else self.well(request)

    def well(self, request: Request) -> Answer:
        """What it answers in good health, for a fault that comes and goes."""
        return well(self, request)

    def _send(self, tunnel: ssl.SSLSocket, answer: Answer) -> bool:
        """Whether the connection can go on."""
        if answer.cut or self._is_closed.wait(answer.pause_s):
            return False
        length = {} if answer.endless or "Content-Length" in answer.headers else {"Content-Length": len(answer.body)}
        lines = [f"HTTP/1.1 {answer.status} -", *(f"{n}: {v}" for n, v in {**answer.headers, **length}.items())]
        whole = "\r\n".join([*lines, "", ""]).encode() + answer.body
        if not answer.drip_s:
            tunnel.sendall(whole)
        for byte in whole if answer.drip_s else b"":
            tunnel.sendall(bytes([byte]))
            if self._is_closed.wait(answer.drip_s):
                return False
        while answer.endless:
            tunnel.sendall(b" " * 65536)
        return True


def read_head(connection: socket.socket) -> str:
    """Up to the empty line; nothing at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return ""
        head += byte
    return head.decode()


def parse(host: str, tunnel: socket.socket, head: str) -> Request:
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    left = int(headers.get("content-length", 0))
    while left:
        left -= len(tunnel.recv(left))
    url = urlsplit(first.split()[1])
    return Request(host, url.path, {name: value[-1] for name, value in parse_qs(url.query).items()}, headers)


def certificate(folder: Path) -> Path:
    """A certificate and its key in one file, which is its own authority; made by OpenSSL once for a folder."""
    file = folder / "provider.pem"
    if not file.exists():
        names = ["*.yahoo.com", "*.finance.yahoo.com", "finnhub.io", "*.example"]
        openssl = shutil.which("openssl")
        assert openssl, "The fake provider needs the openssl command."
        command = (
            f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=provider"
        )
        alternatives = "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)
        files = ["-keyout", str(file), "-out", str(file.with_suffix(".crt"))]
        subprocess.run([*command.split(), "-addext", alternatives, *files], check=True, capture_output=True)
        file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


def well(provider: Provider, request: Request) -> Answer:
    """What a provider in good health answers."""
    match request.host, request.path:
        case "fc.yahoo.com", _:
            return Answer(b"", 404, {"Set-Cookie": "A3=d=abc; Domain=.yahoo.com; Path=/; Max-Age=31557600; Secure"})
        case _, "/v1/test/getcrumb":
            return Answer(CRUMB.encode()) if "A3=" in request.headers.get("cookie", "") else Answer(b"", 401)
        case _, "/v7/finance/quote":
            return v7(provider, request)
        case _, path if path.startswith("/v8/finance/chart/"):
            return v8(provider, path.rpartition("/")[2], request)
        case "finnhub.io", "/api/v1/quote":
            return finnhub(provider, request)
    return Answer(b"<html>Nothing here</html>", 404)


def v7(provider: Provider, request: Request) -> Answer:
    if request.query.get("crumb") != CRUMB:
        return Answer.of({"finance": {"error": {"code": "Unauthorized", "description": "Invalid Crumb"}}}, 401)
    found = [provider.rows[ticker] for ticker in request.query["symbols"].split(",") if ticker in provider.rows]
    return Answer.of({"quoteResponse": {"result": found, "error": None}})


def v8(provider: Provider, ticker: str, request: Request) -> Answer:
    if ticker not in provider.closes:
        error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
        return Answer.of({"chart": {"result": None, "error": error}}, 404)
    asked = range(int(request.query["period1"]), int(request.query["period2"]))
    found = [(at, close) for at, close in provider.closes[ticker] if at in asked]
    closes = {"close": [close for _, close in found]}
    chart = {"meta": {"currency": "USD"}, "timestamp": [at for at, _ in found], "indicators": {"quote": [closes]}}
    return Answer.of({"chart": {"result": [chart], "error": None}})


def finnhub(provider: Provider, request: Request) -> Answer:
    if request.headers.get("x-finnhub-token") != "a key":
        return Answer.of({"error": "Invalid API key"}, 401)
    known = provider.rows.get(request.query["symbol"].replace(".", "-"), {})
    names = {"c": "regularMarketPrice", "pc": "regularMarketPreviousClose", "t": "regularMarketTime"}
    return Answer.of({"d": None, "dp": None, **{short: known.get(name, 0) for short, name in names.items()}})
