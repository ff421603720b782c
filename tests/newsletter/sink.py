"""A mail server on loopback that takes mail, answers by script and notes who got what.

    with Sink() as sink:
        sink.answers["RCPT"] = lambda address: "550 5.1.1 No such user" if address == "gone@example.com" else None
        …
        assert sink.taken == ["pat@example.com"]

The stages are CONNECT, MAIL, RCPT, DATA, CONTENT (all of it is there, but for the last dot) and DOT. An answer of None
is the usual one; DROP ends the connection, HANG says nothing. CONTENT's is looked at for DROP alone.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

USUAL = {
    "CONNECT": "220 sink ESMTP",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "DOT": "250 2.0.0 Taken",
}
DROP, HANG = "DROP", "HANG"
END = b"\r\n.\r\n"
Answer = Callable[[str], str | None]


class Sink:
    def __init__(self, *, pipelines: bool = True, keep_content: bool = False) -> None:
        self.answers: dict[str, Answer] = {}
        self.taken: list[str] = []  # Addresses whose mail was whole and was answered with 250.
        self.whole: list[str] = []  # Addresses whose mail was whole, whatever the answer.
        self.contents: list[bytes] = []
        self.connections = 0
        self.pipelines, self.keep_content = pipelines, keep_content
        self.open: set[asyncio.Transport] = set()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Sink":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def serve(self, settings: Any) -> None:
        """Be the settings' mail server, with nothing to slow it down."""
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.MAIL_CONNECTIONS, settings.MAIL_RATE = ["8"], ["0"]

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(lambda: Session(self), "127.0.0.1", self.port, backlog=500)

    async def _end(self) -> None:
        self._server.close()
        for transport in list(self.open):
            transport.abort()
        await asyncio.sleep(0.01)


class Session(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lines = b""
        self._content: bytearray | None = None  # Of the mail that is under way.
        self._address = ""
        self._has_sender = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.connections += 1
        self._sink.open.add(transport)
        self._answer("CONNECT")

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        while data:
            if self._content is not None:
                data = self._take_content(data)
                continue
            self._lines += data
            data = b""
            while self._content is None and (end := self._lines.find(b"\r\n")) >= 0:
                line, self._lines = self._lines[:end], self._lines[end + 2 :]
                self._command(line.decode())
            if self._content is not None:
                data, self._lines = self._lines, b""

    def _command(self, line: str) -> None:
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            self._say("250-sink\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES" if self._sink.pipelines else "250 sink")
        elif verb == "MAIL":
            self._address = ""
            self._has_sender = self._answer("MAIL").startswith("250")
        elif verb == "RCPT" and not self._has_sender:
            self._say("503 5.5.1 MAIL first")
        elif verb == "RCPT":
            address = line[line.index("<") + 1 : line.index(">")]
            if self._answer("RCPT", address).startswith("250"):
                self._address = address
        elif verb == "DATA":
            if not self._address and "DATA" not in self._sink.answers:
                self._say("554 5.5.1 No valid recipients")
            elif self._answer("DATA").startswith("354"):
                self._content = bytearray(b"\r\n")
        elif verb == "QUIT":
            self._say("221 2.0.0 Bye")
            self._transport.close()
        else:
            self._say("250 2.0.0 Ok")

    def _take_content(self, data: bytes) -> bytes:
        assert self._content is not None
        self._content += data
        found = self._content.find(END, max(0, len(self._content) - len(data) - len(END)))
        if found < 0:
            if self._content.endswith(b"--\r\n") and self._ask("CONTENT") == DROP:
                self._transport.abort()
            return b""
        rest = bytes(self._content[found + len(END) :])
        if self._sink.keep_content:
            self._sink.contents.append(bytes(self._content[2 : found + 2]))
        self._content = None
        self._sink.whole.append(self._address)
        if self._answer("DOT").startswith("250"):
            self._sink.taken.append(self._address)
        return rest

    def _ask(self, stage: str, address: str = "") -> str | None:
        answer = self._sink.answers.get(stage)
        return answer(address or self._address) if answer else None

    def _answer(self, stage: str, address: str = "") -> str:
        answer = self._ask(stage, address) or USUAL[stage]
        if answer == DROP:
            self._transport.abort()
        elif answer != HANG:
            self._say(answer)
            if answer.startswith("421"):
                self._transport.close()
        return answer

    def _say(self, answer: str) -> None:
        self._transport.write(answer.encode() + b"\r\n")
