"""People at work on the same stories: handed in, scheduled, restored, written by two at once, lost and found again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from news.models import Article, Publication, UnsavedWork
from news.roles import EDITOR, REPORTER
from tests import make
from tests.browser.editor import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]


def form_of(article: Article) -> str:
    return f"/admin/news/article/{article.pk}/change/"


def write_at_the_end(page: Page, words: str) -> None:
    page.locator(".tiptap p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def test_a_reporter_hands_in_and_an_editor_schedules_and_the_page_is_there_to_the_second(enter: Any, site: str) -> None:
    make.section("Retail")
    make.author("Dana Whitfield")
    reporter = enter(REPORTER, "Rae", "/admin/news/article/add/")
    reporter.locator("#id_headline").fill("Lots fill up")
    reporter.get_by_label("Dek").fill("Recon bays are the reason.")
    reporter.locator(".tiptap").click()
    reporter.keyboard.type("Dealers carry more cars.")
    expect(reporter.get_by_role("button", name="Publish")).to_have_count(0)
    reporter.get_by_role("button", name="Hand in").click()
    expect(reporter.get_by_text("Handed in for review.")).to_be_visible()
    expect(reporter.get_by_role("button", name="Save")).to_have_count(0)

    article = Article.objects.get()
    editor = enter(EDITOR, "Edna", form_of(article))
    editor.get_by_role("button", name="Publish").click()
    expect(editor.get_by_text("Before it can be published, the article needs a section, an author.")).to_be_visible()
    editor.get_by_label("Section").select_option("Retail")
    editor.locator(".field-authors_in_order .select2-search__field").click()
    editor.keyboard.type("Dana")
    editor.locator(".select2-results__option", has_text="Dana Whitfield").click()
    due = timezone.now().replace(microsecond=0) + timedelta(minutes=5)
    local = due.astimezone(Publication.load().zone)
    editor.locator("#id_published_at_0").fill(f"{local:%Y-%m-%d}")
    editor.locator("#id_published_at_1").fill(f"{local:%H:%M:%S}")
    editor.get_by_role("button", name="Schedule for").click()
    expect(editor.get_by_text("Scheduled: readers see it from")).to_be_visible()

    address = f"{site}/news/lots-fill-up/"
    with time_machine.travel(due - timedelta(seconds=1), tick=False) as clock:
        assert editor.request.get(address).status == 404
        clock.shift(1)
        assert editor.request.get(address).status == 200


def test_the_button_says_that_it_schedules_and_for_when(enter: Any) -> None:
    editor = enter(EDITOR, "Edna")
    editor.clock.install(time="2026-11-20T17:00:00Z")  # A Friday, noon in New York.
    editor.goto(editor.url + "news/article/add/")
    day, clock = (editor.locator(f"#id_published_at_{part}") for part in (0, 1))
    button = editor.locator(".publish-button")
    expect(button).to_have_text("Publish")
    found = {}
    for typed in (
        "2026-11-20 12:01",
        "2026-11-20 11:59 a.m.",
        "2026-11-23 6am",
        "2026-12-01 6:30 p.m.",
        "2026-12-01 6",
    ):
        date, time = typed.split(maxsplit=1)
        day.fill(date)
        clock.fill(time)
        found[typed] = button.inner_text()
    assert found == {
        "2026-11-20 12:01": "Schedule for Fri 12:01 p.m.",
        "2026-11-20 11:59 a.m.": "Publish",
        "2026-11-23 6am": "Schedule for Mon 6:00 a.m.",
        "2026-12-01 6:30 p.m.": "Schedule for Dec 1, 6:30 p.m.",
        "2026-12-01 6": "Publish",
    }
    day.fill("2026-11-20")
    clock.fill("12:01")
    editor.clock.run_for(61_000)
    expect(button).to_have_text("Publish")  # Its time has come meanwhile.


def test_every_action_is_in_reach_beside_the_preview(enter: Any) -> None:
    editor = enter(EDITOR, "Edna", form_of(make.article("Live")))
    editor.get_by_role("button", name="Preview", exact=True).click()
    expect(editor.locator(".preview-pane")).to_be_visible()
    editor.get_by_role("link", name="More actions").press("Enter")
    for name in ("History", "View on site", "Add correction", "Review link", "Break this story"):
        editor.get_by_role("link", name=name).click(trial=True)
    editor.get_by_role("link", name="Withdraw").click()
    expect(editor.get_by_text("Withdraw this article?")).to_be_visible()


def test_an_editor_goes_back_to_an_earlier_version(enter: Any) -> None:
    article = make.article("As it was", status="draft")
    editor = enter(EDITOR, "Edna", form_of(article))
    editor.locator("#id_headline").fill("Worse")
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("The draft is saved.")).to_be_visible()
    press(editor, "History")
    editor.locator(".changes a").last.click()
    editor.get_by_role("button", name="Restore this version").click()
    expect(editor.get_by_text("Restored what it said on")).to_be_visible()
    expect(editor.locator("#id_headline")).to_have_value("As it was")


def test_ctrl_s_keeps_an_edit_of_a_live_article_from_readers(enter: Any, site: str) -> None:
    article = make.article("Live")
    editor = enter(EDITOR, "Edna", form_of(article))
    write_at_the_end(editor, " Not yet.")
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("Kept as a draft over the article.")).to_be_visible()
    assert "Not yet." not in editor.request.get(site + article.get_absolute_url()).text()
    expect(editor.locator(".tiptap")).to_contain_text("Not yet.")
    editor.get_by_role("button", name="Publish changes").click()
    expect(editor.get_by_text("Saved. Readers see the change now.")).to_be_visible()
    assert "Not yet." in Article.objects.get().body


def test_two_editors_on_one_article_see_each_others_words_and_lose_none(enter: Any) -> None:
    article = make.article(status="draft", body="<p>They wait.</p>")
    edna, otto = (enter(EDITOR, name, form_of(article)) for name in ("Edna", "Otto"))
    write_at_the_end(edna, " Hers.")
    edna.locator("#id_headline").fill("Her headline")
    edna.get_by_role("button", name="Save draft").click()
    expect(edna.get_by_text("The draft is saved.")).to_be_visible()

    write_at_the_end(otto, " His.")
    otto.get_by_role("button", name="Save draft").click()
    expect(otto.get_by_text("Edna saved this article")).to_be_visible()
    assert "Hers." in Article.objects.get().body
    expect(otto.locator(".overtaken .runs").last).to_have_text("They wait. Hers.His.\n")
    expect(otto.locator(".tiptap")).to_have_text("They wait. His.")
    expect(otto.get_by_label("Keep theirs: Headline")).to_be_checked()  # He had not touched it.
    expect(otto.get_by_label("Keep theirs: Body")).not_to_be_checked()
    otto.get_by_role("button", name="Save draft").click()
    expect(otto.get_by_text("The draft is saved.")).to_be_visible()
    article.refresh_from_db()
    assert (article.headline, article.body) == ("Her headline", "<p>They wait. His.</p>")


def test_what_was_typed_before_the_tab_was_lost_is_there_again(enter: Any, site: str) -> None:
    editor = enter(EDITOR, "Edna")
    lost = editor.context.new_page()
    lost.clock.install()
    lost.goto(f"{site}/admin/news/article/add/")
    expect(lost.locator(".prose-menubar")).to_be_visible()
    lost.clock.run_for(2000)
    lost.locator("#id_headline").fill("Never saved")
    lost.locator(".tiptap").click()
    lost.keyboard.type("An hour of work.")
    with lost.expect_response("**/autosave/"):
        lost.clock.run_for(20_000)
    lost.close()
    assert UnsavedWork.objects.count() == 1
    assert not Article.objects.exists()

    editor.goto(f"{site}/admin/news/article/add/")
    editor.get_by_role("link", name="Restore what was not saved").click()
    expect(editor.get_by_text("It is not saved yet.")).to_be_visible()
    expect(editor.locator("#id_headline")).to_have_value("Never saved")
    expect(editor.locator(".tiptap")).to_have_text("An hour of work.")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("The draft is saved.")).to_be_visible()
    assert not UnsavedWork.objects.exists()
