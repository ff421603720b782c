"""The body editor in the hands of a test."""

import re

from playwright.sync_api import Page, expect

from news.models import Article

BLOCKS = "p|h2|h3|ul|ol|li|blockquote|footer|figure|img|figcaption|table|caption|thead|tbody|tr|th|td|hr|pre"


def open_article(desk: Page, site: str, article: Article) -> None:
    desk.goto(f"{site}/admin/news/article/{article.pk}/change/")
    expect(desk.locator(".prose-menubar")).to_be_visible()


def press(desk: Page, action: str) -> None:
    """One of the article's actions, which lie behind the “…” unless the window is wide."""
    desk.get_by_role("link", name="More actions").click()
    desk.get_by_role("link", name=action).click()


def save(desk: Page) -> None:
    desk.get_by_role("button", name="Publish changes").click()
    expect(desk.get_by_text("Saved. Readers see the change now.")).to_be_visible()


def write_behind(desk: Page, words: str) -> None:
    """Put the cursor at the end of the paragraph with those words."""
    desk.locator(".tiptap p", has_text=words).click()
    desk.keyboard.press("End")


def paste(desk: Page, html: str) -> None:
    desk.evaluate(
        """html => {
            const data = new DataTransfer()
            data.setData("text/html", html)
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            document.querySelector(".tiptap").dispatchEvent(paste)
        }""",
        html,
    )


def squeezed(html: str) -> str:
    """Without the blanks beside the tags of blocks, which say nothing."""
    return re.sub(rf"\s*(</?(?:{BLOCKS})\b[^>]*>)\s*", r"\1", html)
