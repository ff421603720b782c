"""What the body editor sets: the place of the sign-up, embeds, companies, links to stories; and how readers see it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from news.models import Article
from tests import make
from tests.browser.axe import violations
from tests.browser.editor import open_article, save, squeezed, write_behind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"


def body() -> str:
    return squeezed(Article.objects.get().body)


def test_the_editor_says_where_the_signup_stands(desk: Page, site: str, open_page: Any) -> None:
    make.newsletter()
    article = make.article(body="<p>One.</p><p>Two.</p>")
    open_article(desk, site, article)
    for words in ("Two.", "One."):  # A story has one mark: the second press moves it.
        write_behind(desk, words)
        desk.get_by_role("button", name="Set where the newsletter sign-up stands").click()
    expect(desk.locator(".signup-mark")).to_have_text("Newsletter sign-up")
    save(desk)
    assert body() == '<p>One.</p><hr class="signup"><p>Two.</p>'
    page = open_page(article.get_absolute_url())
    assert page.locator(".body > *").evaluate_all("all => all.map(one => one.localName)") == ["p", "section", "p"]


def test_a_video_is_embedded_and_plays_at_a_press(desk: Page, site: str, open_page: Any) -> None:
    article = make.article(body="<p>One.</p><p>Two.</p>")
    open_article(desk, site, article)
    write_behind(desk, "One.")
    desk.get_by_role("button", name="Embed a YouTube video or audio").click()
    dialog = desk.get_by_role("dialog", name="Embed")
    dialog.get_by_label("Address").fill("https://vimeo.com/1")
    dialog.get_by_label("Title").fill("A day in recon")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Only YouTube videos and audio files")
    dialog.get_by_label("Address").fill("https://youtu.be/dQw4w9WgXcQ?si=x")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    save(desk)
    assert body() == f'<p>One.</p><figure class="embed"><a href="{VIDEO}">A day in recon</a></figure><p>Two.</p>'

    page = open_page(article.get_absolute_url())
    card = page.get_by_role("button", name="Play video A day in recon")
    card.focus()
    page.keyboard.press("Space")
    player = page.locator("iframe.player")
    expect(player).to_have_attribute("src", PLAYER)
    expect(player).to_have_attribute("title", "A day in recon")
    expect(player).to_be_focused()
    page.wait_for_timeout(200)
    assert [said for said in open_page.wrong if "ERR_NAME_NOT_RESOLVED" not in said] == [PLAYER]
    open_page.wrong.clear()


def test_an_embed_is_a_link_without_javascript(open_page: Any) -> None:
    article = make.article(lead_video=VIDEO, body=f'<figure class="embed"><a href="{VIDEO}">A day</a></figure>')
    page = open_page(article.get_absolute_url(), java_script_enabled=False)
    expect(page.get_by_role("link", name="Play video A day")).to_have_attribute("href", VIDEO)
    expect(page.get_by_role("link", name="Play video Used-car supply climbs")).to_have_attribute("href", VIDEO)


def test_a_story_with_all_of_it_is_accessible_and_fits_every_width(open_page: Any) -> None:
    make.quote(make.symbol("TSLA", company=make.company("Tesla")))
    figure = (
        f'<figure class="wide"><img src="{make.picture().master.url}" alt=""><figcaption>At noon</figcaption></figure>'
    )
    video = f'<figure class="embed"><a href="{VIDEO}">A day</a><figcaption>Four minutes</figcaption></figure>'
    audio = '<figure class="embed"><a href="https://audio.example/a.mp3">The show</a></figure>'
    chip = '<p>So <a href="/companies/tesla/" class="company">Tesla</a> fell.</p>'
    article = make.article(lead_video=VIDEO, lead_picture=make.picture(), body=chip + figure + video + audio)
    for scheme in ("light", "dark"):
        page = open_page(article.get_absolute_url(), color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == "", scheme
        for width in (320, 390, 768, 1280, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_recording_that_cannot_be_played_is_a_link_again(open_page: Any) -> None:
    address = "https://audio.example/a.mp3"
    article = make.article(body=f'<figure class="embed"><a href="{address}">The show</a></figure>')
    page = open_page(article.get_absolute_url())
    page.context.route(address, lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="Listen The show").click()
    expect(page.get_by_role("button", name="Listen The show")).to_be_visible()
    page.wait_for_timeout(200)
    assert address in open_page.wrong
    open_page.wrong.clear()


def test_a_lead_video_is_set_in_the_form_and_plays_in_place(desk: Page, site: str, open_page: Any) -> None:
    article = make.article(lead_picture=make.picture(), status="draft")
    open_article(desk, site, article)
    desk.get_by_label("Lead video").fill("https://www.youtube.com/@lotandlane")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("This YouTube address names no video.")).to_be_visible()
    desk.get_by_label("Lead video").fill("https://youtu.be/dQw4w9WgXcQ")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published. See it on the site")).to_be_visible()
    assert Article.objects.get().lead_video == VIDEO
    page = open_page(article.get_absolute_url())
    page.get_by_role("button", name="Cars in a row Play video").click()
    expect(page.locator(".hero iframe.player")).to_have_attribute("title", article.headline)
    page.wait_for_timeout(200)
    open_page.wrong.clear()


def test_a_company_is_a_chip_that_the_strip_keeps_new(desk: Page, site: str, open_page: Any) -> None:
    quote = make.quote(make.symbol("TSLA", company=make.company("Tesla", aliases=["Tesla Motors"])))
    article = make.article(body="<p>Prices fell at</p>")
    open_article(desk, site, article)
    write_behind(desk, "Prices")
    desk.keyboard.type(" ")
    desk.get_by_role("button", name="Insert a company").click()
    dialog = desk.get_by_role("dialog", name="Company")
    dialog.get_by_label("Company").fill("motors")
    expect(dialog.get_by_role("option", name="Tesla TSLA")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    desk.keyboard.type(" again.")
    save(desk)
    assert body() == '<p>Prices fell at <a class="company" href="/companies/tesla/">Tesla</a> again.</p>'

    page = open_page(article.get_absolute_url())
    chip = page.locator(".body a.company")
    expect(chip).to_have_text("Tesla TSLA 319.80 ▼2.25 (−0.70 %)")
    quote.price = 400
    quote.save()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(chip).to_have_text("Tesla TSLA 400.00 ▲77.95 (+24.20 %)")


def test_a_link_to_a_story_of_ours_is_found_by_its_headline(desk: Page, site: str) -> None:
    make.article("Used-car supply climbs in May", slug="supply")
    make.article("Supply of drafts", status="draft")
    article = make.article("This one", body="<p>Read more</p>")
    open_article(desk, site, article)
    desk.locator(".tiptap p").click(click_count=3)
    desk.keyboard.press("Control+k")
    dialog = desk.get_by_role("dialog", name="Link")
    dialog.get_by_role("combobox").fill("supply")
    expect(dialog.get_by_role("option")).to_have_count(1)
    desk.keyboard.press("Enter")  # Words are no address.
    expect(dialog.get_by_role("alert")).to_contain_text("Choose a story from the list")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(dialog.get_by_role("combobox")).to_have_value("/news/supply/")
    desk.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    save(desk)
    assert Article.objects.get(slug="this-one").body == '<p><a href="/news/supply/">Read more</a></p>'
