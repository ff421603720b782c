"""`make run` whole: every process of the real site on an empty folder, used as a reader would, and stopped."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_string, policy
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from launch.folder import ROOT
from launch.ports import free_ports_from
from launch.processes import birth, noted_pid

ARTICLE = "/news/what-a-main-street-store-is-worth/"
PICTURED = "/news/service-drive-buying/"  # The worker makes its picture first; all of them take most of a minute.
RUN = """
import sys
from pathlib import Path
from launch.folder import Folder
from launch.run import reporting, run
from launch.site import forecourt
sys.exit(reporting(lambda interrupts: run(Folder(Path(sys.argv[1])), forecourt, interrupts)))
"""


class Site:
    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.output = folder / "output"
        port = next(free_ports_from(22000 + os.getpid() * 50 % 10000))
        self.url = f"http://127.0.0.1:{port}"
        environ = {**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT)}
        for name in ("DATABASE_URL", "REDIS_URL", "QUOTES"):
            environ.pop(name, None)
        command = [sys.executable, "-c", RUN, str(self.var)]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT)

    def get(self, url: str) -> str:
        with urlopen(Request(url if url.startswith("http") else self.url + url), timeout=30) as response:
            return str(response.read(), "utf-8")

    def post(self, url: str, data: str = "") -> str:
        headers = {"Origin": self.url, "Content-Type": "application/x-www-form-urlencoded"}
        with urlopen(Request(url, data=data.encode(), headers=headers, method="POST"), timeout=30) as response:
            return str(response.read(), "utf-8")

    def wait_for(self, found: Callable[[], Any], seconds: float = 120) -> Any:
        deadline = time.monotonic() + seconds
        while not (result := found()):
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)
        return result

    def said(self, pattern: str) -> str | None:
        found = re.search(pattern, self.output.read_text())
        return found[1] if found else None


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    try:
        site.reader = site.wait_for(lambda: site.said(r"Mail it has sent: +(\S+)"))
        yield site
    finally:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGTERM)
            site.process.wait(40)


def newest_mail(site: Site, subject: str) -> str | None:
    """The text of the newest caught mail, if it is the one with this subject."""
    mails = json.loads(site.get(site.reader + "messages.json"))
    if not mails or subject not in mails[0]["subject"]:
        return None
    raw = (site.var / "mail" / f"{mails[0]['id']}.eml").read_text()
    body = message_from_string(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content())


def test_make_run_serves_the_reference_page_and_takes_a_subscriber(running: Site) -> None:
    page = running.get(ARTICLE)
    for part in ("TSLA", 'class="tagline"', 'class="dek"', "signup-body-email", "Follow Lot &amp; Lane"):
        assert part in page
    for part in ("is part of the", "About the author", "Related Articles", "Latest Articles", "Publishing Partners"):
        assert part in page

    running.post(running.url + "/newsletter/subscribe/", "email=pat%40example.com")
    letter = running.wait_for(lambda: newest_mail(running, "Confirm your subscription"), 60)
    confirm = re.search(rf"{running.url}/newsletter/confirm/\S+", letter)[0]
    assert "Yes, send it to me" in running.get(confirm)
    running.post(confirm)
    letter = running.wait_for(lambda: newest_mail(running, "on the list"), 60)
    unsubscribe = re.search(rf"{running.url}/newsletter/unsubscribe/\S+", letter)[0]
    running.post(unsubscribe, "List-Unsubscribe=One-Click")

    pictures = re.findall(r'srcset="(/media/[^ ]+)', running.wait_for(lambda: rendered(running), 60))
    with urlopen(running.url + pictures[0], timeout=30) as answer:
        assert answer.headers["Content-Type"] == "image/avif"

    pids = [noted_pid(file) for file in (running.var / "run").glob("*.pid")]
    assert len(pids) == 6
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(40) == 0
    assert [pid for pid in pids if pid and birth(pid)] == []


def rendered(site: Site) -> str | None:
    """An article's page once the worker has made the renditions of its hero; never one that is kept for a minute."""
    page = site.get(f"{PICTURED}?before={time.monotonic()}")
    return page if 'type="image/avif"' in page.split('class="hero"')[1][:400] else None
