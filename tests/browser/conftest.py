"""A real Chromium on the real pages. Without one these tests are skipped by name at home, and fail in CI."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import make
from tests.newsletter.conftest import mailbox, smtp_port  # noqa: F401

# Playwright runs an event loop in the tests' thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CANDIDATES = ("/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; CI has to install it.")
        pytest.skip("Chromium is not installed.")
    expect.set_options(timeout=20_000)  # The other processors are busy too.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def site(transactional_db: None, settings: Any) -> Iterator[str]:
    """The running site; the result is its address, which it also gives as its own in links and mail.

    The static files are WhiteNoise's, under the names that they have in production.
    """
    server = LiveServerThread("127.0.0.1", lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    settings.SITE_URL = f"http://127.0.0.1:{server.port}"
    yield settings.SITE_URL
    server.terminate()


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Any]:
    """Open a path of the site in a fresh browser; whatever goes wrong on the page fails the test.

    Nothing moves unless a test asks for it: without a graphics card the strip's way keeps a processor busy.
    """
    contexts, wrong = [], []

    def open_(path: str, width: int = 1280, height: int = 900, **options: Any) -> Page:
        options = {"reduced_motion": "reduce", **options}
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error on the page: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        known = (site, "data:", "blob:")
        page.on("request", lambda asked: None if asked.url.startswith(known) else wrong.append(asked.url))
        page.goto(site + path)
        return page

    open_.wrong = wrong  # For a test that provokes it.
    yield open_
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def desk(open_page: Any, site: str) -> Page:
    """The admin's first page, as an editor sees it after the login."""
    make.publication()
    client = Client()
    client.force_login(make.user(is_superuser=True))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/admin/"}
    extra = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    page: Page = open_page("/admin/", storage_state={"cookies": [{**cookie, **extra}], "origins": []})
    picture = make.image_file((320, 180)).getvalue()
    page.context.route("**/media/**", lambda route: route.fulfill(body=picture, content_type="image/jpeg"))
    return page
