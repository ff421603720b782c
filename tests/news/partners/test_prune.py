from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from news.models import Partner, PartnerStory, Picture
from news.partners.guard import Guard
from news.partners.ingest import ingest_due
from news.partners.pictures import fetch_due
from news.partners.prune import prune, prune_pictures, prune_stories
from news.tasks import prune_partner_stories
from tests import make
from tests.news.partners.web import Web, item, ok, reply, rss

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return make.NOON + timedelta(days=number)


def ingest_on(number: int, guard: Guard) -> None:
    Partner.objects.update(next_check_at=day(number))
    with time_machine.travel(day(number), tick=False):
        assert ingest_due(guard) == 1


def titles() -> list[str]:
    return sorted(PartnerStory.objects.values_list("title", flat=True))


# Stories


def test_a_story_goes_ninety_days_after_its_feed_has_dropped_it(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1), item(2)))
    ingest_on(0, guard)
    web.answers["/feed"] = ok(rss(item(2), item(3)))
    for number, left in ((90, ["Story 1", "Story 2", "Story 3"]), (92, ["Story 2", "Story 3"])):
        ingest_on(number, guard)
        prune_stories()
        assert titles() == left


@pytest.mark.parametrize("date", ["Wed, 18 Nov 2026 17:00:00 GMT", ""])
def test_a_story_that_its_feed_still_has_stays_and_never_comes_as_new(
    web: Web, guard: Guard, partner: Partner, date: str
) -> None:
    web.answers["/feed"] = ok(rss(item(1, pubDate=date)))
    ingest_on(0, guard)
    first = PartnerStory.objects.get()
    for number in (80, 160, 240):
        ingest_on(number, guard)
        prune_stories()
    again = PartnerStory.objects.get()
    assert (again.pk, again.published_at) == (first.pk, first.published_at)


def test_a_hidden_story_never_comes_back_however_long_its_feed_was_without_it(
    web: Web, guard: Guard, partner: Partner
) -> None:
    web.answers["/feed"] = ok(rss(item(1), item(2)))
    ingest_on(0, guard)
    PartnerStory.objects.filter(title="Story 1").update(is_hidden=True)
    web.answers["/feed"] = ok(rss(item(3)))
    ingest_on(300, guard)
    assert prune_stories() == 1
    web.answers["/feed"] = ok(rss(item(1), item(3)))
    ingest_on(301, guard)
    assert [story.title for story in PartnerStory.objects.visible()] == ["Story 3"]


def test_while_a_feed_tells_us_nothing_its_stories_stay(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)), ETag='"7"')
    ingest_on(0, guard)
    for number, answer in ((100, reply(304)), (200, reply(500))):
        web.answers["/feed"] = answer
        ingest_on(number, guard)
        assert prune_stories() == 0
    web.answers["/feed"] = ok(rss(item(1), item(2)))
    ingest_on(300, guard)
    prune_stories()
    assert titles() == ["Story 1", "Story 2"]


def test_a_look_writes_a_story_that_is_still_there_once_a_day(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    carried = []
    for hours in (0, 12, 23, 25, 30):
        with time_machine.travel(day(0) + timedelta(hours=hours), tick=False):
            Partner.objects.update(next_check_at=day(0))
            ingest_due(guard)
        carried.append((PartnerStory.objects.get().carried_at - day(0)) / timedelta(hours=1))
    assert carried == [0, 0, 0, 25, 25]


# Pictures


def pictured(web: Web, guard: Guard) -> PartnerStory:
    web.answers["/a.jpg"] = ok(make.image_file((640, 480)).getvalue())
    story = make.partner_story("One", picture_url=web.url("/a.jpg"), picture_is_due=True)
    for picture in fetch_due(guard):
        picture.render()
    return story


def files() -> int:
    found, folders = 0, ["pictures"] if default_storage.exists("pictures") else []
    while folders:
        folder = folders.pop()
        inner, names = default_storage.listdir(folder)
        found += len(names)
        folders += [f"{folder}/{name}" for name in inner]
    return found


def test_a_picture_goes_with_its_story_from_the_table_and_the_disk(web: Web, guard: Guard, partner: Partner) -> None:
    story = pictured(web, guard)
    picture = Picture.objects.get()
    assert files() == 6  # The master, and AVIF and WebP at two widths with one JPEG.
    story.delete()
    assert prune_pictures(picture.created_at) == 0  # It may be just on its way to a story.
    assert prune_pictures(picture.created_at + timedelta(days=2)) == 1
    assert (Picture.objects.count(), files()) == (0, 0)
    assert not default_storage.exists(f"pictures/{picture.rendered_key[:2]}/{picture.rendered_key}")


def test_a_picture_that_another_partner_shows_too_keeps_its_files(web: Web, guard: Guard, partner: Partner) -> None:
    story = pictured(web, guard)
    make.partner_story("Two", partner="Yard Weekly", picture_url=web.url("/a.jpg"), picture_is_due=True)
    fetch_due(guard)
    assert (Picture.objects.count(), files()) == (2, 6)
    story.delete()
    assert prune_pictures(Picture.objects.first().created_at + timedelta(days=2)) == 1
    assert (Picture.objects.get().credit, files()) == ("Yard Weekly", 6)


def test_pictures_of_the_newsroom_are_never_pruned(web: Web, guard: Guard, partner: Partner) -> None:
    """Not even when a partner's feed brings the very same file, and loses it again."""
    ours = make.picture((640, 480))
    story = pictured(web, guard)
    assert Picture.objects.count() == 2
    story.delete()
    assert prune_pictures(ours.created_at + timedelta(days=99)) == 1
    assert Picture.objects.get() == ours
    assert default_storage.exists(ours.master.name)


def test_a_story_of_last_month_stands_without_its_picture(web: Web, guard: Guard, partner: Partner) -> None:
    story = pictured(web, guard)
    assert prune(story.seen_at + timedelta(days=29)) == (0, 0)
    assert prune(story.seen_at + timedelta(days=31)) == (0, 1)
    story.refresh_from_db()
    assert (story.picture, story.picture_is_due) == (None, False)


def test_the_clocks_task_prunes(web: Web, guard: Guard, partner: Partner) -> None:
    make.partner_story("Old", carried_at=day(0))
    make.partner_story("New", carried_at=day(200))
    prune_partner_stories()
    prune_partner_stories()
    assert titles() == ["New"]


@pytest.mark.parametrize("count", [1, 3])
def test_pruning_takes_as_many_queries_for_one_story_as_for_three(count: int, django_assert_num_queries) -> None:
    for number in range(count):
        make.partner_story(f"Old {number}", carried_at=day(0))
    make.partner_story("New", carried_at=day(200))
    with django_assert_num_queries(5):
        assert prune_stories() == count
