"""Hostile stories in a real Chromium: nothing of them runs or leaves the site, and everybody can read the page."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from news.models import Partner
from news.partners.decide import keyed
from news.partners.ingest import store
from news.partners.parse import Parser
from tests import make
from tests.news.partners.conftest import parser  # noqa: F401
from tests.news.partners.test_corpora import NEEDS_CORPORA, feed_of, hostile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@NEEDS_CORPORA
def test_no_hostile_string_runs_in_a_browser(open_page: Any, parser: Parser) -> None:  # noqa: F811
    make.publication()
    partner = make.partner_story().partner
    strings = hostile()
    for first in range(0, len(strings), 100):
        document = feed_of("json", strings[first : first + 100], first)
        entries = parser.parse(document, "http://gasket.test/feed").entries
        store(partner, keyed(entries, timezone.now()), timezone.now())
    dialogs: list[str] = []
    page = open_page("/partners/gasket-review/")
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for _ in range(60):
        page.mouse.move(200, 400)
        older = page.get_by_role("link", name="Earlier stories")
        if not older.count():
            break
        older.click()
    assert page.get_by_role("link", name="Earlier stories").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/partners/", "/partners/yard-weekly/"])
def test_a_partners_page_is_for_everybody(open_page: Any, path: str, width: int) -> None:
    make.publication()
    for partner in ("Gasket Review", "Yard Weekly"):
        make.partner_story(
            partner=partner,
            summary="Quiet lanes.",
            picture=make.picture(),
            published_at=timezone.now() - timedelta(hours=1),
        )
    Partner.objects.filter(slug="yard-weekly").update(is_paying=True, logo=make.picture())
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page, options=AXE_RULES).response["violations"] == []
