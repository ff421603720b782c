"""Shows the caught mail in the browser: a list, a page for each message, its HTML in a sandbox, its source.

What a mail holds is a stranger's text: it is escaped, its HTML never gets script or our origin, and a page is given
only to a browser that asked for it by our own name (DNS rebinding).
"""

import json
import re
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from launch.mailbox import Mailbox, body, header, parse
from launch.ports import LOOPBACK

SHOWN = 200
HEADERS = ("From", "To", "Subject", "Date", "Reply-To", "List-Unsubscribe", "List-Id", "Message-ID")
LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
PAGE_CSP = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
# A mail's own page: styles and pictures, no script, no forms; its links open outside the sandbox.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
MAIL_CSP = f"default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; sandbox {SANDBOX}"

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d8d6d0, #3a3a3a); --quiet: light-dark(#5d5a54, #a5a19a); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  background: light-dark(#fbfaf7, #161616); color: light-dark(#1c1b19, #ecebe8); }
a { color: light-dark(#0b57a4, #8ab8f0); } h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1rem; }
ul { list-style: none; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); padding: .6rem 0; overflow-wrap: anywhere; }
li small, dt, .quiet { color: var(--quiet); } li small { display: block; } time { font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem; }
iframe { box-sizing: border-box; width: 100%; height: 46rem; border: 1px solid var(--line); background: #fff; }
"""

Answer = tuple[int, str, str, bytes]  # Status, content type, content security policy, body.


def reader(mailbox: Mailbox, port: int) -> ThreadingHTTPServer:
    """The server, bound to the loopback interface; the caller runs it. Port 0 takes any free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            own_port = server.server_port
            if self.headers.get("Host") not in {f"{LOOPBACK}:{own_port}", f"localhost:{own_port}"}:
                self._send(421, "text/plain", PAGE_CSP, b"This is the mail reader of a local Forecourt.\n")
                return
            self._send(*answer(mailbox, self.path.partition("?")[0]))

        def _send(self, status: int, kind: str, csp: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", csp)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("X-Content-Type-Options", "nosniff")
            if kind == "message/rfc822":
                self.send_header("Content-Disposition", 'attachment; filename="message.eml"')
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the terminal is the site's."""

    server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    return server


def answer(mailbox: Mailbox, path: str) -> Answer:
    """The page at a path."""
    if path == "/":
        return 200, "text/html", PAGE_CSP, list_page(mailbox).encode()
    if path == "/messages.json":
        return 200, "application/json", PAGE_CSP, messages_json(mailbox).encode()
    if path == "/reader.css":
        return 200, "text/css", PAGE_CSP, STYLE.encode()
    if found := re.fullmatch(r"/messages/([^/]+?)(/html|\.eml)?", path):
        source = mailbox.source(found[1])
        if source is not None:
            return message_answer(found[1], source, found[2])
    missing = page("Not found", format_html('<p>There is no such message. <a href="{}">All mail</a></p>', "/"))
    return 404, "text/html", PAGE_CSP, missing.encode()


def message_answer(message_id: str, source: bytes, part: str | None) -> Answer:
    """A message's page, its source (`.eml`) or its HTML (`/html`)."""
    if part == ".eml":
        return 200, "message/rfc822", PAGE_CSP, source
    if part == "/html":
        html = body(parse(source), "html") or ""
        return 200, "text/html", MAIL_CSP, f'<!doctype html><base target="_blank">{html}'.encode("utf-8", "replace")
    return 200, "text/html", PAGE_CSP, message_page(message_id, source).encode("utf-8", "replace")


def list_page(mailbox: Mailbox) -> str:
    row = '<li><a href="/messages/{}">{}</a><small>To {} · from {} · <time>{}</time></small></li>'
    newest = mailbox.newest(SHOWN)
    cells = ((m.id, m.subject or "(no subject)", m.to, m.sender, local_time(m.caught_at)) for m in newest)
    intro = "Nothing leaves this machine: every mail of the local site is kept here, newest first."
    if not newest:
        intro = "No mail yet. What the site sends arrives here; reload to look again."
    rows = format_html_join("", row, cells)
    return page("Mail sent by the site", format_html('<p class="quiet">{}</p><ul>{}</ul>', intro, rows))


def local_time(moment: datetime) -> str:
    return f"{moment.astimezone():%d %b %Y, %H:%M:%S}"


def message_page(message_id: str, source: bytes) -> str:
    message = parse(source)
    shown = ((name, header(message, name)) for name in HEADERS if name in message)
    text, html = body(message, "plain"), body(message, "html")
    content = format_html('<p><a href="/">All mail</a> · <a href="/messages/{0}.eml">Source</a></p>', message_id)
    content += format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", shown))
    if html is not None:
        frame = '<h2>HTML</h2><iframe title="The mail’s HTML" sandbox="{}" src="/messages/{}/html"></iframe>'
        content += format_html(frame, SANDBOX, message_id)
    if text is not None:
        content += format_html("<h2>Text</h2><pre>{}</pre>", linked(text))
    return page(header(message, "Subject") or "(no subject)", content)


def page(title: str, content: SafeString) -> str:
    return format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>{0}</title><link rel="stylesheet" href="/reader.css"><h1>{0}</h1>{1}</html>',
        title,
        content,
    )


def linked(text: str) -> SafeString:
    """Plain text, escaped, with its addresses made into links that open beside the reader."""
    parts, start = mark_safe(""), 0
    for found in LINK.finditer(text):
        link = format_html('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>', found[0])
        parts += format_html("{}{}", text[start : found.start()], link)
        start = found.end()
    return parts + format_html("{}", text[start:])


def messages_json(mailbox: Mailbox) -> str:
    """The list for programs: newest first, dates in ISO 8601."""
    names = ("id", "to", "from", "subject", "date")
    rows = ((m.id, m.to, m.sender, m.subject, m.caught_at.isoformat()) for m in mailbox.newest(SHOWN))
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows])
