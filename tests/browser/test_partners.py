"""Hostile stories in a real Chromium: nothing of them runs or leaves the site, and everybody can read the page."""

from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.utils import timezone
from django.utils.html import escape
from playwright.sync_api import expect

from news.models import Article, Partner
from news.partners.guard import Guard
from news.partners.parse import Parser
from tests import make
from tests.browser.axe import violations
from tests.news.partners.conftest import guard, parser, web  # noqa: F401
from tests.news.partners.test_corpora import NEEDS_CORPORA, bring, feed_of, hostile
from tests.news.partners.web import Web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADLINES = "/admin/news/partner/headlines/"


@NEEDS_CORPORA
def test_no_hostile_string_runs_in_a_browser(
    open_page: Any,
    web: Web,  # noqa: F811
    guard: Guard,  # noqa: F811
    parser: Parser,  # noqa: F811
) -> None:
    """Neither on readers' pages nor on the desk's; a handler that the page's policy stops would be an error, too."""
    make.publication()
    partner = make.partner_story().partner
    strings = hostile()
    for first in range(0, len(strings), 100):
        bring(web, guard, parser, partner, feed_of("json", strings[first : first + 100], first))
    dialogs: list[str] = []
    page = open_page("/", user=make.user(is_superuser=True))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for path in (make.article().get_absolute_url(), HEADLINES, "/partners/gasket-review/"):
        page.goto(urljoin(page.url, path))
        page.mouse.move(200, 400)
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
    assert violations(page) == ""


def test_a_story_is_started_from_a_headline_and_keeps_whose_it_was(open_page: Any) -> None:
    make.publication()
    make.section()
    hour_ago = timezone.now() - timedelta(hours=1)
    story = make.partner_story("Lots & <lanes>", url="https://gasket.test/?p=1&q=2", published_at=hour_ago)
    page = open_page(HEADLINES, user=make.user(is_superuser=True))
    page.get_by_role("link", name="Start a story from this").click()
    expect(page.locator(".ProseMirror[contenteditable=true]")).to_contain_text("Gasket Review reports: Lots & <lanes>.")
    page.locator("[name=headline]").fill("Lots fill")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/article/*/change/**")
    assert Article.objects.get().body == (
        f'<p>Gasket Review reports: <a href="{escape(story.url)}">Lots &amp; &lt;lanes&gt;</a>.</p>'
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_the_desks_pages_about_partners_fit_the_screen(open_page: Any, width: int) -> None:
    make.publication()
    story = make.partner_story(published_at=timezone.now() - timedelta(hours=1))
    Partner.objects.update(
        feed_url="http://gasket.test/feed", failures=9, is_stopped=True, failing_since=make.NOON, error="Gone. " * 40
    )
    page = open_page(HEADLINES, width=width, user=make.user(is_superuser=True))
    partner = f"/admin/news/partner/{story.partner_id}/change/"
    for path in (HEADLINES, partner, "/admin/news/partner/find-feed/", "/admin/news/partner/test-feed/"):
        page.goto(urljoin(page.url, path))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
