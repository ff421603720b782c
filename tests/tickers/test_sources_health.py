from datetime import timedelta

import pytest
import time_machine

from tests.make import NOON
from tickers.models import SourceHealth

pytestmark = pytest.mark.django_db
minutes = lambda n: timedelta(minutes=n)  # noqa: E731


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def health() -> SourceHealth:
    return SourceHealth.objects.create(source="wire")


def test_a_source_in_good_health_may_be_asked_at_any_time(health: SourceHealth):
    assert [health.claim(), health.claim()] == [True, True]
    assert health.asked_at == NOON


def test_failures_in_a_row_open_the_breaker_for_longer_and_longer(health: SourceHealth, clock):
    pauses = []
    for _ in range(7):
        clock.move_to(health.open_until or NOON)
        assert health.claim()
        health.fail("The wire is down")
        pauses.append(health.open_until - health.failed_at)
    assert pauses == [minutes(n) for n in (5, 10, 20, 40, 60, 60, 60)]
    assert (health.failures, health.error) == (7, "The wire is down")


def test_an_answer_closes_the_breaker_and_the_next_pause_is_short_again(health: SourceHealth, clock):
    health.fail("The wire is down")
    health.fail("The wire is down")
    clock.move_to(health.open_until)
    assert health.claim()
    health.answer()
    health.refresh_from_db()
    assert (health.failures, health.open_until, health.answered_at) == (0, None, NOON + minutes(10))
    assert (health.error, health.failed_at) == ("The wire is down", NOON)  # What the desk may want to know.
    health.fail("Again")
    assert health.open_until == NOON + minutes(15)


def test_while_it_is_open_nobody_asks(health: SourceHealth, clock):
    health.fail("The wire is down")
    clock.shift(minutes(5) - timedelta(seconds=1))
    assert (health.claim(), health.asked_at) == (False, None)


def test_of_two_workers_one_makes_the_probe(health: SourceHealth, clock):
    health.fail("The wire is down")
    other = SourceHealth.objects.get()
    clock.shift(minutes(5))
    assert [health.claim(), other.claim(), other.claim()] == [True, False, False]


def test_a_probe_that_was_killed_is_made_again(health: SourceHealth, clock):
    health.fail("The wire is down")
    clock.shift(minutes(5))
    assert health.claim()
    clock.shift(minutes(5))
    assert health.claim()


@pytest.mark.parametrize(("asked", "pause"), [(1, 5), (7, 7), (24 * 60 + 1, 24 * 60)])
def test_a_source_that_asks_for_a_longer_pause_gets_it_up_to_a_day(health: SourceHealth, asked: int, pause: int):
    health.fail("Too often", minutes(asked))
    assert health.open_until == NOON + minutes(pause)


def test_the_desk_can_close_the_breaker(health: SourceHealth):
    health.fail("The wire is down")
    assert health.is_open(NOON)
    health.close()
    assert not health.is_open(NOON)
    assert health.claim()


def test_a_long_error_is_cut_to_what_the_row_can_hold(health: SourceHealth):
    health.fail("x" * 1000)
    health.refresh_from_db()
    assert health.error == "x" * 300
