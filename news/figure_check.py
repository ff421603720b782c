"""Figures of shares in an article, held against the closes that we have. It warns and never blocks.

`news.figure_claims` reads the sentences; this module compares and says what is wrong in words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from django.utils import timezone

from news.body import plain_text
from news.figure_claims import Claim, Figure, day_before, read_claims
from news.mentions import TICKERS, Finder, Written, named
from tickers.figures import MINUS, Figures, rounded
from tickers.models import Company, DailyClose

# A source rounds before or after it subtracts, and half a cent may go either way.
SLACK = Decimal("0.01")
PRICE_SLACK = Decimal("0.0001")

_ENDS_BLOCK = re.compile(r"</(?:p|li|h2|h3|tr|figcaption|caption|footer)>|<br>")
_ENDS_SENTENCE = re.compile(
    r"""(?<!\bInc\.)(?<!\bCo\.)(?<!\bCorp\.)(?<!\bLtd\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)(?<!\bSt\.)
    (?<!\bNo\.)(?<!\bvs\.)(?<!\b[A-Z]\.)(?<!\b[ap]\.m\.)(?<!\b(?:Jan|Feb|Mar|Apr|Aug|Oct|Nov|Dec)\.)(?<!\bSept\.)
    (?<=[.!?])["”’)]*\s+(?=["“‘(]?[A-Z0-9$])""",
    re.VERBOSE,
)


class Dated(Written, Protocol):
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FigureWarning:
    """A sentence whose figures are not ours: what it says wrong, and the figures that we have."""

    sentence: str
    says: str
    have: str

    def __str__(self) -> str:
        return f"{self.says} {self.have} In: “{self.sentence}”"


@dataclass(frozen=True, slots=True)
class Known:
    """The close of a symbol on a day and the close before, where we have that too."""

    ticker: str
    day: date
    close: Decimal
    previous: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return None if self.previous is None else self.close - self.previous

    def __str__(self) -> str:
        if self.previous is None:
            figures = f"{rounded(self.close):,f}"
        else:
            shown = Figures.of(self.close, self.previous)
            sign = {"up": "+", "down": MINUS}.get(shown.direction, "")
            figures = f"{shown.price}, {sign}{shown.change} ({shown.percent})"
        return f"We have {figures} for {self.ticker} on {self.day:%A, %B} {self.day.day}."


def figure_warnings(article: Dated) -> list[FigureWarning]:
    """What to tell the editor at review and at publish. Two queries; no text makes it fail."""
    texts = sentences(article)
    if not any(character.isdigit() for text in texts for character in text):
        return []
    companies = Company.objects.annotate(tickers=TICKERS)
    finder = Finder(named(company) for company in companies)
    published = article.published_at or timezone.now()
    claims = [claim for text in texts for claim in read_claims(text, finder.find, published)]
    return list(check(claims, known_closes(claims)))


def sentences(article: Written) -> list[str]:
    blocks = [article.headline, article.dek, *map(plain_text, _ENDS_BLOCK.split(article.body))]
    return [sentence for block in blocks for sentence in _ENDS_SENTENCE.split(block) if sentence]


def known_closes(claims: Iterable[Claim]) -> dict[tuple[int, date], Known]:
    """The closes that the claims are held against, by company and day; none where a company has two shares."""
    wanted = {(claim.key, claim.day) for claim in claims}
    if not wanted:
        return {}
    days = {day for _, day in wanted} | {day_before(day) for _, day in wanted}
    rows = DailyClose.objects.filter(symbol__company__in={key for key, _ in wanted}, day__in=days).order_by()
    return pair(wanted, rows.values_list("symbol__company", "symbol__ticker", "day", "close"))


def pair(
    wanted: Iterable[tuple[int, date]], rows: Iterable[tuple[int, str, date, Decimal]]
) -> dict[tuple[int, date], Known]:
    closes: dict[tuple[int, date], list[tuple[str, Decimal]]] = {}
    for key, ticker, day, close in rows:
        closes.setdefault((key, day), []).append((ticker, close))
    found = {}
    for key, day in wanted:
        now, before = closes.get((key, day), []), closes.get((key, day_before(day)), [])
        if len(now) == 1:
            found[key, day] = Known(now[0][0], day, now[0][1], before[0][1] if len(before) == 1 else None)
    return found


def check(claims: Iterable[Claim], closes: Mapping[tuple[int, date], Known]) -> Iterator[FigureWarning]:
    """Hold claims against closes; a claim about a day that we have no close of is passed over."""
    for claim in claims:
        if (known := closes.get((claim.key, claim.day))) and (wrong := problems(claim, known)):
            yield FigureWarning(claim.sentence, f"It says {'; '.join(wrong)}.", str(known))


def problems(claim: Claim, known: Known) -> list[str]:
    """What the claim says otherwise than we have it."""
    wrong = []
    if claim.price and not is_near(claim.price, known.close, PRICE_SLACK):
        wrong.append(claim.price.text)
    if known.previous is None or known.change is None:
        return wrong
    percent = known.change / known.previous * 100
    if claim.change:
        change = known.change * 100 if claim.change.is_cents else known.change
        wrong += move_problem(claim.change, change, SLACK * 100 if claim.change.is_cents else SLACK)
    if claim.percent and is_dollars(claim.percent, known.change, percent):
        wrong.append(f"{claim.percent.text}, which is the change in dollars")
    elif claim.percent:
        wrong += move_problem(claim.percent, percent, SLACK)
    if claim.price and not wrong and not claim.change and not claim.percent:
        wrong += sign_problem(claim.price, known.change)
    return wrong


def is_dollars(percent: Figure, change: Decimal, right: Decimal) -> bool:
    """The classic: the change in dollars, printed with a percent sign."""
    return is_near(percent, abs(change), PRICE_SLACK) and not is_near(percent, abs(right), SLACK)


def move_problem(figure: Figure, move: Decimal, slack: Decimal) -> list[str]:
    return sign_problem(figure, move) if is_near(figure, abs(move), slack) else [figure.text]


def sign_problem(figure: Figure, move: Decimal) -> list[str]:
    """A fall told as a rise, or the other way round; what rounds to nothing is neither."""
    if figure.sign * move >= 0 or abs(move) < SLACK:
        return []
    said, did = ("up", "fell") if figure.sign > 0 else ("down", "rose")
    return [f"{said} {figure.text}, but the share {did}"]


def is_near(figure: Figure, right: Decimal, slack: Decimal) -> bool:
    """Whether the figure is what we have, as far as it was rounded for print."""
    return abs(figure.size - right) <= figure.unit / 2 + slack
