"""The local mail catch-all as a process: mail in by SMTP, out by the reader."""

import http.client
import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from launch.folder import ROOT
from launch.ports import answers, free_ports_from

HOSTILE = '<script>alert("1")</script>'


@dataclass
class Catch:
    folder: Path
    smtp: int
    reader: int

    def send(self, message: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp) as connection:
            connection.send_message(message)

    def get(self, path: str, host: str = "") -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.reader)
        connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{self.reader}"})
        response = connection.getresponse()
        content = response.read().decode()
        connection.close()
        return response, content

    def ids(self) -> list[str]:
        return [message["id"] for message in json.loads(self.get("/messages.json")[1])]


@pytest.fixture(scope="module")
def catch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catch]:
    folder = tmp_path_factory.mktemp("mail")
    ports = free_ports_from(22000 + os.getpid() * 50 % 10000)
    catch = Catch(folder, next(ports), next(ports))
    command = [sys.executable, "-W", "error", "-m", "launch.mail", str(folder), str(catch.smtp), str(catch.reader)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        deadline = time.monotonic() + 60
        while not (answers(catch.smtp) and answers(catch.reader)):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        yield catch
        process.terminate()
        assert process.wait(20) == 0


def letter(subject: str, text: str, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@example.com", "reader@example.org", subject
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_mail_is_listed_newest_first(catch: Catch) -> None:
    catch.send(letter("First", "One."))
    catch.send(letter("Second", "Two."))
    listed = json.loads(catch.get("/messages.json")[1])[:2]
    assert [message["subject"] for message in listed] == ["Second", "First"]
    assert listed[0]["to"] == "reader@example.org" and listed[0]["from"] == "desk@example.com"
    response, page = catch.get("/")
    assert response.status == 200
    assert page.index("Second") < page.index("First")


def test_what_a_mail_holds_is_escaped(catch: Catch) -> None:
    catch.send(letter(f"Hello {HOSTILE}", f"Text {HOSTILE}", f"<p>HTML {HOSTILE}</p>"))
    newest = catch.ids()[0]
    for path in ("/", f"/messages/{newest}"):
        response, page = catch.get(path)
        assert "<script" not in page and "&lt;script&gt;" in page
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_html_of_a_mail_is_sandboxed(catch: Catch) -> None:
    catch.send(letter("Hello", "Text", '<p><a href="https://example.com/">read</a></p>'))
    newest = catch.ids()[0]
    _, page = catch.get(f"/messages/{newest}")
    assert f'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/{newest}/html"' in page
    response, html = catch.get(f"/messages/{newest}/html")
    assert "sandbox allow-popups" in response.headers["Content-Security-Policy"]
    assert html.startswith('<!doctype html><base target="_blank">')
    assert '<a href="https://example.com/">read</a>' in html


def test_addresses_in_the_text_are_links_that_open_beside(catch: Catch) -> None:
    catch.send(letter("Confirm", "Confirm (http://127.0.0.1:8000/newsletter/confirm/a-b/?x=1&y=2). Thanks"))
    _, page = catch.get(f"/messages/{catch.ids()[0]}")
    address = "http://127.0.0.1:8000/newsletter/confirm/a-b/?x=1&amp;y=2"
    assert f'(<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>). Thanks' in page


def test_the_source_is_what_was_sent_with_its_envelope(catch: Catch) -> None:
    catch.send(letter("Source", "Körper"))
    newest = catch.ids()[0]
    response, source = catch.get(f"/messages/{newest}.eml")
    assert response.headers["Content-Disposition"] == 'attachment; filename="message.eml"'
    assert source.startswith("Return-Path: <desk@example.com>\r\nDelivered-To: reader@example.org\r\n")
    assert (catch.folder / f"{newest}.eml").read_bytes().decode() == source


def test_a_malformed_mail_does_not_hide_the_others(catch: Catch) -> None:
    with smtplib.SMTP("127.0.0.1", catch.smtp) as connection:
        data = (
            b"From: @@<\r\nTo: \xff\xfe\r\nSubject: =?nope?q?x?=\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xe9"
        )
        connection.sendmail("desk@example.com", ["a@example.org"], data)
    assert catch.get("/")[0].status == 200
    assert catch.get(f"/messages/{catch.ids()[0]}")[0].status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8001", "127.0.0.1"])
def test_another_host_is_refused(catch: Catch, host: str) -> None:
    assert catch.get("/", host)[0].status == 421


@pytest.mark.parametrize("path", ["/messages/../secrets", "/messages/..%2Fx.eml", "/messages/0", "/nowhere"])
def test_other_paths_are_not_found(catch: Catch, path: str) -> None:
    assert catch.get(path)[0].status == 404
