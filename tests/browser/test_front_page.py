"""An editor curates: stories are dragged or put in their places, by mouse and by keys, and news is broken."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from news.front import top
from news.models import Slot
from news.roles import EDITOR
from tests import make
from tests.browser.axe import OPTIONS, violations
from tests.browser.editor import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("static_files")]

DESK = "/admin/news/front-page/"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HOUR = timedelta(hours=1)


def stories(count: int) -> None:
    for number in range(count):
        make.article(f"Story {number}", published_at=make.NOON - number * HOUR)


def place(page: Page, number: int) -> Locator:
    return page.locator(f"[data-place='{number}']")


def in_places(page: Page) -> list[str]:
    """The headlines in the places, those that are pinned with a star."""
    found = page.locator("[data-place]").evaluate_all(
        "all => all.map(one => (one.matches('.is-pinned') ? '*' : '') + (one.querySelector('h3')?.textContent ?? ''))"
    )
    return list(found)


def press_save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Readers see it now.")).to_be_visible()


def on_the_front_page(open_page: Any, width: int = 1280) -> list[str]:
    page = open_page("/", width=width)
    return list(page.locator(".front-top :is(.lead h2, .card-headline)").all_text_contents())


def test_stories_are_dragged_to_places_and_readers_see_them_there(enter: Any, open_page: Any) -> None:
    stories(8)
    desk = enter(EDITOR, "Edna", DESK)
    assert in_places(desk) == [f"Story {number}" for number in range(5)]
    desk.locator("[data-stories] h3", has_text="Story 7").drag_to(place(desk, 0))
    assert in_places(desk) == ["*Story 7", "Story 0", "Story 1", "Story 2", "Story 3"]
    desk.locator("[data-stories] h3", has_text="Story 6").drag_to(place(desk, 0))
    assert in_places(desk) == ["*Story 6", "*Story 7", "Story 0", "Story 1", "Story 2"]
    place(desk, 1).locator("h3").drag_to(place(desk, 3))
    assert in_places(desk) == ["*Story 6", "Story 0", "Story 1", "*Story 7", "Story 2"]
    place(desk, 0).locator("h3").drag_to(desk.locator(".front-stories h2"))
    expected = ["Story 0", "Story 1", "Story 2", "Story 7", "Story 3"]
    assert in_places(desk) == [f"*{title}" if title == "Story 7" else title for title in expected]
    press_save(desk)
    assert [(slot.position, str(slot.article)) for slot in Slot.objects.all()] == [(3, "Story 7")]
    assert on_the_front_page(open_page) == expected


def test_stories_are_put_in_order_by_keys_alone(enter: Any, open_page: Any) -> None:
    stories(7)
    desk = enter(EDITOR, "Edna", DESK)
    desk.get_by_role("button", name="Pin “Story 6” as number 3").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_have_text("“Story 6” is pinned as number 3. Not saved yet.")
    place(desk, 2).get_by_role("button", name="Move up").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    assert in_places(desk) == ["*Story 6", "Story 0", "Story 1", "Story 2", "Story 3"]
    place(desk, 2).get_by_role("button", name="Pin here").focus()
    desk.keyboard.press("Enter")
    expect(place(desk, 2).get_by_role("button", name="Move up")).to_be_focused()
    desk.keyboard.press("Control+s")
    expect(desk.get_by_text("Saved. Readers see it now.")).to_be_visible()
    assert on_the_front_page(open_page) == ["Story 6", "Story 0", "Story 1", "Story 2", "Story 3"]
    assert [(slot.position, str(slot.article)) for slot in Slot.objects.all()] == [(0, "Story 6"), (2, "Story 1")]
    place(desk, 0).get_by_role("button", name="Take out").press("Enter")
    press_save(desk)
    assert in_places(desk) == ["Story 0", "Story 2", "*Story 1", "Story 3", "Story 4"]


def test_a_pin_ends_at_its_time_and_the_place_fills_itself(enter: Any, open_page: Any) -> None:
    stories(6)
    desk = enter(EDITOR, "Edna", DESK)
    desk.get_by_role("button", name="Pin “Story 5” as Lead").click()
    desk.get_by_label("Pin until").first.fill("2030-01-02T06:00")
    press_save(desk)
    expect(desk.get_by_label("Pin until").first).to_have_value("2030-01-02T06:00")
    slot = Slot.objects.get()
    assert slot.pinned_until and slot.pinned_until.isoformat() == "2030-01-02T11:00:00+00:00"
    assert on_the_front_page(open_page)[0] == "Story 5"
    Slot.objects.update(pinned_until=timezone.now())
    assert on_the_front_page(open_page)[0] == "Story 0"


def test_what_is_chosen_stays_while_the_editor_searches_and_when_somebody_else_was_first(enter: Any) -> None:
    stories(5)
    make.article("An older auction", published_at=make.NOON - 100 * HOUR)
    edna, otto = enter(EDITOR, "Edna", DESK), enter(EDITOR, "Otto", DESK)
    edna.get_by_role("button", name="Pin “Story 4” as number 2").click()
    edna.get_by_role("searchbox").fill("auction")
    expect(edna.locator("[data-stories] li")).to_have_count(1)
    edna.get_by_role("button", name="Pin “An older auction” as Lead").click()
    mine = ["*An older auction", "*Story 4", "Story 0", "Story 1", "Story 2"]
    assert in_places(edna) == mine
    otto.get_by_role("button", name="Pin “Story 3” as Lead").click()
    press_save(otto)
    edna.get_by_role("button", name="Save", exact=True).click()
    expect(edna.get_by_text("Otto has pinned meanwhile:")).to_be_visible()
    assert in_places(edna) == mine
    press_save(edna)
    assert [str(slot.article) for slot in Slot.objects.all()] == ["An older auction", "Story 4"]


def test_the_desk_fills_free_places_as_the_page_does(enter: Any, site: str) -> None:
    desk = enter(EDITOR, "Edna")
    stories(4)
    make.article("Brief", kind="brief")
    make.article("With picture", lead_picture=make.picture(), published_at=make.NOON - 9 * HOUR)
    tonight = make.article("Tonight", published_at=timezone.now() + HOUR)
    Slot.objects.create(position=0, article=tonight)
    desk.goto(site + DESK)
    expect(place(desk, 0).locator("[data-note]")).to_have_text("Until it is out: “With picture”")
    place(desk, 0).get_by_role("button", name="Take out").click()
    shown = [str(story) for story in top(None, timezone.now())]
    assert in_places(desk) == shown == ["With picture", "Story 0", "Story 1", "Story 2", "Story 3"]


def test_an_editor_breaks_a_story_and_ends_it(enter: Any, open_page: Any, site: str) -> None:
    article = make.article("Averill Pike buys Lane & Sons")
    desk = enter(EDITOR, "Edna", f"/admin/news/article/{article.pk}/change/")
    press(desk, "Break this story")
    expect(desk.locator("#id_headline")).to_have_value("Averill Pike buys Lane & Sons")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("On every page")).to_be_visible()

    page = open_page("/latest/", width=390)
    banner = page.get_by_role("complementary", name="Breaking news")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == ""
    page.emulate_media(media="print")
    expect(banner).to_be_hidden()
    page.emulate_media(media="screen")
    banner.get_by_role("link").click()
    expect(page).to_have_url(site + article.get_absolute_url())

    desk.locator("#result_list").get_by_role("link", name="Averill Pike buys Lane & Sons").click()
    desk.get_by_role("link", name="End now").click()
    desk.get_by_role("button", name="End now").click()
    expect(desk.get_by_text("It has ended: readers no longer see it.")).to_be_visible()
    page.reload()
    expect(banner).to_have_count(0)


def test_the_desk_shuts_nobody_out(enter: Any) -> None:
    stories(6)
    Slot.objects.create(position=1, article=make.article("Sponsored", sponsor="Gasket Bank"))
    desk = enter(EDITOR, "Edna", DESK)
    for scheme in SCHEMES:
        desk.emulate_media(color_scheme=scheme)
        # The theme has no landmark around what is ours.
        rules = {"rules": {"region": {"enabled": False}}}
        found = Axe().run(desk, context=".front-desk", options={**OPTIONS, **rules})
        assert found.violations_count == 0, found.generate_report()
