from decimal import Decimal

import pytest

from tickers.figures import Figures
from tickers.sources.recorded import recording

RECORDED = {
    "TSLA": "319.80 ▼2.25 (−0.70 %)",
    "GM": "48.10 ▲0.01 (+0.01 %)",
    "F": "10.54 ▲0.12 (+1.10 %)",
    "RIVN": "13.50 ▼0.27 (−1.99 %)",
    "CYD": "21.16 ▼0.56 (−2.56 %)",
    "HMC": "29.17 ▼0.48 (−1.62 %)",
    "TM": "172.12 ▼3.48 (−1.98 %)",
    "CVNA": "319.76 ▲11.85 (+3.85 %)",
    "PAG": "173.96 ▲3.57 (+2.10 %)",
    "LAD": "332.18 ▲5.22 (+1.60 %)",
    "AN": "196.19 ▲3.28 (+1.70 %)",
    "GPI": "445.28 ▲6.27 (+1.43 %)",
    "ABG": "238.13 ▲2.34 (+0.99 %)",
    "SAH": "78.82 ▲1.20 (+1.55 %)",
}


def shown(price: str, previous_close: str) -> str:
    figures = Figures.of(Decimal(price), Decimal(previous_close))
    return f"{figures.price} {figures.mark}{figures.change} ({figures.percent})"


def test_the_recorded_quotes_are_shown_right():
    assert {ticker: shown(str(r.price), str(r.previous_close)) for ticker, r in recording().items()} == RECORDED


@pytest.mark.parametrize(
    ("price", "previous_close", "expected"),
    [
        ("100.005", "100", "100.01 ▲0.01 (+0.01 %)"),  # Half up,
        ("99.995", "100", "100.00 ▼0.01 (−0.01 %)"),  # for a loss too.
        ("100.0049", "100", "100.00 =0.00 (0.00 %)"),
        ("99.9951", "100", "100.00 =0.00 (0.00 %)"),  # No minus before a zero.
        ("445.285", "445.28", "445.29 ▲0.01 (0.00 %)"),
        ("0.304", "0.30", "0.30 =0.00 (+1.33 %)"),
        ("3600.1", "2500", "3,600.10 ▲1,100.10 (+44.00 %)"),
        ("0.0001", "999999999", "0.00 ▼999,999,999.00 (−100.00 %)"),
    ],
)
def test_money_is_rounded_half_up_and_the_mark_follows_what_is_shown(price: str, previous_close: str, expected: str):
    assert shown(price, previous_close) == expected


def test_the_direction_is_a_word():
    assert [Figures.of(Decimal(price), Decimal(10)).direction for price in (9, 10, 11)] == ["down", "unchanged", "up"]
