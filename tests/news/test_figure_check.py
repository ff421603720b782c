"""The figure check, held against labelled sentences that were written before it, and fed with odd text."""

import json
import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from news.figure_check import FigureWarning, check, figure_warnings, pair, sentences
from news.figure_claims import read_claims
from news.mentions import Finder, Named
from tests import make
from tickers.figures import MARKET_ZONE
from tickers.models import DailyClose

DATA = tomllib.loads((Path(__file__).parent.parent / "data" / "figure_check" / "sentences.toml").read_text())
ROOM = tomllib.loads((settings.ROOT / "news" / "demo" / "newsroom.toml").read_text())
COMPANIES = [
    Named(key, [company["name"], *company["aliases"]], [company["ticker"]] if "ticker" in company else [])
    for key, company in enumerate(ROOM["companies"], start=1)
]
FINDER = Finder(COMPANIES)
KEYS = {ticker: company.key for company in COMPANIES for ticker in company.tickers}
CLOSES = [
    (KEYS[ticker], ticker, day, Decimal(close))
    for ticker, closes in DATA["closes"].items()
    for day, close in zip(DATA["days"], closes, strict=True)
]
NAUGHTY = settings.ROOT.parent / "shared" / "corpora" / "big-list-of-naughty-strings" / "data" / "blns.json"
FRIDAY_EVENING = datetime(2026, 11, 13, 18, tzinfo=MARKET_ZONE)


def warnings(text: str, published: datetime = FRIDAY_EVENING) -> list[FigureWarning]:
    claims = list(read_claims(text, FINDER.find, published))
    return list(check(claims, pair({(claim.key, claim.day) for claim in claims}, CLOSES)))


def labelled(part: str, *labels: str) -> list[dict[str, Any]]:
    return [row for row in DATA["sentences"] if row["part"] == part and row["label"] in labels]


def warnings_of(row: dict[str, Any]) -> list[FigureWarning]:
    return warnings(row["text"], row["published"].replace(tzinfo=MARKET_ZONE))


@pytest.mark.parametrize(("part", "size"), [("dev", 60), ("hold-out", 40)])
def test_of_ten_warnings_nine_are_right_and_of_ten_mistakes_six_are_found(part: str, size: int):
    mistakes, others = labelled(part, "mismatch"), labelled(part, "ok", "nothing")
    assert len(mistakes) + len(others) == size
    found = sum(bool(warnings_of(row)) for row in mistakes)
    false = [row["text"] for row in others if warnings_of(row)]
    assert found / (found + len(false)) >= 0.9, false
    assert found / len(mistakes) >= 0.6


@pytest.mark.parametrize("part", ["dev", "hold-out"])
def test_silence_on_true_figures_mostly_comes_of_reading_them(part: str):
    true = labelled(part, "ok")
    read = sum(any(read_claims(row["text"], FINDER.find, row["published"].replace(tzinfo=MARKET_ZONE))) for row in true)
    assert read / len(true) >= 0.8


def test_a_warning_says_what_is_wrong_and_gives_our_figure():
    for row in [*labelled("dev", "mismatch"), *labelled("hold-out", "mismatch")]:
        wrong, figure = row["have"].split(": ")
        for warning in warnings_of(row):
            assert figure in warning.have
            assert ("is the change in dollars" in warning.says) == (wrong == "dollars as percent"), warning
            assert ("but the share" in warning.says) == (wrong == "sign"), warning


def test_dollars_printed_as_percent_have_words_of_their_own():
    [warning] = warnings("Tesla shares fell 2.25 percent to $319.80 on Friday.")
    assert str(warning) == (
        "It says 2.25 percent, which is the change in dollars. We have 319.80, −2.25 (−0.70 %) for TSLA on Friday, "
        "November 13. In: “Tesla shares fell 2.25 percent to $319.80 on Friday.”"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("TSLA closed at 318.80 on Friday.", "It says 318.80."),
        ("Tesla (TSLA): 319.80 −2.25% on Friday.", "It says −2.25%, which is the change in dollars."),
        ("Tesla lost $2.52, or 0.9%, on Friday.", "It says $2.52; 0.9%."),
        ("Tesla said Friday that it has a plan, and its shares fell 7 percent.", "It says 7 percent."),
        ("Shares of Tesla Inc. closed Friday 225 cents higher.", "It says up 225 cents, but the share fell."),
        ("Tesla rose to $319.80 on Friday.", "It says up $319.80, but the share fell."),
    ],
)
def test_what_is_wrong_is_told(text: str, says: str):
    assert [warning.says for warning in warnings(text)] == [says]


def test_a_fall_told_as_a_rise_is_named():
    [warning] = warnings("Tesla rose 0.7 percent on Friday.")
    assert warning.says == "It says up 0.7 percent, but the share fell."


@pytest.mark.parametrize(
    "text",
    [
        "Tesla shares fell 0.7 percent to $319.80 on Friday, down from Thursday’s close of $322.05.",
        "Tesla fell from $322.05 to $319.80 on Friday.",
        "Tesla fell less than 1 percent on Friday.",
        "Tesla shares slipped on Friday, and Ford fell 1.3 percent.",
        "After rising 5 percent on Wednesday, Tesla closed Friday at $319.80.",
    ],
)
def test_true_figures_are_passed_over(text: str):
    assert warnings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ford and GM rose 5 percent on Friday.",
        "Tesla rose 5 percent on Friday in the registration table.",
        "Tesla has risen 5 percent since Friday.",
        "Tesla rose 5 percent from Monday to Friday.",
        "Tesla shares rose 5 percent over two weeks to close at $319.80 on Friday.",
        "Tesla shares rose 5 percent.",
        "Carvana and Tesla reported on Friday, and its shares rose 5 percent.",
        "Tesla shares rose 5 percent on Nov. 31.",
    ],
)
def test_where_it_is_unsure_it_is_silent(text: str):
    assert warnings(text) == []


@pytest.mark.parametrize(
    ("published", "is_checked"),
    [
        (datetime(2026, 11, 13, 15, 59, tzinfo=MARKET_ZONE), False),
        (datetime(2026, 11, 13, 16, 0, tzinfo=MARKET_ZONE), True),
        (datetime(2026, 11, 16, 6, 0, tzinfo=MARKET_ZONE), True),
        (datetime(2026, 11, 20, 6, 0, tzinfo=MARKET_ZONE), False),
        (datetime(2026, 11, 27, 8, 0, tzinfo=MARKET_ZONE), False),
    ],
)
def test_a_weekday_is_the_last_one_whose_market_has_closed(published: datetime, is_checked: bool):
    assert bool(warnings("Tesla closed at $300.00 on Friday.", published)) is is_checked


def test_a_day_without_trading_is_not_checked():
    assert warnings("Tesla closed at $300.00 on Thursday.", datetime(2026, 11, 27, 18, tzinfo=MARKET_ZONE)) == []


def test_sentences_end_where_they_end():
    article = SimpleNamespace(
        headline="One",
        dek="At 9 a.m. Ford Motor Co. rose. Tesla, Inc. fell.",
        body="<p>On Nov. 13 it was “up 2.” GM fell $1.20.</p><ul><li>Two</li><li>Three</li></ul>",
    )
    assert sentences(article) == [
        "One",
        "At 9 a.m. Ford Motor Co. rose.",
        "Tesla, Inc. fell.",
        "On Nov. 13 it was “up 2.",
        "GM fell $1.20.",
        "Two",
        "Three",
    ]


def demo_article(body: str) -> SimpleNamespace:
    return SimpleNamespace(headline="Ford’s day", dek="A dek.", body=body, published_at=FRIDAY_EVENING)


@pytest.mark.django_db
def test_an_article_is_checked_with_two_queries(django_assert_num_queries):
    tesla = make.symbol("TSLA", company=make.company("Tesla"))
    ford = make.symbol("F", company=make.company("Ford Motor", aliases=["Ford"]), exchange="NYSE")
    for symbol, ticker in ((tesla, "TSLA"), (ford, "F")):
        rows = zip(DATA["days"], DATA["closes"][ticker], strict=True)
        DailyClose.objects.bulk_create(DailyClose(symbol=symbol, day=day, close=close) for day, close in rows)
    body = "<p>Tesla fell 2.25% on Friday.</p><p>Ford closed at $10.84 on Nov. 13. GM rose 3% Friday.</p>"
    with django_assert_num_queries(2):
        found = figure_warnings(demo_article(body))
    assert [(warning.says, warning.have) for warning in found] == [
        (
            "It says 2.25%, which is the change in dollars.",
            "We have 319.80, −2.25 (−0.70 %) for TSLA on Friday, November 13.",
        ),
        ("It says $10.84.", "We have 10.48, −0.14 (−1.32 %) for F on Friday, November 13."),
    ]


@pytest.mark.django_db
def test_a_company_with_two_listed_shares_and_a_day_without_a_close_before_are_not_guessed():
    tesla = make.symbol("TSLA", company=make.company("Tesla"))
    both = make.company("Ford")
    for symbol in (tesla, make.symbol("F", company=both), make.symbol("F-B", company=both)):
        DailyClose.objects.create(symbol=symbol, day=FRIDAY_EVENING.date(), close=10)
    body = "<p>Tesla rose 3% to $11.00 on Friday. Ford closed at $11.00 on Friday.</p>"
    [warning] = figure_warnings(demo_article(body))
    assert (warning.says, warning.have) == ("It says $11.00.", "We have 10.00 for TSLA on Friday, November 13.")


@pytest.mark.django_db
def test_an_article_without_a_figure_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert figure_warnings(demo_article("<p>Words.</p>")) == []


def test_no_text_makes_it_fail():
    if not NAUGHTY.exists():
        pytest.skip("shared/corpora/big-list-of-naughty-strings is not here")
    for string in json.loads(NAUGHTY.read_text()):
        for text in (
            string,
            f"Tesla rose {string} percent to ${string} on Friday.",
            f"Tesla fell 2% on {string} Friday",
        ):
            article = SimpleNamespace(headline=text, dek=text, body=f"<p>{text}</p>")
            for sentence in sentences(article):
                warnings(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "Tesla fell ٣ percent on Friday to $٣١٩.",
        "Tesla fell 9999999 percent to $0.00 on Friday.",
        "Tesla closed at $1 on Feb. 29, 2027 and on Nov. 99.",
        "Tesla " + "closed at $1,000,000.0000 on Friday, " * 500,
        "1" * 5000 + " Tesla $" + "9," * 5000,
        "Tesla closed at $" + "1" * 5000 + " on Friday",
        "Tesla " * 3000 + "rose 2% on Friday",
    ],
)
def test_odd_figures_are_passed_over_or_told_but_never_fail(text: str):
    assert len(warnings(text)) <= 1
