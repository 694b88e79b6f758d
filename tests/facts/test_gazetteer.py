"""The units of a year: codes, what holds them, and what they are today."""

from __future__ import annotations

import pytest

from crawler.facts.gazetteer import codes_now, gazetteer, last_year, successors, table_rows
from crawler.facts.tables import read_table
from tests.facts import former_names


def test_a_year_has_its_own_names() -> None:
    assert gazetteer(2009).by_code["420600"].name == "襄樊市"
    assert gazetteer(2012).by_code["420600"].name == "襄阳市"


@pytest.mark.parametrize(("asked", "given"), [(1900, 1980), (1980, 1980), (2024, 2024), (2031, 2024)])
def test_years_outside_the_table_are_those_of_its_ends(asked: int, given: int) -> None:
    assert gazetteer(asked).year == given


def test_the_ends_of_the_table_are_its_first_and_last_year() -> None:
    years = {year for year, _ in table_rows()}
    assert (min(years), max(years)) == (1980, last_year())


def test_a_place_holds_what_lies_in_it() -> None:
    codes = gazetteer(2024).by_code
    district, city, province, other = (codes[code] for code in ("420103", "420100", "420000", "420200"))
    assert city.holds(district)
    assert province.holds(district)
    assert district.holds(district)
    assert not other.holds(district)
    assert not district.holds(city)


@pytest.mark.parametrize(
    ("year", "code", "now"),
    [
        (2009, "420600", "420600"),  # renamed: 襄樊市
        (2005, "320202", "320213"),  # merged: 崇安区 into 梁溪区
        (2008, "310119", "310115"),  # merged: 南汇区 into 浦东新区
        (2010, "220381", "220184"),  # recoded: 公主岭市
        (2024, "420103", "420103"),
    ],
)
def test_todays_code_of_a_former_unit(year: int, code: str, now: str) -> None:
    assert codes_now(year)[code] == now


def test_every_unit_gone_since_2000_has_a_successor_of_today() -> None:
    today = gazetteer(last_year()).by_unit
    gone = {place.unit for year, place in table_rows() if year >= 2000 and place.unit not in today}
    assert gone - set(successors()) == set()
    assert {successor for successor in successors().values() if successor not in today} == set()


def test_former_names_are_what_the_table_gives() -> None:
    assert former_names.FILE.read_text(encoding="utf-8") == former_names.derived()


def test_zones_lie_where_their_row_says() -> None:
    codes = gazetteer(last_year()).by_code
    for row in read_table("zones.csv"):
        assert row["place"].endswith(codes[row["code"]].name), row
