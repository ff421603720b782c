"""A real Chromium on the real pages. Without one these tests are skipped by name at home, and fail in CI."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect, sync_playwright

from news.models import User
from tests import make
from tests.browser.windows import Windows
from tests.newsletter.conftest import mailbox, smtp_port  # noqa: F401

# Playwright runs an event loop in the tests' thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The shell is the same engine without a browser's own windows, which take a third of the tests' time.
SHELLS = ("/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell")
BROWSERS = ("/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The pop-ups of the address bar take most of the time of opening a window. The last such switch counts, so what
# Playwright switches off is named again.
FEATURES_OFF = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, (*SHELLS, *BROWSERS))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; CI has to install it.")
        pytest.skip("Chromium is not installed.")
    expect.set_options(timeout=20_000)  # The other processors are busy too.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The running site, at one address for all tests, so that the browser keeps what it has fetched and compiled.

    The static files are WhiteNoise's, under the names that they have in production.
    """
    thread = LiveServerThread("127.0.0.1", with_pictures)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    thread.httpd.daemon_threads = False  # Its end waits for them: they hold connections to the database.
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def with_pictures(application: Any) -> Any:
    """One picture for all the renditions that no worker has made."""
    picture = make.image_file((320, 180)).getvalue()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if not path.startswith(settings.MEDIA_URL) or Path(settings.MEDIA_ROOT, path.removeprefix("/media/")).exists():
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "image/jpeg")])
        return [picture]

    return answer


@pytest.fixture
def site(transactional_db: None, settings: Any, server: str) -> str:
    """The address of the running site, which it also gives as its own in links and mail."""
    settings.SITE_URL = server
    return server


@pytest.fixture(scope="session")
def windows(chromium: Browser, server: str) -> Iterator[Windows]:
    windows = Windows(chromium, server)
    yield windows
    windows.close()


@pytest.fixture
def open_page(windows: Windows, site: str) -> Iterator[Any]:
    """Open a path of the site as that user or as a new reader; whatever goes wrong on the page fails the test.

    Nothing moves unless a test asks for it: without a graphics card the strip's way keeps a processor busy.
    """
    wrong: list[str] = []

    def open_(path: str, width: int = 1280, height: int = 900, user: User | None = None, **options: Any) -> Page:
        context = windows.take({"reduced_motion": "reduce", **options})
        context.add_cookies(cookies_of(user))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("pageerror", lambda error: wrong.append(f"error on the page: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        known = (site, "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(known) else wrong.append(asked.url))
        page.goto(site + path)
        return page

    open_.wrong = wrong  # For a test that provokes it.
    yield open_
    windows.give_back()
    assert wrong == []


def cookies_of(user: User | None) -> list[Any]:
    """Those of the admin, for somebody who has signed in."""
    if user is None:
        return []
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/admin/"}]


@pytest.fixture
def enter(open_page: Any) -> Any:
    """Open a page of the admin as somebody of that role and name."""
    make.publication()

    def enter_(role: str, name: str, path: str = "/admin/") -> Page:
        user = make.user(f"{name.lower()}@example.com", first_name=name)
        user.groups.set(Group.objects.filter(name=role))
        page: Page = open_page(path, user=user)
        return page

    return enter_


@pytest.fixture
def desk(open_page: Any) -> Page:
    """The admin's first page, as somebody who may do everything sees it."""
    make.publication()
    page: Page = open_page("/admin/", user=make.user(is_superuser=True))
    return page
