from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from news.models import Article, Correction
from newsletter.compose import content, items_of
from newsletter.models import Edition, EditionItem, Newsletter
from tests import make
from tests.newsletter.editions import edition as an_edition
from tests.newsletter.test_compose import DAY, HALF_PAST_FIVE, HOUR, SIX, at, run, stories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

FRIDAY, MONDAY = HALF_PAST_FIVE + DAY, HALF_PAST_FIVE + 4 * DAY


def correct(article: Article, made_at: Any, text: str = "It was Tuesday.") -> Correction:
    return Correction.objects.create(article=article, text=text, made_at=made_at)


def mailed(moment: Any) -> Edition:
    """Three stories of the hours before, and the edition that carries them, composed at this moment and sent."""
    stories(3, since=moment - 2 * HOUR)
    run(moment, moment + HOUR / 2)
    return Edition.objects.order_by("-date").first()  # type: ignore[return-value]


def printed(edition: Edition) -> list[str]:
    """The texts of the corrections in it, which its HTML and its text must both have."""
    found = [correction.text for correction in content(edition, items_of(edition), edition.composed_at).corrections]
    for text in Correction.objects.values_list("text", flat=True):
        assert {text in edition.html, text in edition.text} == {text in found}
    return found


def test_a_correction_is_printed_once_in_the_next_edition(daily: Newsletter):
    thursday = mailed(HALF_PAST_FIVE)
    correct(Article.objects.first(), SIX + HOUR)
    friday, monday = mailed(FRIDAY), mailed(MONDAY)
    with at(MONDAY + HOUR):
        assert [printed(edition) for edition in (thursday, friday, monday)] == [[], ["It was Tuesday."], []]


def test_it_stands_there_with_its_headline_linked_and_its_date(daily: Newsletter):
    mailed(HALF_PAST_FIVE)
    story = Article.objects.get(headline="Story 0")
    correct(story, SIX + HOUR, "It was\nTuesday.")
    friday = mailed(FRIDAY)
    url = f"http://127.0.0.1:8000{story.get_absolute_url()}"
    assert f"CORRECTIONS\n\nStory 0\nNov. 19: It was\nTuesday.\n{url}\n" in friday.text
    assert ">Corrections</h2>" in friday.html
    assert f'href="{url}"' in friday.html
    assert "Nov. 19: It was<br>Tuesday." in friday.html


def test_none_falls_between_two_editions_and_none_is_in_both(daily: Newsletter):
    mailed(HALF_PAST_FIVE - DAY)
    story = Article.objects.get(headline="Story 0")
    moments = [HALF_PAST_FIVE - timedelta(seconds=1), HALF_PAST_FIVE, HALF_PAST_FIVE + timedelta(seconds=1), SIX]
    for number, moment in enumerate(moments):
        correct(story, moment, f"Correction {number}.")
    thursday, friday = mailed(HALF_PAST_FIVE), mailed(FRIDAY)
    with at(FRIDAY + HOUR):
        assert printed(thursday) == ["Correction 0.", "Correction 1."]
        assert printed(friday) == ["Correction 2.", "Correction 3."]


def test_it_waits_through_a_long_pause(daily: Newsletter):
    mailed(HALF_PAST_FIVE)
    correct(Article.objects.first(), SIX + HOUR)
    later = mailed(HALF_PAST_FIVE + 28 * DAY)
    with at(later.started_at):
        assert printed(later) == ["It was Tuesday."]


@pytest.mark.parametrize("why", ["never mailed", "left out", "before it was mailed", "withdrawn", "of another list"])
def test_what_readers_have_not_got_wrong_is_not_printed(daily: Newsletter, why: str):
    story = make.article("Corrected", published_at=make.NOON - 90 * DAY)
    mailed(HALF_PAST_FIVE)
    edition = Edition.objects.get()
    if why == "of another list":
        over = {"status": "complete", "started_at": SIX, "finished_at": SIX}
        edition = an_edition(make.newsletter("Friday", days=""), **over)
    if why != "never mailed":
        EditionItem.objects.create(edition=edition, article=story, is_dropped=why == "left out")
    correct(story, HALF_PAST_FIVE + HOUR / 4 if why == "before it was mailed" else SIX + HOUR)
    if why == "withdrawn":
        story.withdraw()
    friday = mailed(FRIDAY)
    with at(FRIDAY + HOUR):
        assert printed(friday) == []


def test_corrections_alone_make_no_edition_and_come_in_the_one_after(daily: Newsletter):
    mailed(HALF_PAST_FIVE)
    for number in range(5):
        correct(Article.objects.first(), SIX + HOUR, f"Correction {number}.")
    assert run(FRIDAY, FRIDAY + HOUR / 2)[-1] == ("Fri", "skipped")
    monday = mailed(MONDAY)
    with at(MONDAY + HOUR):
        assert len(printed(monday)) == 5


def test_the_archived_copy_notes_it_apart_from_the_mail(client: Client, daily: Newsletter):
    thursday = mailed(HALF_PAST_FIVE)
    story = Article.objects.get(headline="Story 0")
    before = client.get(thursday.get_absolute_url()).content.decode()
    correct(story, SIX + HOUR, "It was <Tuesday>.")
    page = client.get(thursday.get_absolute_url()).content.decode()
    start, end = page.index("<style>\n.corrected"), page.index("</aside>\n") + len("</aside>\n")
    assert page[:start] + page[end:] == before
    note = page[start:end]
    assert f'Corrected on November 19, 2026: <a href="{story.get_absolute_url()}">Story 0</a>' in note
    assert "It was &lt;Tuesday&gt;." in note
    thursday.refresh_from_db()
    assert "Tuesday" not in thursday.html


def test_a_copy_whose_stories_stand_has_no_note(client: Client, daily: Newsletter):
    thursday = mailed(HALF_PAST_FIVE)
    correct(make.article("Another", published_at=timezone.now() - 90 * DAY), SIX + HOUR)
    correct(Article.objects.get(headline="Story 0"), HALF_PAST_FIVE, "Corrected before it was mailed.")
    assert "orrected" not in client.get(thursday.get_absolute_url()).content.decode()
