"""The mail as a reader sees it, and the desk's page that shows it while an editor writes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, expect

from news.models import Correction
from newsletter import editions, tokens
from newsletter.models import Edition, Newsletter
from newsletter.tokens import Purpose
from tests import make
from tests.browser import axe
from tests.newsletter.test_golden import edition as golden_edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]

# Without the rules about the landmarks of a page: mail programs put a mail into a page of their own.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
SHEET = {"light": "rgb(253, 252, 249)", "dark": "rgb(26, 36, 43)"}
PICTURE = make.image_file((320, 180)).getvalue()


@pytest.fixture
def daily(transactional_db: None) -> Newsletter:
    make.publication(postal_address="12 Foundry Row\nDayton, OH 45402")
    return make.newsletter()


@pytest.fixture
def ready(daily: Newsletter, site: str) -> Edition:
    """An edition with every part, of today, so that its hour is still to come or was just now."""
    made = golden_edition(daily)
    Edition.objects.filter(pk=made.pk).update(date=timezone.localdate() + timedelta(days=1))
    editions.rewrite(made.pk)
    made.refresh_from_db()
    return made


def violations(page: Page) -> str:
    """What shuts somebody out, contrast among it; empty when axe finds nothing wrong."""
    found = Axe().run(page, options=WCAG)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 640])
def test_the_mail_fits_and_can_be_read(chromium: Browser, ready: Edition, tmp_path: Path, width: int, scheme: Any):
    """Look at the pictures too: they are in the test's folder (`--basetemp`)."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.route("**/media/**", lambda route: route.fulfill(body=PICTURE, content_type="image/jpeg"))
    page.set_content(ready.html)
    page.screenshot(path=tmp_path / f"mail-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    images = page.locator("img").evaluate_all(
        "all => all.map(img => [img.alt, img.getAttribute('width'), img.getAttribute('height'), img.complete])"
    )
    assert images == [["Cars in a row", "552", "311", True], ["Cars in a row", "96", "96", True]]
    assert page.locator(".sheet").evaluate("sheet => getComputedStyle(sheet).backgroundColor") == SHEET[scheme]
    assert violations(page) == ""
    page.close()


def test_the_note_of_a_correction_stands_apart_from_the_archived_mail(open_page: Any, ready: Edition):
    ready.send_now()
    Correction.objects.create(article=ready.items.first().article, text="It was Tuesday.")
    for width, scheme in ((375, "light"), (1280, "dark")):
        page = open_page(ready.get_absolute_url(), width=width, color_scheme=scheme)
        note, sheet = (page.locator(name).bounding_box() for name in (".corrected", ".sheet"))
        assert note["y"] + note["height"] < sheet["y"]
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_person_shut_nobody_out(open_page: Any, daily: Newsletter, scheme: str):
    make.newsletter("Breaking news", position=1, days="")
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    key = subscription.subscriber.key
    personal = [
        f"/newsletter/{purpose}/{tokens.make(purpose, key)}/" for purpose in (Purpose.PREFERENCES, Purpose.DATA)
    ]
    for path in ("/newsletter/preferences/", "/newsletter/preferences/sent/", *personal):
        page = open_page(path, width=390, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert axe.violations(page) == ""


def test_a_reader_chooses_by_keyboard_and_leaves(open_page: Any, daily: Newsletter):
    breaking = make.newsletter("Breaking news", position=1, days="")
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    token = tokens.make(Purpose.PREFERENCES, subscription.subscriber.key)
    page = open_page(f"/newsletter/preferences/{token}/", java_script_enabled=False)
    page.get_by_label("Breaking news").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert [breaking.subscriptions.running().count(), daily.subscriptions.running().count()] == [1, 1]
    page.get_by_role("button", name="Unsubscribe from all").click()
    expect(page.get_by_role("status")).to_have_text("You get no newsletter from us any more.")
    assert [breaking.subscriptions.running().count(), daily.subscriptions.running().count()] == [0, 0]


# The desk


@pytest.fixture
def desk(open_page: Any, ready: Edition) -> Page:
    """The edition's page in the admin."""
    page: Page = open_page(f"/admin/newsletter/edition/{ready.pk}/change/", user=make.user(is_superuser=True))
    return page


def preview(desk: Page) -> FrameLocator:
    return desk.frame_locator(".edition-preview iframe")


def test_the_preview_follows_what_is_typed_and_keeps_nothing(desk: Page, ready: Edition):
    expect(preview(desk).locator("h1")).to_have_text("Dealers’ lots “fill up”")
    desk.wait_for_timeout(1100)  # Until then the page takes what changes for its own.
    desk.locator("#id_note").fill("Typed just now.")
    expect(preview(desk).get_by_text("Typed just now.")).to_be_visible()
    desk.locator("#id_preheader").fill("A new preheader")
    expect(preview(desk).locator(".preheader")).to_have_text("A new preheader")
    desk.get_by_role("button", name="Text", exact=True).click()
    expect(preview(desk).locator("pre")).to_contain_text("Typed just now.")
    desk.get_by_role("button", name="Dark").click()
    expect(preview(desk).locator(".sheet")).to_have_css("background-color", SHEET["dark"])
    expect(desk.get_by_text("It is not saved yet.")).to_be_visible()
    ready.refresh_from_db()
    assert ready.note == "Good morning.\n\nThe show opens."


def test_the_preview_follows_a_story_that_is_moved(desk: Page):
    handles = desk.locator("#items-group").get_by_text("drag_indicator").locator("visible=true")
    desk.wait_for_timeout(1100)
    handles.nth(1).drag_to(handles.nth(0), target_position={"x": 5, "y": 1})
    expect(preview(desk).locator("h1")).to_have_text("On GM")


def test_a_scheduled_story_is_chosen_with_its_state_and_noted_in_its_row(desk: Page):
    make.article("Tariff signed", published_at=timezone.now() + timedelta(days=9))
    desk.get_by_text("Add another Story").click()
    desk.locator("#items-group .field-article .select2-selection:visible").last.click()
    desk.locator(".select2-search__field").last.fill("tariff")
    desk.get_by_role("option", name="Tariff signed · Scheduled").click()
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.get_by_text("Saved. Not published yet: 1 of its")).to_be_visible()
    expect(desk.locator(".edition-note", has_text=": not in this mail")).to_be_visible()


def test_an_edition_is_held_and_let_go(desk: Page, ready: Edition):
    for button, state, words in (
        ("Hold", "held", "The edition is held."),
        ("Let go", "ready", "The edition is ready."),
    ):
        desk.get_by_role("link", name=button).click()
        desk.locator("#dialog").get_by_role("button", name=button).click()
        expect(desk.get_by_text(words)).to_be_visible()
        ready.refresh_from_db()
        assert ready.status == state
