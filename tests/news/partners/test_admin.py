from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from news.admin.partner import PartnerAdmin
from news.models import Article, Partner, PartnerStory
from news.partners.guard import Guard
from news.partners.ingest import ingest_due
from tests import make
from tests.news.partners.web import Web, item, ok, reply, rss

pytestmark = pytest.mark.django_db
PARTNERS = "/admin/news/partner/"


@pytest.fixture
def desk(client: Client, guard: Guard):
    """An editor in chief, with an admin that may ask the loopback web."""
    make.publication()
    client.force_login(make.user(is_superuser=True))
    page = admin.site.get_model_admin(Partner)
    assert isinstance(page, PartnerAdmin)
    page.guard = replace(guard, seconds=3)
    yield client
    del page.guard


def typed(partner: Partner, **fields: str) -> dict[str, str]:
    kept = {name: getattr(partner, name) for name in ("name", "slug", "site_url", "feed_url")}
    inline = {"stories-TOTAL_FORMS": "0", "stories-INITIAL_FORMS": "0"}
    return {**kept, **inline, "logo": "", **fields}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_list_shows_how_each_feed_does(desk: Client, partner: Partner) -> None:
    Partner.objects.update(failures=2, error="The server answers 404 Not Found.", failing_since=timezone.now())
    make.partner_story("Recent", partner="Gasket Review")
    html = text(desk.get(PARTNERS))
    assert "Failing" in html
    assert "The server answers 404 Not Found." in html
    assert '<td class="field-items_a_week' in html or "field-items_a_week" in html


def test_the_form_says_what_is_wrong_and_since_when(desk: Client, partner: Partner) -> None:
    Partner.objects.update(failures=9, error="Gone.", is_stopped=True, failing_since=make.NOON)
    html = text(desk.get(f"{PARTNERS}{partner.pk}/change/"))
    assert "Gone. Failing since Nov 18, noon, 9 times in a row. We have stopped asking" in html


def test_the_form_opens_with_how_the_feed_does_and_leads_to_its_test(
    desk: Client, partner: Partner, web: Web, guard: Guard
) -> None:
    web.answers["/feed"] = ok(rss(item(1), item(2)))
    with time_machine.travel(make.NOON, tick=False):
        Partner.objects.update(next_check_at=timezone.now())
        ingest_due(guard)
        answer = desk.get(f"{PARTNERS}{partner.pk}/change/")
    health = answer.context["health"]
    assert (health["last_success"], health["next_check"], health["colour"]) == ("noon", "12:15 p.m.", "success")
    assert answer.context["original"].items_a_week == 2
    assert [becomes for _, becomes in desk.get(health["test"]).context["rows"]] == ["Known", "Known"]
    web.answers["/"] = web.answers["/feed"]
    Partner.objects.update(site_url=web.url("/"))
    health = desk.get(f"{PARTNERS}{partner.pk}/change/").context["health"]
    assert [feed["title"] for feed in desk.get(health["find"]).context["found"]] == ["Gasket Review"]


def test_a_partner_without_a_feed_and_one_that_is_yet_to_be_made_have_a_whole_form(
    desk: Client, partner: Partner
) -> None:
    Partner.objects.update(feed_url="")
    make.partner_story()
    assert "No feed" in text(desk.get(f"{PARTNERS}{partner.pk}/change/"))
    assert "How the feed does" not in text(desk.get(f"{PARTNERS}add/"))


def test_a_new_address_is_looked_at_afresh(desk: Client, partner: Partner, web: Web) -> None:
    Partner.objects.update(failures=9, error="Gone.", is_stopped=True, etag='"7"')
    answer = desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner, feed_url=web.url("/new")))
    assert answer.status_code == 302
    partner.refresh_from_db()
    assert (partner.feed_url, partner.state, partner.etag) == (web.url("/new"), "Waiting", "")


def test_a_form_does_not_overwrite_what_the_worker_wrote_meanwhile(desk: Client, partner: Partner) -> None:
    desk.get(f"{PARTNERS}{partner.pk}/change/")
    Partner.objects.update(etag='"8"', failures=3)
    desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner, name="Gasket Daily"))
    partner.refresh_from_db()
    assert (partner.name, partner.etag, partner.failures) == ("Gasket Daily", '"8"', 3)


def test_a_paused_feed_is_not_looked_at(desk: Client, partner: Partner, guard: Guard, web: Web) -> None:
    desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner, is_paused="on"))
    assert ingest_due(guard) == 0
    web.answers["/feed"] = ok(rss(item(1)))
    desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner))
    assert ingest_due(guard) == 1


def test_a_stopped_feed_starts_again_when_the_desk_says_so(desk: Client, partner: Partner) -> None:
    Partner.objects.update(is_stopped=True, next_check_at=timezone.now() + timedelta(days=1))
    answer = desk.post(f"{PARTNERS}{partner.pk}/check_now/", {"_form_submitted": "on"})
    assert answer.headers.get("HX-Redirect") == f"{PARTNERS}{partner.pk}/change/"
    assert list(Partner.objects.due(timezone.now())) == [partner]


# Find a feed


def test_the_feed_is_found_on_the_partners_page_and_taken(desk: Client, partner: Partner, web: Web) -> None:
    web.answers["/"] = ok(
        b'<html><link rel="alternate" type="application/rss+xml" title="All" href="/all">', Content_Type="text/html"
    )
    address = f"{PARTNERS}find-feed/?{urlencode({'partner': partner.pk, 'page': web.url('/')})}"
    answer = desk.get(address)
    assert [(feed["title"], feed["url"]) for feed in answer.context["found"]] == [("All", web.url("/all"))]
    assert "Use this feed" in text(answer)
    assert desk.post(address, {"feed": web.url("/all")}).status_code == 302
    partner.refresh_from_db()
    assert (partner.feed_url, partner.state) == (web.url("/all"), "Waiting")


def test_a_partner_that_is_yet_to_be_made_begins_with_its_feed(desk: Client, web: Web) -> None:
    web.answers["/feed"] = ok(rss(item(1)))
    answer = desk.get(f"{PARTNERS}find-feed/?{urlencode({'page': web.url()})}")
    (feed,) = answer.context["found"]
    assert feed["title"] == "Gasket Review"
    form = desk.get(feed["add"]).context["adminform"].form
    assert (form.initial["site_url"], form.initial["feed_url"]) == (web.url(), web.url())


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("http://127.0.0.1/", "Port 80 is not one of the web’s."),
        ("gasket.test", "Port 443 is not one of the web’s."),
        ("http://[::1", "The server’s answer cannot be read (LocationParseError)."),
        ("ftp://gasket.test/", "Only http and https addresses can be asked."),
    ],
)
def test_an_address_that_leads_nowhere_is_answered_in_words(desk: Client, page: str, problem: str) -> None:
    answer = desk.get(f"{PARTNERS}find-feed/?{urlencode({'page': page})}")
    assert answer.context["problem"] == problem


def test_a_feed_that_is_no_address_is_not_taken(desk: Client, partner: Partner) -> None:
    answer = desk.post(f"{PARTNERS}find-feed/?partner={partner.pk}", {"feed": "javascript:alert(1)"}, follow=True)
    assert "Enter a valid URL." in text(answer)
    assert Partner.objects.get().feed_url == partner.feed_url


# Test a feed


def test_a_test_shows_what_would_come_in_and_writes_nothing(
    desk: Client, partner: Partner, web: Web, guard: Guard
) -> None:
    web.answers["/feed"] = ok(rss(item(1), item(2)))
    ingest_due(guard)
    before = list(Partner.objects.values()) + list(PartnerStory.objects.values())
    web.answers["/feed"] = ok(rss(item(1), item(2, title="Better"), item(3)))
    query = urlencode({"partner": partner.pk, "feed": web.url()})
    answer = desk.get(f"{PARTNERS}test-feed/?{query}")
    assert [(story.entry.title, becomes) for story, becomes in answer.context["rows"]] == [
        ("Story 1", "Known"),
        ("Better", "Changed"),
        ("Story 3", "New"),
    ]
    assert "3 stories. Nothing has been kept." in text(answer)
    assert list(Partner.objects.values()) + list(PartnerStory.objects.values()) == before


def test_a_test_that_fails_says_why(desk: Client, web: Web) -> None:
    web.answers["/feed"] = reply(404)
    answer = desk.get(f"{PARTNERS}test-feed/?{urlencode({'feed': web.url()})}")
    assert "The server answers 404 Not Found." in text(answer)


# The day's headlines


def test_the_desk_sees_the_days_headlines_and_starts_a_story_from_one(desk: Client) -> None:
    now = timezone.now()
    make.partner_story("Lots & <lanes>", published_at=now - timedelta(hours=2))
    make.partner_story("Old", published_at=now - timedelta(days=2))
    make.partner_story("Other", partner="Yard Weekly", published_at=now)
    answer = desk.get(f"{PARTNERS}headlines/")
    assert [story.title for story, _ in answer.context["rows"]] == ["Other", "Lots & <lanes>"]
    ((story, start),) = desk.get(f"{PARTNERS}headlines/?partner=gasket-review").context["rows"]
    form = desk.get(start).context["adminform"].form
    assert form.initial["body"] == (
        f'<p>Gasket Review reports: <a href="{escape(story.url)}">Lots &amp; &lt;lanes&gt;</a>.</p>'
    )
    assert "headline" not in form.initial
    assert not Article.objects.exists()


def test_a_story_is_hidden_and_shown_again(desk: Client) -> None:
    story = make.partner_story("Hide me", published_at=timezone.now())
    for is_hidden in (True, False):
        assert desk.post(f"{PARTNERS}headlines/", {"story": story.pk}).status_code == 302
        story.refresh_from_db()
        assert story.is_hidden is is_hidden


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "²"])
def test_a_story_that_is_not_there_is_not_found(desk: Client, number: str) -> None:
    assert desk.post(f"{PARTNERS}headlines/", {"story": number}).status_code == 404
    if number:
        assert desk.get(f"{PARTNERS}test-feed/?partner={number}").status_code == 404


def test_stories_of_a_feed_can_be_hidden_but_not_rewritten(desk: Client, partner: Partner) -> None:
    story = make.partner_story()
    Partner.objects.update(feed_url="http://gasket.test/feed")
    fields = {
        "stories-TOTAL_FORMS": "1",
        "stories-INITIAL_FORMS": "1",
        "stories-0-id": str(story.pk),
        "stories-0-partner": str(partner.pk),
        "stories-0-title": "Rewritten",
        "stories-0-is_hidden": "on",
    }
    partner.refresh_from_db()
    assert desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner, **fields)).status_code == 302
    story.refresh_from_db()
    assert (story.title, story.is_hidden) == ("Auction volumes ease", True)


def test_a_story_that_the_desk_wrote_stands_there_as_words_and_can_be_hidden(desk: Client, partner: Partner) -> None:
    story = make.partner_story("Yards & lots", url="https://gasket.test/1")
    Partner.objects.update(feed_url="")
    partner.refresh_from_db()
    page = f"{PARTNERS}{partner.pk}/change/"
    assert f'<a href="{story.url}" rel="noopener noreferrer" target="_blank">Yards &amp; lots</a>' in text(
        desk.get(page)
    )
    sent = {"id": story.pk, "partner": partner.pk, "title": "Rewritten", "url": "https://x.test/", "is_hidden": "on"}
    rows = {"stories-TOTAL_FORMS": "1", "stories-INITIAL_FORMS": "1"}
    fields = {**rows, **{f"stories-0-{name}": str(value) for name, value in sent.items()}}
    assert desk.post(page, typed(partner, **fields)).status_code == 302
    was = story.url, story.published_at
    story.refresh_from_db()
    assert (story.title, story.is_hidden, (story.url, story.published_at)) == ("Yards & lots", True, was)


def test_a_story_that_the_desk_wrote_is_not_brought_again_by_a_feed(
    desk: Client, partner: Partner, web: Web, guard: Guard
) -> None:
    Partner.objects.update(feed_url="")
    partner.refresh_from_db()
    fields = {
        "stories-TOTAL_FORMS": "1",
        "stories-0-title": "Story 1",
        "stories-0-url": "http://gasket.test/1",
        "stories-0-published_at_0": "2026-11-18",
        "stories-0-published_at_1": "12:00:00",
    }
    assert desk.post(f"{PARTNERS}{partner.pk}/change/", typed(partner, **fields)).status_code == 302
    Partner.objects.update(feed_url=web.url())
    web.answers["/feed"] = ok(rss(item(1)))
    ingest_due(guard)
    assert PartnerStory.objects.count() == 1


@pytest.mark.parametrize("page", ["find-feed/", "test-feed/", "headlines/"])
def test_who_may_not_change_partners_has_none_of_these_pages(client: Client, page: str) -> None:
    make.publication()
    client.force_login(make.user(may=("news.view_article",)))
    assert client.get(f"{PARTNERS}{page}").status_code == 403


@pytest.mark.parametrize("page", ["", "headlines/"])
def test_a_list_takes_as_many_queries_for_one_row_as_for_three(desk: Client, page: str) -> None:
    counts = []
    for name in ("Gasket Review", "Yard Weekly", "Motor Pool"):
        make.partner_story(partner=name, published_at=timezone.now())
        desk.get(PARTNERS + page)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PARTNERS + page)
        counts.append(len(queries))
    assert counts[0] == counts[2]
