"""What a sentence says about a share's close: a small grammar of the stock sentence, for the figure check.

A claim is an unbroken run of words that the grammar knows, with a company (or its shares) before the figures: "Ford
shares fell 1.3 percent to $10.48 on Friday". Any other word ends the run, so revenue, units, targets and ranges make no
claim. Where a sentence can be read in two ways, it says nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from news.figure_words import DATE, MONTHS, UNSURE, WEEKDAYS, Token, tokenize, words
from news.mentions import Mention, straight
from tickers import market

LONGEST = 1000  # No sentence of a story is longer; what is, is not one, and may take long to read.

# "In June 2025 Tesla closed at" is history, but "its best day since June 2025" may follow a claim.
_HISTORY = re.compile(r"\b(?:19|20)[0-9]{2}\b(?<!, [0-9]{4})")
# What may follow a claim that ends without a comma.
_END = re.compile(
    r"(?:'s\b)?(?: trading| session)?\s*(?:$|[.,;:)—–\"“”]|"
    + words("as after when while before despite amid because following and but with even though which who")
    + "|"
    + words("on_news on_the_news on_word on_reports on_hopes on_fears in_heavy in_light in_the_wake for_its for_a")
    + ")",
    re.IGNORECASE,
)
_FIGURES = {"percent", "cents", "dollars", "number"}
_TELLING = {*_FIGURES, "day", "up", "down", "close"}
_ABOUT_SHARES = {"shares", "up", "down", "close"}
_SMALL = {"word", "hedge", "day"}  # They stand between a figure and the word that says what it is.
_DIGIT = re.compile(r"[0-9]")
_AMOUNT = re.compile(r"[0-9.]")
_SIGNS = {"up": 1, "down": -1}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed: its size, how coarse it is, and +1 or −1 if the sentence says where the price went."""

    text: str
    size: Decimal
    unit: Decimal
    sign: int
    is_cents: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence says about a company's close on a day; a price alone may come with a direction."""

    key: int
    day: date
    sentence: str
    price: Figure | None = None
    change: Figure | None = None
    percent: Figure | None = None


def read_claims(sentence: str, find: Callable[[str], list[Mention]], published: datetime) -> Iterator[Claim]:
    """The claims of a sentence, in plain text, of an article published at this moment."""
    text = straight(sentence)
    if len(text) > LONGEST or UNSURE.search(text) or not _DIGIT.search(text):
        return
    before: list[Token] = []
    for is_known, group in groupby(tokenize(text, find(text)), key=lambda token: token.kind != "other"):
        run = list(group)
        for piece in pieces(run) if is_known else ():
            told, earlier = part(piece)
            figures, day = figures_of(told), day_of(told, [*before, *run], published)
            if figures and day and is_day_before(earlier, day, published) and is_whole(text, end_of(piece)):
                yield Claim(company_of(piece), day, sentence, **figures)
        before += run


def pieces(run: list[Token]) -> Iterator[list[Token]]:
    """Cut a run where another company's turn begins; what stands before the first company is part of its piece.

    Companies that share what follows ("Ford and GM rose") are left out.
    """
    found: list[list[Token]] = [[]]
    for token in run:
        if token.kind == "company" and company_of(found[-1]) not in {0, token.key}:
            found.append([])
        found[-1].append(token)
    is_alone = True
    for piece in found:
        kinds = {token.kind for token in piece}
        if is_alone and "company" in kinds and (kinds & _ABOUT_SHARES or any(is_signed(token) for token in piece)):
            yield piece
        is_alone = bool(kinds & _FIGURES)


def part(piece: list[Token]) -> tuple[list[Token], list[Token]]:
    """What is told of the day, and what of the price before it: "from $10.62", "from Thursday's close of $10.62"."""
    told: list[Token] = []
    earlier: list[Token] = []
    is_earlier = False
    for token in piece:
        is_earlier = token.kind == "from" or (is_earlier and token.kind != "to" and token.text != ",")
        (earlier if is_earlier else told).append(token)
    behind = told[subject_of(told) :]  # "After rising on Monday, Tesla closed Tuesday at": what counts comes behind.
    return behind if any(token.kind in _FIGURES for token in behind) else told, earlier


def subject_of(piece: list[Token]) -> int:
    return next((place for place, token in enumerate(piece) if token.kind in {"company", "shares"}), 0)


def is_day_before(earlier: list[Token], day: date, published: datetime) -> bool:
    """Whether the price before is one of the session before; "from Monday's close" is a change over several days."""
    return all(resolve(token.text, published) == day_before(day) for token in earlier if token.kind == "day")


def is_whole(text: str, end: int) -> bool:
    """Whether a claim that ends here is not changed by what follows ("short of its plan", "this year") or precedes."""
    return _END.match(text, end) is not None and _HISTORY.search(text, 0, end) is None


def company_of(piece: list[Token]) -> int:
    return next((token.key for token in piece if token.kind == "company"), 0)


def end_of(piece: list[Token]) -> int:
    """Where the last word ends that tells something; a piece with a figure has one."""
    return next(token.end for token in reversed(piece) if token.kind in _TELLING)


def figures_of(piece: list[Token]) -> dict[str, Figure]:
    """The figures of a piece by what they are; none where two are of a kind or one is not understood."""
    figures: dict[str, Figure] = {}
    subject = subject_of(piece)
    for place, token in enumerate(piece):
        if token.kind not in _FIGURES:
            continue
        role, found = role_of(piece, place), figure(piece, place)
        if place < subject and role != "price":
            continue
        if not role or role in figures or (role != "price" and not found.sign):
            return {}
        figures[role] = found
    return figures


def role_of(piece: list[Token], place: int) -> str:
    """What the figure at this place is: `price`, `change`, `percent`, or not known."""
    token = piece[place]
    lead = next((other for other in reversed(piece[:place]) if other.kind not in _SMALL), None)
    if token.kind == "percent":
        return "percent"
    if token.kind == "cents" or is_signed(token) or is_sign_behind(piece, place):
        return "change"
    if lead is None or lead.kind in _SIGNS or lead.kind in _FIGURES:
        return "change" if lead else ""
    return "price" if lead.kind != "company" or token.kind == "number" else ""


def figure(piece: list[Token], place: int) -> Figure:
    token = piece[place]
    size = Decimal("".join(_AMOUNT.findall(token.text)))
    is_hedged = place > 0 and piece[place - 1].kind == "hedge"
    unit = Decimal(1).scaleb(int(size.as_tuple().exponent)) * (2 if is_hedged else 1)
    return Figure(token.text, size, unit, sign_of(piece, place), token.kind == "cents")


def sign_of(piece: list[Token], place: int) -> int:
    """Where the sentence says that the price went: by the figure's own sign, the word behind it, or the last before."""
    if is_signed(piece[place]):
        return 1 if piece[place].text[0] == "+" else -1
    if is_sign_behind(piece, place):
        return _SIGNS[piece[place + 1].kind]
    return next((_SIGNS[token.kind] for token in reversed(piece[:place]) if token.kind in _SIGNS), 0)


def is_signed(token: Token) -> bool:
    return token.kind in _FIGURES and token.text[0] in "+−–-"


def is_sign_behind(piece: list[Token], place: int) -> bool:
    """Whether the figure goes with the word behind it ("$2.25 higher"), and not with "up 27 cents"."""
    kinds = [token.kind for token in piece[place + 1 : place + 3]]
    return kinds[:1] in (["up"], ["down"]) and kinds[-1] not in _FIGURES


def day_of(piece: list[Token], around: list[Token], published: datetime) -> date | None:
    """The trading day that the piece is about: its own, else the only one before it or beside it."""
    for tokens in (piece, around):
        days = {resolve(token.text, published) for token in tokens if token.kind == "day"}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def resolve(text: str, published: datetime) -> date | None:
    """The day that these words mean in an article of this moment; None if its market has not closed by then."""
    today = market.market_day(published)
    if found := re.fullmatch(DATE, text, re.IGNORECASE):
        day = calendar_day(MONTHS.index(found[1]) + 1, int(found[2]), int(found[3] or 0), today)
    elif text.lower() in {"today", "yesterday"}:
        day = today - timedelta(days=text.lower() == "yesterday")
    else:
        back = (today.weekday() - WEEKDAYS.index(text.split()[-1])) % 7
        day = today - timedelta(days=back or 7 * (" " in text))
    session = market.session(day) if day else None
    return day if session and session.closes_at <= published else None


def day_before(day: date) -> date:
    """The trading day before, which a change is counted from."""
    return next(market.sessions(day - market.DAY, -market.DAY)).day


def calendar_day(month: int, day: int, year: int, today: date) -> date | None:
    """This day of this year, or of the last one if none is given and it would still be to come."""
    try:
        found = date(year or today.year, month, day)
        return found.replace(year=found.year - 1) if found > today and not year else found
    except ValueError:
        return None
