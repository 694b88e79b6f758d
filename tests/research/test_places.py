"""Places as a filter takes them."""

from __future__ import annotations

import pytest

from crawler.research.places import UnknownRegion, codes_within, find_place


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("420100", "420100", "武汉市"),
        ("武汉市", "420100", "武汉市"),
        (" 武汉 ", "420100", "武汉市"),
        ("湖北", "420000", "湖北省"),
        ("大冶市", "420281", "大冶市"),
        ("429004", "429004", "仙桃市"),
        ("香港", "810000", "香港特别行政区"),
    ],
)
def test_a_place_is_named_by_code_or_name(text: str, code: str, name: str) -> None:
    place = find_place(text)
    assert (place.code, place.name) == (code, name)


def test_a_name_of_the_past_is_found_and_one_of_today_goes_before_it() -> None:
    assert find_place("襄樊").code == "420600"
    assert find_place("420600").name == "襄阳市"


def test_a_name_means_the_highest_level_that_bears_it() -> None:
    assert find_place("吉林").code == "220000"
    assert find_place("西安").code == "610100"
    assert find_place("海南").code == "460000"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("鼓楼区", "give the code: 320106 (江苏省南京市)"),
        ("朝阳", "110105 (北京市市辖区), 211300 (辽宁省)"),
        ("429999", "There is no region 429999"),
        ("无此地", "There is no region 无此地"),
        ("", "is no region"),
        ("420", "is no region"),
        ("'; DROP TABLE article", "is no region"),
        (",", "is no region"),
    ],
)
def test_what_is_no_place_or_several_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UnknownRegion) as refused:
        find_place(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("code", "last"), [("420000", "429999"), ("420100", "420199"), ("420102", "420102"), ("310000", "319999")]
)
def test_a_place_holds_what_lies_in_it(code: str, last: str) -> None:
    assert codes_within(code) == (code, last)
