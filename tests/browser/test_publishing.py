"""A story on its way to readers and after: drafted, previewed, scheduled, corrected, restored, moved, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import FrameLocator, Page, expect

from news.models import Article, Publication
from news.roles import EDITOR, REPORTER
from tests import make
from tests.browser.editor import press
from tests.browser.test_newsroom import form_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]


def test_a_story_from_the_reporters_draft_to_a_page_that_was_corrected_and_moved(
    enter: Any,
    site: str,
) -> None:
    make.section("Retail")
    make.picture(alt="Cars in lanes")
    reporter = enter(REPORTER, "Rae", "/admin/news/article/add/")
    draft_with_a_picture(reporter)
    article = Article.objects.get()
    editor = enter(EDITOR, "Edna", form_of(article))
    preview_what_is_typed(editor)
    page = enter(EDITOR, "Otto")  # Somebody who reads the site.
    address = f"{site}/news/lots-fill-up/"
    now = timezone.now()
    due = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    with time_machine.travel(due - timedelta(seconds=1), tick=False) as clock:
        schedule(editor, f"{due.astimezone(Publication.load().zone):%Y-%m-%d %H:%M}")
        assert page.request.get(address).status == 404
        clock.shift(1)
        assert page.request.get(address).status == 200
    with time_machine.travel(due + timedelta(minutes=1)):
        correct(editor)
        page.goto(address)
        page.get_by_role("link", name="Corrected").click()
        expect(page.locator(".corrections")).to_contain_text("It was 12 stores, not 21.")
        publish_changes(editor, "#id_headline", "Worse words")
        restore_what_was_scheduled(editor)
        page.reload()
        expect(page.locator("h1")).to_have_text("Lots are filling up")
        editor.get_by_role("heading", name="More").click()
        publish_changes(editor, "#id_slug", "lots-are-full")
        page.goto(address)
        assert page.url == f"{site}/news/lots-are-full/"


def draft_with_a_picture(reporter: Page) -> None:
    reporter.locator("#id_headline").fill("Lots fill up")
    reporter.get_by_label("Dek").fill("Recon bays are the reason.")
    reporter.locator(".tiptap").click()
    reporter.keyboard.type("Dealers carry more cars.")
    reporter.locator(".field-lead_picture .select2-selection").click()
    reporter.locator(".select2-results__option", has_text="Cars in lanes").click()
    reporter.get_by_role("button", name="Hand in").click()
    expect(reporter.get_by_text("Handed in for review.")).to_be_visible()


def shown(editor: Page) -> FrameLocator:
    return editor.frame_locator(".preview-stage iframe:not(.is-loading)")


def preview_what_is_typed(editor: Page) -> None:
    editor.emulate_media(color_scheme="null")  # Else it would be the same in every frame.
    editor.get_by_role("button", name="Preview", exact=True).click()
    expect(shown(editor).locator("h1")).to_have_text("Lots fill up")
    expect(shown(editor).locator(".hero img")).to_have_attribute("alt", "Cars in lanes")
    editor.locator("#id_headline").fill("Lots are filling up")
    expect(shown(editor).locator("h1")).to_have_text("Lots are filling up")
    looks = {
        (width, scheme): look(editor, width, scheme) for width in ("Phone", "Desktop") for scheme in ("Light", "Dark")
    }
    light, dark = "rgb(255, 255, 255)", "rgb(17, 24, 29)"
    assert looks == {
        ("Phone", "Light"): [390, light],
        ("Phone", "Dark"): [390, dark],
        ("Desktop", "Light"): [1280, light],
        ("Desktop", "Dark"): [1280, dark],
    }
    editor.get_by_role("button", name="Close the preview").click()
    assert Article.objects.get().headline == "Lots fill up"


def look(editor: Page, width: str, scheme: str) -> Any:
    editor.get_by_role("button", name=width).click()
    editor.get_by_role("button", name=scheme).click()
    return shown(editor).locator("body").evaluate("body => [innerWidth, getComputedStyle(body).backgroundColor]")


def schedule(editor: Page, at: str) -> None:
    make.author("Dana Whitfield")
    editor.get_by_label("Section").select_option("Retail")
    editor.locator(".field-authors_in_order .select2-search__field").click()
    editor.keyboard.type("Dana")
    editor.locator(".select2-results__option", has_text="Dana Whitfield").click()
    day, minute = at.split()
    editor.locator("#id_published_at_0").fill(day)
    editor.locator("#id_published_at_1").fill(minute)
    editor.locator(".publish-button").click()  # By the browser's own clock it may be time.
    expect(editor.get_by_text("Scheduled: readers see it from")).to_be_visible()


def correct(editor: Page) -> None:
    editor.reload()
    press(editor, "Add correction")
    editor.get_by_label("Correction").fill("It was 12 stores, not 21.")
    editor.get_by_role("button", name="Add correction").click()
    expect(editor.get_by_text("The correction is added. Readers see it now.")).to_be_visible()


def publish_changes(editor: Page, field: str, words: str) -> None:
    editor.locator(field).fill(words)
    editor.get_by_role("button", name="Publish changes").click()
    expect(editor.get_by_text("Saved. Readers see the change now.")).to_be_visible()


def restore_what_was_scheduled(editor: Page) -> None:
    press(editor, "History")
    expect(editor.locator(".changes")).to_contain_text("Correction added: “It was 12 stores, not 21.”")
    editor.get_by_role("row", name="Scheduled for").get_by_role("link").click()
    editor.get_by_role("button", name="Restore this version").click()
    expect(editor.get_by_text("Restored what it said on")).to_be_visible()


def test_a_reviewer_reads_by_the_link_that_an_editor_copies(enter: Any, open_page: Any, site: str) -> None:
    article = make.article("Held back", status="draft")
    editor = enter(EDITOR, "Edna", form_of(article))
    editor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.locator("#id_headline").fill("Being typed")
    press(editor, "Review link")
    editor.get_by_role("button", name="Copy").click()
    expect(editor.get_by_role("button", name="Copied")).to_be_visible()
    link = editor.evaluate("navigator.clipboard.readText()")
    editor.get_by_role("button", name="Done").click()
    expect(editor.locator("#id_link")).to_be_hidden()
    expect(editor.locator("#id_headline")).to_have_value("Being typed")
    reviewer = open_page(link.removeprefix(site))
    expect(reviewer.locator("h1")).to_have_text("Held back")
    expect(reviewer.get_by_text("Preview – not published.")).to_be_visible()


def test_a_withdrawn_story_leads_where_the_editor_says(enter: Any, open_page: Any) -> None:
    article = make.article("Live")
    make.article("The better story")
    editor = enter(EDITOR, "Edna", form_of(article))
    press(editor, "Withdraw")
    editor.get_by_label("Send its readers to").fill("//evil.example/")
    editor.get_by_role("button", name="Withdraw").click()
    expect(editor.get_by_text("Write a path of this site")).to_be_visible()
    editor.get_by_label("Send its readers to").fill("/news/the-better-story/")
    editor.get_by_role("button", name="Withdraw").click()
    expect(editor.get_by_text("The article is withdrawn.")).to_be_visible()
    expect(open_page(article.get_absolute_url()).locator("h1")).to_have_text("The better story")
