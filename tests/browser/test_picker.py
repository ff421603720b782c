"""Pictures without leaving the article's form: chosen or uploaded, pointed at, described."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from news.models import Article, Picture
from tests import make
from tests.browser.editor import open_article, save, squeezed, write_behind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]


def test_a_picture_is_uploaded_into_the_body_and_chosen_as_the_lead(desk: Page, site: str, tmp_path: Path) -> None:
    article = make.article(body="<p>One.</p><p>Two.</p>")
    open_article(desk, site, article)
    write_behind(desk, "One.")
    desk.get_by_role("button", name="Insert or replace a picture").click()
    no_picture, photo = tmp_path / "notes.jpg", tmp_path / "lot.jpg"
    no_picture.write_text("Not a picture")
    photo.write_bytes(make.image_file().getvalue())
    desk.get_by_role("dialog", name="Picture").locator("input[type=file]").set_input_files(no_picture)
    dialog = desk.get_by_role("dialog", name="Upload a picture")
    dialog.get_by_label("Caption").fill("The lot at noon.")
    dialog.get_by_label("Credit").fill("L. Marsh")
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This is not a picture we can read.")
    dialog.get_by_label("Another file").set_input_files(photo)
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.get_by_role("alert")).to_have_text("Write what the picture shows, or mark it as decorative.")
    dialog.get_by_label("Alt text").fill("Rows of cars")
    dialog.locator(".focal-frame img").click(position={"x": 20, "y": 10})
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog).to_be_hidden()
    picture = Picture.objects.get()
    assert (picture.alt, picture.caption, picture.credit) == ("Rows of cars", "The lot at noon.", "L. Marsh")
    assert picture.focal_x < 0.2
    assert picture.focal_y < 0.2

    desk.locator(".tiptap figure img").click()
    desk.get_by_role("button", name="Wider than the text").click()
    desk.get_by_role("button", name="Say what the picture shows").click()
    desk.get_by_role("dialog", name="Alt text").get_by_role("textbox").fill("Cars in the rain")
    desk.keyboard.press("Enter")

    desk.get_by_role("button", name="Choose or upload a picture").click()
    desk.get_by_role("dialog", name="Picture").get_by_label("Find a picture").fill("noon rows")
    desk.get_by_role("button", name="Rows of cars").click()
    expect(desk.locator(".field-lead_picture .select2-selection__rendered")).to_contain_text("Rows of cars")
    expect(desk.locator(".lead-picture-preview")).to_be_visible()
    save(desk)
    article.refresh_from_db()
    assert article.lead_picture == picture
    assert squeezed(article.body) == (
        f'<p>One.</p><figure class="wide"><img src="{picture.master.url}" alt="Cars in the rain">'
        "<figcaption>The lot at noon. <cite>L. Marsh</cite></figcaption></figure><p>Two.</p>"
    )


def test_a_picture_of_another_site_gets_its_alt_text_or_one_of_ours_in_its_place(desk: Page, site: str) -> None:
    ours = make.picture(caption="", credit="")
    article = make.article(body='<p>One.</p><figure><img src="/elsewhere.jpg" alt=""></figure>', status="draft")
    desk.context.route("**/elsewhere.jpg", lambda route: route.fulfill(body="", content_type="image/jpeg"))
    open_article(desk, site, article)
    desk.locator(".tiptap figure img").click()
    desk.get_by_role("button", name="Say what the picture shows").click()
    dialog = desk.get_by_role("dialog", name="Alt text")
    expect(dialog).to_contain_text("This picture is not one of ours")
    desk.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Write what the picture shows.")
    desk.keyboard.type("A lot")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published. See it on the site")).to_be_visible()

    desk.locator(".tiptap figure img").click()
    desk.get_by_role("button", name="Insert or replace a picture").click()
    desk.get_by_role("dialog", name="Picture").get_by_role("button", name="Cars in a row").click()
    desk.get_by_role("button", name="Write a caption").click()
    desk.keyboard.type("Noon.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Two.")
    save(desk)
    assert squeezed(Article.objects.get().body) == (
        f'<p>One.</p><figure><img src="{ours.master.url}" alt=""><figcaption>Noon.</figcaption></figure><p>Two.</p>'
    )


def test_the_focal_point_is_set_by_pointing_and_moved_by_the_arrow_keys(desk: Page, site: str) -> None:
    picture = make.picture()
    desk.goto(f"{site}/admin/news/picture/{picture.pk}/change/")
    image = desk.locator(".focal-frame img")
    size: Any = image.bounding_box()
    image.click(position={"x": size["width"] * 0.25, "y": size["height"] * 0.8})
    expect(desk.locator("#id_focal_x")).to_have_value("0.25")
    expect(desk.locator("#id_focal_y")).to_have_value("0.80")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowUp")
    expect(desk.get_by_role("button", name="Focal point: 27 % from the left, 78 % from the top.")).to_be_focused()
    # The square is cut as the server cuts it: 9/16 of the width, from the left edge on.
    square = desk.locator(".focal-crop img").nth(1)
    assert square.evaluate("image => image.style.transform") == "translate(0%, 0%)"
    desk.locator("#id_focal_x").fill("1")
    assert square.evaluate("image => image.style.transform") == "translate(-43.75%, 0%)"
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/admin/news/picture/")
    picture.refresh_from_db()
    assert (picture.focal_x, picture.focal_y) == (1, 0.78)
