"""Filters as a person writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.research.filters import FilterError, Filters, read_amount, read_day


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-03-01", date(2025, 3, 1), date(2025, 3, 1)),
        ("20250301", date(2025, 3, 1), date(2025, 3, 1)),
        ("2025年3月1日", date(2025, 3, 1), date(2025, 3, 1)),
        (date(2025, 3, 1), date(2025, 3, 1), date(2025, 3, 1)),
    ],
)
def test_a_year_or_month_begins_and_ends(given: str | date, first: date, last: date) -> None:
    assert (read_day(given, "--from"), read_day(given, "--to", last=True)) == (first, last)


@pytest.mark.parametrize(
    ("given", "yuan"), [("1000000000", 1e9), ("1,000", 1e3), ("10亿", 1e9), ("3.5万元", 35_000), ("1e9", 1e9), (7, 7)]
)
def test_amounts_are_yuan(given: str | float, yuan: float) -> None:
    assert read_amount(given, "--min-amount") == yuan


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "yesterday"}, "--from 'yesterday' is no date; write 2025"),
        ({"since": "2025-02-30"}, "there is no such day"),
        ({"until": "2025-13"}, "there is no such day"),
        ({"until": "0000"}, "there is no such day"),
        ({"as_of": "x"}, "--as-of 'x' is no date"),
        ({"since": "2025", "until": "2024"}, "is after --to"),
        ({"region": "无此地"}, "--region: There is no region"),
        ({"industry": "Z"}, "--industry: There is no industry 'Z'"),
        ({"industry": "98"}, "--industry: There is no industry '98'"),
        ({"industry": "A39"}, "--industry: There is no industry 'A39'"),
        ({"industry": "无此业"}, "--industry: There is no industry '无此业'"),
        ({"industry": "制品业"}, "industries are called like '制品业'; give the code: "),
        ({"event": "party"}, "--event: There is no event 'party'; choose from signing,"),
        ({"min_amount": "much"}, "--min-amount 'much' is no amount"),
        ({"min_amount": "nan"}, "is no amount"),
        ({"max_amount": "-1"}, "is no amount"),
        ({"max_amount": "inf"}, "is no amount"),
        ({"min_amount": "2亿", "max_amount": "1亿"}, "is above --max-amount"),
        ({"org": " "}, "--org takes"),
        ({"org": ["x"]}, "--org ['x'] is no text"),
        ({"since": 20250230}, "there is no such day"),
        ({"since": 2025.5}, "--from 2025.5 is no text"),
        ({"as_of": True}, "--as-of True is no text"),
        ({"region": 7}, "--region: "),
        ({"region": 4.2e5}, "--region 420000.0 is no text"),
        ({"source": 7}, "--source 7 is no name"),
        ({"source": [7.5]}, "--source 7.5 is no text"),
        ({"source": ()}, "--source names none"),
        ({"org": "x" * 101}, "--org takes"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(given: dict[str, Any], said: str) -> None:
    with pytest.raises(FilterError) as refused:
        Filters.of(**given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_industries_are_sections_divisions_or_names() -> None:
    section = Filters.of(industry="C").industry
    assert section is not None and section.codes[:2] == ("C", "13") and section.codes[-1] == "43"
    assert Filters.of(industry="制造业") == Filters.of(industry="c")
    division = Filters.of(industry="C39").industry
    assert division is not None and division.codes == ("39",)
    assert Filters.of(industry="医药制造业") == Filters.of(industry="医药") == Filters.of(industry="27")
    emerging = Filters.of(industry="se1").industry
    assert emerging is not None and emerging.codes == ("SE1",)


def test_years_and_codes_may_be_numbers() -> None:
    assert Filters.of(since=2025, until=20250301, region=420100, industry=39) == Filters.of(
        since="2025", until="2025-03-01", region="420100", industry="39"
    )


def test_events_have_chinese_names() -> None:
    assert Filters.of(event="签约").event == Filters.of(event="Signing").event == "signing"


def test_what_is_set_is_described_in_plain_values() -> None:
    assert Filters.of().described == {}
    given = Filters.of(region="武汉", since="2025", source=["b", "a", "b"], min_amount="1亿", all=True)
    assert given.described == {
        "region": "420100 武汉市",
        "since": "2025-01-01",
        "sources": ["a", "b"],
        "min_amount": 1e8,
        "all": True,
    }
