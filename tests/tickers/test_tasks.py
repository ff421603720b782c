import pytest
import time_machine
from django.db import connection

from tests import make
from tests.make import NOON
from tickers.advisory_lock import only_one
from tickers.models import Quote
from tickers.tasks import REFRESH_LOCK, refresh_quotes

pytestmark = pytest.mark.django_db


def stored() -> list[tuple]:
    quotes = Quote.objects.order_by("symbol__ticker")
    return list(quotes.values_list("symbol__ticker", "price", "as_of", "refreshed_at"))


def test_a_refresh_twice_is_a_refresh_once(settings):
    settings.QUOTES = "simulated"
    make.symbol("TSLA")
    make.symbol("GM")
    with time_machine.travel(NOON, tick=False):
        refresh_quotes()
        once = stored()
        refresh_quotes()
    assert [row[0] for row in once] == ["GM", "TSLA"]
    assert stored() == once


def test_the_next_refresh_moves_the_simulated_price(settings):
    settings.QUOTES = "simulated"
    make.symbol("TSLA")
    with time_machine.travel(NOON, tick=False) as clock:
        refresh_quotes()
        (before,) = stored()
        clock.shift(15)
        refresh_quotes()
        (after,) = stored()
    assert after[2] > before[2]
    assert after[1] != before[1]


def test_a_refresh_says_one_line(settings, caplog):
    settings.QUOTES = "recorded"
    make.symbol("TSLA")
    make.symbol("NOSUCH")
    with caplog.at_level("INFO", "tickers"):
        refresh_quotes()
    assert caplog.messages == ["quotes: 1 of 2 symbols refreshed"]


def test_without_a_source_nothing_is_asked(settings, django_assert_num_queries):
    settings.QUOTES = "none"
    with django_assert_num_queries(0):
        refresh_quotes()


@pytest.fixture
def elsewhere():
    """A cursor of another session."""
    other = connection.copy()
    with other.cursor() as cursor:
        yield cursor
    other.close()


def test_a_second_refresh_at_the_same_time_does_nothing(settings, elsewhere):
    settings.QUOTES = "recorded"
    make.symbol("TSLA")
    elsewhere.execute("SELECT pg_advisory_lock(%s)", [REFRESH_LOCK])
    refresh_quotes()
    assert Quote.objects.count() == 0
    elsewhere.execute("SELECT pg_advisory_unlock(%s)", [REFRESH_LOCK])
    refresh_quotes()
    assert Quote.objects.count() == 1


def test_the_lock_is_free_again_after_an_error(elsewhere):
    with pytest.raises(ZeroDivisionError), only_one(REFRESH_LOCK):
        raise ZeroDivisionError
    elsewhere.execute("SELECT pg_try_advisory_lock(%s)", [REFRESH_LOCK])
    assert elsewhere.fetchone() == (True,)
