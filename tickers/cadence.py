"""How often figures are new: for the worker that asks the source, and for the browsers that ask us.

Pure: the source's name and times go in. The worker's tick looks every few seconds whether a refresh is due, so a lost
tick, a doubled one or a restart costs nothing but those seconds.
"""

from datetime import datetime, timedelta

from tickers import market

EVERY = {"open": timedelta(seconds=60), "pre": timedelta(minutes=5), "post": timedelta(minutes=5)}
ALWAYS = {"simulated": timedelta(seconds=15)}  # Sources that know no hours.
ONCE = {"recorded"}
SLACK = timedelta(seconds=7)  # Ticks come a little early or late; without it a refresh would wait for the next one.
# The last figures of a day, with the delay of the exchange's data, are out so long after its after hours.
SETTLING = timedelta(minutes=20)
RETRY = timedelta(minutes=5)
SHUT_POLL_S = 3600


def refresh_is_due(source: str, now: datetime, asked_at: datetime | None, answered_at: datetime | None) -> bool:
    """Whether to ask the source, which was last asked, and last gave an answer, at these times."""
    if asked_at is None or now < asked_at:  # Somebody has set the clock back.
        return True
    period = period_at(source, now)
    if period is None:
        return not is_settled(source, now, answered_at) and now - asked_at >= RETRY - SLACK
    return now - asked_at >= period - SLACK


def period_at(source: str, now: datetime) -> timedelta | None:
    """The time between two refreshes; None while nothing new is to come."""
    if source in ONCE:
        return None
    return ALWAYS.get(source) or EVERY.get(market.state_at(now))


def is_settled(source: str, now: datetime, answered_at: datetime | None) -> bool:
    """Whether there is nothing to ask for, now that nothing new is to come: all is here, or not out yet."""
    if answered_at is None:
        return False
    settled_at = market.last_session(now).ends_at + SETTLING
    return source in ONCE or answered_at >= settled_at or now < settled_at


def next_poll_s(source: str, now: datetime) -> int:
    """How many seconds a browser should wait before it looks for new figures.

    While the market is shut it changes only twice, for it is a part of what the browser would not have to load again.
    """
    if source == "none" or source in ONCE:
        return SHUT_POLL_S
    if period := period_at(source, now):
        return int(period.total_seconds())
    is_settling = now < market.last_session(now).ends_at + SETTLING + RETRY
    opens_soon = market.next_change(now) - now <= timedelta(seconds=SHUT_POLL_S)
    return int(EVERY["pre"].total_seconds()) if is_settling or opens_soon else SHUT_POLL_S
