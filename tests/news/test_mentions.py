from types import SimpleNamespace

import pytest

from news.body import plain_text
from news.mentions import Finder, Named, suggested_companies
from tests import make

FORD, GM, AUTONATION, LITHIA, TOYOTA, SONIC, GROUP_1, TESLA = range(1, 9)
FINDER = Finder(
    [
        Named(FORD, ["Ford Motor", "Ford", "Ford Motor Co."], ["F"]),
        Named(GM, ["General Motors", "GM"], ["GM"]),
        Named(AUTONATION, ["AutoNation", "AutoNation Inc."], ["AN"]),
        Named(LITHIA, ["Lithia Motors", "Lithia", "Lithia & Driveway"], ["LAD"]),
        Named(TOYOTA, ["Toyota Motor", "Toyota"], ["TM"]),
        Named(SONIC, ["Sonic Automotive", "Sonic"], ["SAH"]),
        Named(GROUP_1, ["Group 1 Automotive", "Group 1"], ["GPI"]),
        Named(TESLA, ["Tesla"], ["TSLA"]),
    ]
)


def found(text: str) -> list[tuple[int, str]]:
    return [(mention.key, text[mention.start : mention.end]) for mention in FINDER.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ford’s plant and a Ford-owned lender", [(FORD, "Ford"), (FORD, "Ford")]),
        ("Ford Motor Co. and Ford", [(FORD, "Ford Motor Co."), (FORD, "Ford")]),
        ("GM, (GM) and General Motors’ plants", [(GM, "GM"), (GM, "GM"), (GM, "General Motors")]),
        ("FORD RECALLS, TESLA SELLS", [(FORD, "FORD"), (TESLA, "TESLA")]),
        ("Group 1 Automotive, not Group 12", [(GROUP_1, "Group 1 Automotive")]),
        ("AutoNation (NYSE: AN) and NYSE:F", [(AUTONATION, "AutoNation"), (AUTONATION, "AN"), (FORD, "F")]),
        ("Shares of the group (AN) rose", [(AUTONATION, "AN")]),
        ("SAH closed higher", [(SONIC, "SAH")]),
        ("Toyota\N{NO-BREAK SPACE}Motor", [(TOYOTA, "Toyota\N{NO-BREAK SPACE}Motor")]),
        ("At Friday’s close Ford stood still", [(FORD, "Ford")]),
        ("On Monday Ford said", [(FORD, "Ford")]),
        ("the GM plant and a GM dealer", [(GM, "GM"), (GM, "GM")]),
    ],
)
def test_a_company_is_found_by_its_names_and_listed_tickers(text: str, expected: list[tuple[int, str]]):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We cannot afford it, said Fordham",
        "9 a.m. GMT, and a GMC truck",
        "AN HOUR LATER, grade F, an F-150, TM",
        "Autopilot (TM) is a mark",
        "A lithia spring and a sonic boom",
        "Jim Ford, Mr. Ford, J. Ford and Sibley Ford",
        "The GM at Sibley Point, and our GM said so",
        "Gm and gM",
        "Group 10",
        "",
    ],
)
def test_what_only_looks_like_a_name_is_not_found(text: str):
    assert found(text) == []


def test_offsets_are_those_of_the_plain_text_of_html():
    text = plain_text("<p>It&rsquo;s <strong>Lithia &amp; Driveway</strong>&#8217;s store</p>")
    assert found(text) == [(LITHIA, "Lithia & Driveway")]


def written(headline: str = "A story", dek: str = "", paragraphs: tuple[str, ...] = ()) -> SimpleNamespace:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return SimpleNamespace(headline=headline, dek=dek, body=body)


def newsroom() -> None:
    make.symbol("TSLA", company=make.company("Tesla"))
    make.symbol("F", company=make.company("Ford Motor", aliases=["Ford"]), exchange="NYSE")
    make.symbol("AN", company=make.company("AutoNation"), exchange="NYSE")
    for name in ("Nissan", "Stellantis", "Hyundai", "Rivian"):
        make.company(name)


def names(article: SimpleNamespace) -> list[str]:
    return [company.name for company in suggested_companies(article)]


@pytest.mark.django_db
def test_a_company_of_the_headline_comes_before_one_of_the_dek_and_one_of_the_text():
    newsroom()
    article = written("Ford cuts", "Nissan follows.", ("Tesla waits.", "So.", "And.", "Rivian.", "Rivian."))
    assert names(article) == ["Ford Motor", "Nissan", "Tesla", "Rivian"]


@pytest.mark.django_db
def test_a_company_named_once_far_down_is_not_what_a_story_is_about():
    newsroom()
    assert names(written(paragraphs=("Words.",) * 11 + ("Tesla was there too.",))) == []


@pytest.mark.django_db
def test_a_company_is_known_by_its_listed_ticker():
    newsroom()
    assert names(written("A group (NYSE: AN) buys five stores")) == ["AutoNation"]


@pytest.mark.django_db
def test_at_most_five_companies_are_suggested():
    newsroom()
    assert len(names(written("Ford, Tesla, AutoNation, Nissan, Stellantis, Hyundai and Rivian"))) == 5


@pytest.mark.django_db
def test_companies_are_suggested_with_one_query(django_assert_num_queries):
    newsroom()
    with django_assert_num_queries(1):
        assert names(written("Ford cuts")) == ["Ford Motor"]
