"""The words of the stock sentence, for `news.figure_claims`: each is known by its kind, any other word is `other`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from news.mentions import Mention

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE = rf"(?-i:({'|'.join(MONTHS)})[a-z]*\.?) ([0-9]{{1,2}})\b(?:, (20[0-9]{{2}})\b)?"  # "Nov. 13", "May 5, 2026"
_DAY = rf"(?:last )?(?-i:(?:{'|'.join(WEEKDAYS)})\b)|today\b|yesterday\b|{DATE}"

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})(?:\.[0-9]{1,4})?(?![\w/]|[.,][0-9])"
_SIGN = r"(?:(?<![\w.])[+−–-])?"
_NUMBER = rf"{_SIGN}(?<![\w.,$/]){_DIGITS}"


def words(text: str) -> str:
    """A pattern of any of these words; a low line stands for a blank."""
    return rf"(?:{'|'.join(map(re.escape, text.split()))})\b".replace("_", " ")


_KINDS = {
    "day": _DAY,
    "percent": rf"{_NUMBER}[ -]?(?:%|{words('percent per_cent pct')})(?! (?:of|points?)\b)",
    "cents": rf"{_NUMBER}[ -]?(?:¢|{words('cents cent')})",
    "dollars": rf"{_SIGN}(?:US)?\$ ?{_DIGITS}(?!-)(?! {words('thousand million billion trillion')})",
    "number": r"(?=[^\s\w]?[0-9,]{1,9}\.)" + _NUMBER,
    "own": r"(?:its|the) (?:shares|stock)\b(?! (?:of|in)\b)",
    "shares": r"(?:(?:U\.S\.(?:-traded)?|American|depositary|common|Class [A-C]|New York-listed) )*"
    r"(?:(?:shares|stock)\b(?: (?:of|in)\b)?|(?:ADR|ADS)s?\b)",
    "up": "▲|"
    + words(
        """rose rise rises risen rising gained gain gains gaining climbed climbs climbing jumped jump jumps jumping
        added adds adding advanced advance advances advancing surged surge surges
        surging soared soars soaring leapt leaps leaped rallied rally rallies popped pops increased increase increases
        up higher"""
    ),
    "down": "▼|"
    + words(
        """gave_up gives_up giving_up fell fall falls fallen falling slipped slip slips slipping dropped drop drops
        dropping lost lose loses losing loss losses shed sheds shedding declined decline declines declining slid slide
        slides sliding sank sunk tumbled tumble tumbles tumbling eased eases dipped dip dips plunged plunge plunges
        plunging plummeted plummets retreated retreats slumped slump slumps skidded skids down lower off"""
    ),
    "close": words(
        """closing_price_of closing_price closing close_of close closes closed ends ended ending end finishes finished
        finish settles settled settle stood"""
    ),
    "hedge": words(
        "about around nearly almost roughly some more_than less_than just_over just_under over under at_least"
    ),
    "to": words("to at"),
    "from": words("from"),
    "word": r"'s\b|[,:;()—–]|(?-i:Inc|Co|Company|Corp)\b\.?(?!\w)|(?:NYSE|Nasdaq)\b ?:?|"
    + words(
        """was were is are has have had been by of on in the an a it its their whose which and or then also again just
        another further apiece per_share a_share while but with edged ticked inched moved took sent left leaving
        bringing slightly sharply trading session day bell regular flat unchanged New_York_Stock_Exchange New_York"""
    ),
    "other": r"\w+|\S",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.IGNORECASE)

# Whatever else it says, a sentence with one of these is not about the close of a day in New York.
_NOT_A_CLOSE = words(
    """pre-market premarket after-hours after_hours extended_trading before_the_bell before_the_open intraday midday
    noon morning afternoon opened 52-week all-time target market_value market_cap market_capitalization yen euro euros
    yuan pound pounds Tokyo Frankfurt bond bonds option options futures if respectively as_much_as a_year_ago
    a_year_earlier for_the_week on_the_week for_the_month for_the_quarter for_the_year on_the_year"""
)
_NOT_ONE_DAY = words("by until since before next this coming a an ago every each through") + rf" (?:{_DAY})"
UNSURE = re.compile(
    rf"\b(?:{_NOT_A_CLOSE}|{_NOT_ONE_DAY}|from (?:{_DAY}) (?:to|through)\b|(?-i:{'|'.join(WEEKDAYS)}) week\b)",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """A word or figure of a sentence; of a company, with its key."""

    kind: str
    text: str
    end: int
    key: int = 0


def tokenize(text: str, mentions: Sequence[Mention]) -> list[Token]:
    """The words of a sentence. "Its shares" are those of the only company in it, if that was named before."""
    tokens, position, keys = [], 0, {mention.key for mention in mentions}
    for mention in [*mentions, None]:
        start, end = (mention.start, mention.end) if mention else (len(text), len(text))
        for found in _TOKEN.finditer(text, position, start):
            kind, key = found.lastgroup or "other", 0
            if kind == "own":
                kind, key = ("company", mentions[0].key) if position and len(keys) == 1 else ("other", 0)
            tokens.append(Token(kind, found[0], found.end(), key))
        if mention:
            tokens.append(Token("company", text[start:end], end, mention.key))
        position = end
    return tokens
