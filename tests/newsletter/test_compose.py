from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from news.models import Article
from newsletter import tasks
from newsletter.closes import closes
from newsletter.compose import content, items_of
from newsletter.editions import compose, tick
from newsletter.models import Edition, EditionItem, Newsletter
from tests import make
from tests.newsletter.conftest import Mailbox
from tests.newsletter.editions import elsewhere
from tickers.models import DailyClose

pytestmark = pytest.mark.django_db

SIX = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)  # Thursday, 6 a.m. in New York
HALF_PAST_FIVE = SIX - timedelta(minutes=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def stories(count: int, since: datetime = make.NOON, **fields: Any) -> list[Article]:
    first = Article.objects.count()
    return [
        make.article(f"Story {first + number}", published_at=since + number * timedelta(minutes=1), **fields)
        for number in range(count)
    ]


def composed(daily: Newsletter, now: datetime = HALF_PAST_FIVE) -> Edition:
    edition = Edition.objects.create(newsletter=daily, date=now.date())
    with at(now):
        compose(edition.pk, now, is_last_chance=True)
    edition.refresh_from_db()
    return edition


def run(*moments: datetime) -> list[tuple[str, str]]:
    """Let the clock tick at these moments; (date, status) of each edition after that."""
    for moment in moments:
        with at(moment):
            tick(moment)
    return [(f"{edition.date:%a}", edition.status) for edition in Edition.objects.order_by("date")]


def headlines(edition: Edition) -> list[str]:
    return [item.article.headline for item in items_of(edition)]


# From the clock to the reader


@pytest.mark.django_db(transaction=True)
def test_due_composed_released_and_delivered(daily: Newsletter, mailbox: Mailbox, settings: Any):
    daily.sign_up("pat@example.com").confirm()
    stories(3)
    with at(HALF_PAST_FIVE):
        tasks.make_editions()
        assert Edition.objects.get().status == "ready"
        tasks.deliver_editions()
        assert mailbox.mails == []
    with at(SIX):
        tasks.make_editions()
        tasks.deliver_editions()
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("pat@example.com", "Story 2")
    assert "/newsletter/unsubscribe/" in mail.get_body(("plain",)).get_content()
    assert ".invalid" not in mail.as_string()


def test_ticks_all_day_make_one_edition(daily: Newsletter):
    stories(3)
    moments = [HALF_PAST_FIVE + number * timedelta(minutes=20) for number in range(70)]
    assert run(*moments)[0] == ("Thu", "sending")
    assert Edition.objects.filter(date=SIX.date()).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clocks_make_and_release_one_edition(daily: Newsletter):
    daily.sign_up("pat@example.com").confirm()
    stories(3)
    with at(SIX), ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: elsewhere(lambda: tick(SIX)), range(4)))
    made = Edition.objects.get()
    assert (made.status, made.items.count(), made.deliveries.count()) == ("sending", 3, 1)


def test_a_late_start_still_sends_and_one_too_late_is_told_to_the_desk(daily: Newsletter):
    stories(3)
    assert run(SIX + 5 * HOUR) == [("Thu", "sending")]
    stories(3, since=SIX)
    assert run(SIX + DAY + 7 * HOUR) == [("Thu", "sending"), ("Fri", "expired")]


def test_a_newsletter_that_has_not_begun_misses_nothing(daily: Newsletter):
    stories(3)
    assert run(SIX + 7 * HOUR) == []


def test_one_without_days_makes_no_edition(daily: Newsletter):
    Newsletter.objects.update(days="")
    stories(3)
    assert run(HALF_PAST_FIVE, SIX) == []


def test_too_few_stories_are_waited_for_and_then_the_edition_is_skipped(daily: Newsletter):
    stories(2)
    assert run(HALF_PAST_FIVE) == [("Thu", "draft")]
    assert run(SIX) == [("Thu", "skipped")]
    assert Edition.objects.get().reason == "New stories since the last edition: 2. An edition needs 3."


def test_a_third_story_before_the_hour_makes_the_edition(daily: Newsletter):
    stories(2)
    run(HALF_PAST_FIVE)
    stories(1, since=HALF_PAST_FIVE + timedelta(minutes=5))
    assert run(HALF_PAST_FIVE + timedelta(minutes=10), SIX) == [("Thu", "sending")]


def test_what_the_desk_holds_is_not_released_and_expires_before_the_next(daily: Newsletter):
    stories(3)
    run(HALF_PAST_FIVE)
    Edition.objects.get().hold()
    assert run(SIX, SIX + 12 * HOUR) == [("Thu", "held")]
    assert run(SIX + 23 * HOUR + timedelta(minutes=30))[0] == ("Thu", "expired")


def test_what_the_desk_chose_before_the_hour_stands_first_and_once(daily: Newsletter):
    chosen, *_ = stories(3)
    draft = Edition.objects.create(newsletter=daily, date=SIX.date())
    EditionItem.objects.create(edition=draft, article=chosen)
    with at(HALF_PAST_FIVE):
        compose(draft.pk, HALF_PAST_FIVE, is_last_chance=True)
    draft.refresh_from_db()
    assert (draft.status, headlines(draft)) == ("ready", ["Story 0", "Story 2", "Story 1"])


def test_a_story_that_is_withdrawn_after_composing_is_not_mailed(daily: Newsletter):
    *_, lead = stories(4)
    edition = composed(daily)
    assert edition.subject == "Story 3"
    with at(SIX):
        lead.withdraw()
    run(SIX)
    edition.refresh_from_db()
    assert (edition.status, edition.subject) == ("sending", "Story 2")
    assert ("Story 3" in edition.html, "Story 3" in edition.text) == (False, False)


def test_an_edition_whose_every_story_is_withdrawn_is_skipped(daily: Newsletter):
    stories(3)
    composed(daily)
    Article.objects.update(status="withdrawn")
    assert run(SIX) == [("Thu", "skipped")]


# The choice


def test_nothing_is_mailed_twice_and_nothing_falls_between_two_editions(daily: Newsletter):
    first = stories(3)
    late = make.article("After composing", published_at=HALF_PAST_FIVE + timedelta(minutes=10))
    run(HALF_PAST_FIVE, SIX)
    make.article("Backdated", published_at=HALF_PAST_FIVE - HOUR)
    stories(1, since=SIX + HOUR)
    run(HALF_PAST_FIVE + DAY, SIX + DAY)
    thursday, friday = Edition.objects.order_by("date")
    assert headlines(thursday) == [story.headline for story in reversed(first)]
    assert headlines(friday) == ["Story 5", late.headline, "Backdated"]


def test_a_skipped_or_cancelled_editions_stories_come_in_the_next(daily: Newsletter):
    stories(3)
    composed(daily).cancel()
    stories(1, since=SIX)
    run(HALF_PAST_FIVE + DAY)
    assert len(headlines(Edition.objects.get(date=date(2026, 11, 20)))) == 4


def test_what_the_desk_left_out_does_not_come_back(daily: Newsletter):
    stories(4)
    EditionItem.objects.filter(pk=composed(daily).items.first().pk).update(is_dropped=True)
    run(SIX)
    stories(3, since=SIX)
    run(HALF_PAST_FIVE + DAY)
    assert headlines(Edition.objects.first()) == ["Story 6", "Story 5", "Story 4"]


def test_the_lead_is_a_story_of_ours_with_a_picture(daily: Newsletter):
    stories(3)
    make.article("Brief", kind="brief", lead_picture=make.picture())
    make.article("Paid", sponsor="Harrow", lead_picture=make.picture(), published_at=make.NOON + HOUR)
    make.article("Pictured", lead_picture=make.picture(), published_at=make.NOON - HOUR)
    assert headlines(composed(daily)) == ["Pictured", "Story 2", "Story 1", "Story 0", "Brief", "Paid"]


def test_drafts_and_stories_to_come_are_not_in_it(daily: Newsletter):
    stories(3)
    make.article("Draft", status="draft")
    make.article("Later", published_at=SIX)
    assert len(headlines(composed(daily))) == 3


def test_after_lead_and_top_come_the_sections_in_the_sites_order(daily: Newsletter):
    stories(4, since=make.NOON + HOUR)
    electric, retail = make.section("Electric", position=2), make.section("Retail")
    make.article("Cell", section=electric)
    make.article("Lot", section=retail)
    edition = composed(daily)
    found = content(edition, items_of(edition), HALF_PAST_FIVE)
    assert [(name, [story.headline for story in some]) for name, some in found.sections] == [
        ("Retail", ["Lot"]),
        ("Electric", ["Cell"]),
    ]


def test_the_shorter_headline_for_mail_is_used_unless_the_desk_has_one(daily: Newsletter):
    stories(2)
    make.article("A long headline", mail_headline="Short", published_at=make.NOON + HOUR)
    edition = composed(daily)
    assert (edition.subject, edition.preheader) == ("Short", "Story 1 · Story 0")
    EditionItem.objects.filter(article__mail_headline="Short").update(headline="The desk’s")
    assert content(edition, items_of(edition), HALF_PAST_FIVE).lead.headline == "The desk’s"


def test_a_very_busy_day_leaves_the_oldest_stories_to_the_desk(daily: Newsletter):
    stories(23)
    edition = composed(daily)
    assert (edition.items.filter(is_dropped=False).count(), edition.items.filter(is_dropped=True).count()) == (20, 3)


def test_partner_headlines_are_new_visible_and_few(daily: Newsletter):
    stories(3)
    for number in range(5):
        make.partner_story(f"Busy {number}", published_at=make.NOON + number * HOUR, seen_at=SIX - HOUR)
        times = {"published_at": make.NOON - HOUR, "seen_at": SIX - HOUR}
        make.partner_story(f"Quiet {number}", f"Quiet paper {number}", **times)
    make.partner_story("Hidden", is_hidden=True, published_at=make.NOON + 9 * HOUR, seen_at=SIX - HOUR)
    make.partner_story("Unseen", published_at=make.NOON + 9 * HOUR, seen_at=SIX)
    edition = composed(daily)
    found = content(edition, items_of(edition), HALF_PAST_FIVE).partner_stories
    assert [story.title for story in found] == ["Busy 4", "Busy 3", "Quiet 4", "Quiet 3"]


# The market


def share(ticker: str, *prices: tuple[int, str], source: str = "yahoo", **fields: Any) -> None:
    symbol = make.symbol(ticker, company=make.company(**fields)) if fields else make.symbol(ticker)
    make.quote(symbol, source=source)
    for day, price in prices:
        DailyClose.objects.create(symbol=symbol, day=date(2026, 11, day), close=Decimal(price))


def test_the_market_is_that_of_the_last_close_and_says_so():
    share("GM", (17, "48.00"), (18, "48.96"))
    share("F", (17, "10.00"), (18, "9.50"))
    found = closes(HALF_PAST_FIVE)
    assert found is not None
    assert (found.label, found.is_simulated) == ("At the close, Wednesday, Nov. 18", False)
    assert [(row.symbol.ticker, row.figures.price, row.figures.percent) for row in found.rows] == [
        ("F", "9.50", "−5.00 %"),
        ("GM", "48.96", "+2.00 %"),
    ]
    assert [row.symbol.ticker for row in found.movers] == ["F", "GM"]


def test_a_share_without_both_closes_is_left_out():
    share("GM", (16, "48.00"), (18, "48.96"))
    share("F", (17, "10.00"))
    assert closes(HALF_PAST_FIVE) is None


def test_on_monday_the_close_is_fridays():
    share("GM", (19, "48.00"), (20, "49.00"))
    found = closes(datetime(2026, 11, 23, 10, 30, tzinfo=UTC))
    assert found is not None
    assert found.label == "At the close, Friday, Nov. 20"


def test_simulated_prices_say_so():
    share("GM", (17, "48.00"), (18, "49.00"), source="simulated")
    found = closes(HALF_PAST_FIVE)
    assert found is not None
    assert found.is_simulated


def test_each_mover_has_its_headline_ours_or_a_partners_or_none():
    share("GM", (17, "40.00"), (18, "44.00"), name="General Motors")
    share("F", (17, "10.00"), (18, "10.50"), name="Ford")
    share("TM", (17, "200.00"), (18, "204.00"), name="Toyota")
    make.article("Ours", companies=[make.company("General Motors")])
    make.partner_story("Ford cuts a shift")
    found = closes(HALF_PAST_FIVE)
    assert found is not None
    assert [str(row.story) for row in found.movers] == ["Ours", "Ford cuts a shift", "None"]
