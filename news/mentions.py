"""Which companies a text names, and which of them it is about: a suggestion, the editor has the last word."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from news.body import plain_text, split_blocks
from tickers.models import Company

# What a mention weighs by its place, and the weight from which on a story is about a company: a mention in the headline
# or the dek is enough, one in the first paragraphs wants another anywhere, a single one further down never is.
HEADLINE, DEK, EARLY, LATER = 4, 3, 2, 1
EARLY_BLOCKS = 3
ABOUT = 2
MOST = 5

SHORT_TICKER = 2  # A bare ticker of so few letters (F, AN, TM) is far more often a word or a mark.
MARKS = {"C", "R", "TM"}  # Alone in brackets these are marks, not tickers.

_WORD = re.compile(r"\w+")
_LISTED = re.compile(r"\b(?:NYSE|N(?i:asdaq))\s?:\s?([A-Z][A-Z0-9.\-]*)|\(([A-Z][A-Z0-9.\-]*)\)")
# "Jim Ford", "Mr. Ford", "J. Ford" and "Sibley Ford" are a man or a store: a capital stands before the name …
_CAPITAL_BEFORE = re.compile(r"(?:\b([A-Z]\w*[a-z])|\b(?:Mrs?|Ms|Dr)\.|(?<![\w.])[A-Z]\.) $")
# … but these words have one only because they open a sentence, or always.
_OPENERS = frozenset(
    """After Although Among An And As At Because Before Both But By Did Do Does Even For From Has Have How If In Is It
    Its Last Like May Meanwhile Most No Not Now Of On Once Only Or Our Over Rival Shares Since So Some Still Than That
    The Then There They Though To Under Unlike Until Was We Were What When Where Whether Which While Who Why Will With
    Without Would Yesterday Yet Your Today Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February
    March April June July August September October November December""".split()  # noqa: SIM905 - as a list it would be a page.
)
# "The GM at Sibley Point" is a general manager, "the GM plant" is not.
_MANAGER_BEFORE = re.compile(r"(?:\b(?i:the|an?|our|his|her|their|its|my)|'s) $")
_MANAGER_AFTER = re.compile(r"\s*(?:$|[.,;:?!)\"”']|(?:at|of|for|in|who|said|says|was|is|got|has|had)\b)")


class Named(NamedTuple):
    """What a company may be called: plain data of one row."""

    key: int
    names: Sequence[str]
    tickers: Sequence[str] = ()


class Mention(NamedTuple):
    """A company named in a text from `start` to `end`."""

    key: int
    start: int
    end: int


class Written(Protocol):
    """An article, or the unsaved one of a form."""

    headline: str
    dek: str
    body: str


def suggested_companies(article: Written) -> list[Company]:
    """The companies that the article seems to be about, at most MOST, the surest first. One query."""
    companies = {company.pk: company for company in Company.objects.defer("description").annotate(tickers=TICKERS)}
    finder = Finder(named(company) for company in companies.values())
    return [companies[key] for key in about(article, finder)]


TICKERS = ArrayAgg("symbols__ticker", filter=Q(symbols__isnull=False), default=[], order_by="symbols__position")


def named(company: Company) -> Named:
    """The names of a company that was queried with its TICKERS."""
    return Named(company.pk, [company.name, *company.aliases], company.tickers)  # type: ignore[attr-defined]


def about(article: Written, finder: "Finder") -> list[int]:
    """The keys of the companies that it is about, by the number and the place of their mentions."""
    blocks = [plain_text(block) for block in split_blocks(article.body)]
    parts = [(HEADLINE, article.headline), (DEK, article.dek)]
    parts += [(EARLY if place < EARLY_BLOCKS else LATER, block) for place, block in enumerate(blocks)]
    weights: Counter[int] = Counter()
    for weight, text in parts:
        for mention in finder.find(text):
            weights[mention.key] += weight
    return [key for key, weight in weights.most_common(MOST) if weight >= ABOUT]


class Finder:
    """Finds companies in plain text. Made once for many texts; its cost does not grow with the number of companies.

    A name keeps its first letter's case, so that "a lithia spring" and "sonic" name nobody, and all of it where it is
    all capitals. It ends where a word ends: "Ford's" and "Ford-owned" name Ford, "afford" and "GMC" do not.
    """

    def __init__(self, companies: Iterable[Named]) -> None:
        self.by_ticker: dict[str, int] = {}
        by_first: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for company in companies:
            bare = [ticker for ticker in company.tickers if len(ticker) > SHORT_TICKER]
            for name in [straight(name) for name in [*company.names, *bare]]:
                if word := _WORD.search(name):
                    by_first[word[0].casefold()].setdefault(name, company.key)
            self.by_ticker.update(dict.fromkeys(company.tickers, company.key))
        self.by_first = {
            word: sorted(names.items(), key=lambda item: len(item[0]), reverse=True) for word, names in by_first.items()
        }

    def find(self, text: str) -> list[Mention]:
        """The mentions in plain text, in order and apart; of names that overlap the longest counts."""
        text = straight(text)
        mentions, end = [], 0
        for mention in sorted([*self._names(text), *self._listed(text)], key=lambda it: (it.start, -it.end)):
            if mention.start >= end:
                mentions.append(mention)
                end = mention.end
        return mentions

    def _names(self, text: str) -> Iterator[Mention]:
        for word in _WORD.finditer(text):
            for name, key in self.by_first.get(word[0].casefold(), ()):
                start = word.start() - name.lower().find(word[0].lower())
                if start >= 0 and is_named(text, start, name):
                    yield Mention(key, start, start + len(name))
                    break

    def _listed(self, text: str) -> Iterator[Mention]:
        """Tickers as stories print them: (NYSE: AN), NYSE: AN or (AN)."""
        for found in _LISTED.finditer(text):
            ticker = found[1] or (found[2] if found[2] not in MARKS else "")
            if ticker in self.by_ticker:
                yield Mention(self.by_ticker[ticker], *found.span(1 if found[1] else 2))


def straight(text: str) -> str:
    """The text with plain apostrophes and blanks, each letter at its place."""
    return text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ")


def is_named(text: str, start: int, name: str) -> bool:
    """Whether the company of this name, and nobody else, is named here."""
    end = start + len(name)
    found = text[start:end]
    if found[:1] != name[:1] or (found.casefold() != name.casefold() if not name.isupper() else found != name):
        return False
    if text[end : end + 1].isalnum() or text[start - 1 : start].isalnum():
        return False
    if name == "GM":
        return not (_MANAGER_BEFORE.search(text, 0, start) and _MANAGER_AFTER.match(text, end))
    return " " in name or name.isupper() or not is_of_a_name(text, start)


def is_of_a_name(text: str, start: int) -> bool:
    """Whether what begins here is the end of a longer name."""
    before = _CAPITAL_BEFORE.search(text, max(0, start - 40), start)
    return before is not None and before[1] not in _OPENERS
