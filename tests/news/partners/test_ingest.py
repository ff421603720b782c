import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db.models.signals import post_save
from django.utils import timezone

from news.models import Partner, PartnerStory
from news.partners.guard import Guard
from news.partners.ingest import LOCK, Look, ingest_due, keep
from news.tasks import fetch_partner_feeds, fetch_partner_pictures
from tests import make
from tests.news.partners.web import Web, item, ok, reply, rss
from tickers.advisory_lock import only_one

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


def ingest(guard: Guard) -> Partner:
    """Look at the one partner's feed, due or not."""
    Partner.objects.update(next_check_at=timezone.now())
    assert ingest_due(guard) == 1
    return Partner.objects.get()


def titles() -> list[str]:
    return [story.title for story in PartnerStory.objects.newest()]


def test_a_feed_becomes_stories(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1, description="Quiet &lt;b&gt;lanes&lt;/b&gt;.", author="Lee")), ETag='"7"')
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        partner = ingest(guard)
        assert (partner.state, partner.last_success_at, partner.leased_until) == ("Healthy", timezone.now(), None)
        assert (partner.next_check_at, partner.etag) == (timezone.now() + QUARTER, '"7"')
        assert Partner.objects.with_pace(timezone.now()).get().items_a_week == 1  # type: ignore[attr-defined]
    story = PartnerStory.objects.get()
    assert (story.title, story.url, story.summary, story.author, story.published_at) == (
        "Story 1",
        "http://gasket.test/1",
        "Quiet lanes.",
        "Lee",
        make.NOON,
    )


def test_an_unchanged_feed_is_a_success(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)), ETag='"7"')
    ingest(guard)
    web.answers["/feed"] = reply(304)
    assert ingest(guard).state == "Healthy"
    assert web.asked[-1][1]["If-None-Match"] == '"7"'
    assert titles() == ["Story 1"]


def test_an_edit_shows_in_place_and_does_not_move_the_story(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    ingest(guard)
    web.answers["/feed"] = ok(rss(item(1, title="Better", pubDate="Thu, 19 Nov 2026 17:00:00 GMT"), item(2)))
    ingest(guard)
    assert [(story.title, story.published_at) for story in PartnerStory.objects.order_by("pk")] == [
        ("Better", make.NOON),
        ("Story 2", make.NOON),
    ]


def test_a_hidden_story_never_comes_back(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    ingest(guard)
    PartnerStory.objects.update(is_hidden=True)
    for change in ({"title": "New"}, {"guid": "new"}, {"link": "http://moved.test/1?utm_source=x", "guid": "newer"}):
        web.answers["/feed"] = ok(rss(item(1, **change)))
        ingest(guard)
    assert (titles(), PartnerStory.objects.count()) == ([], 1)


def test_a_story_that_changes_one_thing_after_the_other_stays_one(web: Web, guard: Guard, partner: Partner) -> None:
    for change in (
        {},
        {"guid": "b"},
        {"guid": "b", "link": "http://new.test/x"},
        {"guid": "c", "link": "http://new.test/x", "title": "T"},
    ):
        web.answers["/feed"] = ok(rss(item(1, **change)))
        ingest(guard)
    assert titles() == ["T"]


def test_a_look_takes_as_many_queries_for_a_hundred_entries_as_for_one(
    web: Web, guard: Guard, partner: Partner, django_assert_num_queries
) -> None:
    for count in (1, 100):
        web.answers["/feed"] = ok(rss(*(item(f"{count}-{n}") for n in range(count))))
        Partner.objects.update(next_check_at=timezone.now())
        with django_assert_num_queries(20):
            ingest_due(guard)
    assert PartnerStory.objects.count() == 101


def test_a_look_outdates_no_kept_page(web: Web, guard: Guard, partner: Partner) -> None:
    saved: list[object] = []

    def note(instance: object, **about: object) -> None:
        saved.append(instance)

    post_save.connect(note)
    try:
        for title in ("First", "Edited"):
            web.answers["/feed"] = ok(rss(item(1, title=title)))
            ingest(guard)
    finally:
        post_save.disconnect(note)
    assert (titles(), saved) == (["Edited"], [])


# Health


def test_a_permanent_redirect_is_believed_the_third_time(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = reply(301, Location=web.url("/new", host="new.test"))
    web.answers["/new"] = ok(rss(item(1)), ETag='"7"')
    old = partner.feed_url
    assert [ingest(guard).feed_url for _ in range(3)] == [old, old, web.url("/new", host="new.test")]
    ingest(guard)
    assert [path for path, _ in web.asked] == ["/feed", "/new"] * 3 + ["/new"]
    assert titles() == ["Story 1"]


def test_a_redirect_that_stops_or_changes_is_forgotten(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/new"] = web.answers["/newer"] = ok(rss())
    for where in ("/new", "/new", "/newer", "/new"):
        web.answers["/feed"] = reply(301, Location=where)
        ingest(guard)
    assert ingest(guard).feed_url == web.url()
    web.answers["/feed"] = ok(rss())
    assert ingest(guard).moved_sightings == 0


def test_a_feed_that_is_gone_is_not_asked_for_again(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = reply(410)
    partner = ingest(guard)
    assert (partner.state, partner.error) == ("Stopped", "The server says that this is gone for good (410).")
    Partner.objects.update(next_check_at=timezone.now())
    assert ingest_due(guard) == 0


@pytest.mark.parametrize(
    ("status", "value", "wait"), [(429, "7200", 7200), (503, "60", 900), (429, "99999999", 14 * 86400)]
)
def test_a_server_that_asks_for_patience_gets_it(
    web: Web, guard: Guard, partner: Partner, status: int, value: str, wait: int
) -> None:
    web.answers["/feed"] = reply(status, Retry_After=value)
    with time_machine.travel(make.NOON, tick=False):
        partner = ingest(guard)
    assert (partner.state, partner.next_check_at) == ("Failing", make.NOON + timedelta(seconds=wait))


def test_failures_wait_ever_longer_and_end_after_a_fortnight(web: Web, guard: Guard, partner: Partner) -> None:
    Partner.objects.update(next_check_at=make.NOON)
    hours, now = [], make.NOON
    while not partner.is_stopped:
        with time_machine.travel(now, tick=False):
            assert ingest_due(guard) == 1
        partner = Partner.objects.get()
        hours.append((partner.next_check_at - now) / timedelta(hours=1))
        now = partner.next_check_at
    assert hours[:9] == [0.25, 0.5, 1, 2, 4, 8, 16, 24, 24]
    assert timedelta(days=14) < now - make.NOON - timedelta(hours=24) < timedelta(days=15, hours=12)
    assert (partner.state, partner.error) == ("Stopped", "The server answers 404 Not Found.")


def test_one_success_ends_a_row_of_failures(web: Web, guard: Guard, partner: Partner) -> None:
    for _ in range(3):
        ingest(guard)
    assert Partner.objects.get().failures == 3
    web.answers["/feed"] = ok(rss())
    partner = ingest(guard)
    assert (partner.state, partner.failures, partner.failing_since, partner.error) == ("Healthy", 0, None, "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"hello", "This is not a feed."),
        (
            b'<html><link rel="alternate" type="application/rss+xml" href="/rss">',
            "This is a web page, not a feed. Find its feed from the partner’s page here.",
        ),
    ],
)
def test_a_feed_that_cannot_be_read_says_so_on_the_row(
    web: Web, guard: Guard, partner: Partner, body: bytes, words: str
) -> None:
    web.answers["/feed"] = ok(body)
    assert ingest(guard).error == words


# Whose turn it is


def test_only_feeds_that_are_due_are_claimed(partner: Partner) -> None:
    now = timezone.now()
    assert Partner.objects.claim_due(5, now) == [partner]
    assert Partner.objects.claim_due(5, now) == []
    assert Partner.objects.claim_due(5, now + timedelta(minutes=4)) == [partner]
    for reason in ({"is_paused": True}, {"is_stopped": True}, {"feed_url": ""}, {"next_check_at": now + QUARTER}):
        fields = {"name": "X", "slug": "x", "site_url": "http://x.test/", "feed_url": "http://x.test/", **reason}
        other = Partner.objects.create(**fields)
        assert list(Partner.objects.due(now)) == []
        other.delete()


def test_what_a_worker_brings_after_its_lease_is_left(partner: Partner) -> None:
    (claimed,) = Partner.objects.claim_due(1, timezone.now())
    Partner.objects.update(leased_until=timezone.now() + timedelta(hours=1))
    look: Future[Look] = Future()
    look.set_exception(AssertionError("nobody asks"))
    keep(claimed, look)
    assert Partner.objects.get().failures == 0


def test_a_fault_of_ours_stays_with_its_feed(partner: Partner, caplog) -> None:
    (claimed,) = Partner.objects.claim_due(1, timezone.now())
    look: Future[Look] = Future()
    look.set_exception(ZeroDivisionError())
    keep(claimed, look)
    assert Partner.objects.get().error == "Something went wrong on our side; the site’s log says more."


def test_an_address_changed_meanwhile_wins(web: Web, partner: Partner) -> None:
    (claimed,) = Partner.objects.claim_due(1, timezone.now())
    Partner.objects.update(feed_url=web.url("/other"))
    look: Future[Look] = Future()
    look.set_exception(AssertionError("nobody asks"))
    keep(claimed, look)
    partner = Partner.objects.get()
    assert (partner.feed_url, partner.leased_until, partner.state) == (web.url("/other"), None, "Waiting")


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    counts: list[int] = []
    with only_one(LOCK):
        from django.db import connection

        def other() -> None:
            counts.append(ingest_due(guard))
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (counts, ingest_due(guard)) == ([0], 1)


def test_200_partners_due_at_once_are_all_read_and_no_slow_host_holds_the_others_up(web: Web, guard: Guard) -> None:
    """Ten hosts that never answer and 95 with two partners on each."""
    urls = [web.url("/a", f"slow-{n}.test") for n in range(10)]
    urls += [web.url(path, f"host-{n}.test") for path in ("/a", "/b") for n in range(95)]
    Partner.objects.bulk_create(
        Partner(name=url, slug=f"partner-{n}", site_url="http://x.test/", feed_url=url) for n, url in enumerate(urls)
    )
    done: dict[str, float] = {}

    def answer(to) -> None:
        host = to.headers["Host"]
        if is_slow and host.startswith("slow"):
            to.connection.recv(1)  # Comes back when whoever asks hangs up.
            return
        ok(rss(item(1)))(to)
        done[f"{host}{to.path}"] = time.monotonic() - start

    web.answers = {"/a": answer, "/b": answer}
    is_slow, start = False, time.monotonic()
    assert (ingest_due(guard), len(done)) == (200, 200)
    usual = max(done.values())
    done.clear()
    Partner.objects.update(next_check_at=timezone.now())
    is_slow, start = True, time.monotonic()
    assert (ingest_due(replace(guard, seconds=6)), len(done)) == (200, 190)
    assert max(done.values()) < usual + 5
    assert set(web.most_at_once.values()) == {1}
    assert Partner.objects.filter(failures=1).count() == 10
    assert PartnerStory.objects.count() == 200


def test_what_is_left_when_the_time_is_over_waits_for_the_next_run(web: Web, guard: Guard, partner: Partner) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    assert ingest_due(guard, claim_for=-1) == 0
    assert ingest_due(guard) == 1


def test_the_clocks_task_asks_the_public_internet_only(web: Web, partner: Partner) -> None:
    fetch_partner_feeds()
    assert Partner.objects.get().error == f"Port {web.port} is not one of the web’s."
    assert web.asked == []


def test_the_clocks_tasks_have_nothing_to_do_twice(partner: Partner) -> None:
    fetch_partner_feeds()
    fetch_partner_feeds()
    fetch_partner_pictures()
    assert Partner.objects.get().failures == 1
