"""Projects: a sentence with an organization, money that is put in, a place and an event."""

from __future__ import annotations

import pytest

from crawler.facts import read_facts

ONE = "深圳海川供应链有限公司与黄石市人民政府签署协议,投资5亿元建设物流园"


def rows(text: str) -> list[tuple[str | None, float | None, str | None, str | None]]:
    found = read_facts("", text).projects
    return [(each.organization, each.value_cny, each.region_code, each.event) for each in found]


def test_a_sentence_with_all_four_is_one_project_where_it_lies() -> None:
    assert rows(ONE + "。") == [("深圳海川供应链有限公司", 5e8, "420200", "signing")]


@pytest.mark.parametrize(
    "text",
    [
        "深圳海川供应链有限公司与黄石市人民政府签署协议。项目投资5亿元。",
        "深圳海川供应链有限公司在黄石投资5亿元建设物流园。",
        "黄石物流项目签约,投资5亿元。",
        "深圳海川供应链有限公司签署协议,投资5亿元。"[2:],
        "国家开发银行在荆门发放贷款2.8亿元。",
    ],
)
def test_no_project_where_one_of_the_four_stands_elsewhere_or_nowhere(text: str) -> None:
    assert rows(text) == []


def test_each_builder_of_a_sentence_has_its_own_money() -> None:
    text = "会上在黄石签约,北京智源机器人股份有限公司投资3亿元,杭州海康智造有限公司投资5亿元。"
    assert [(name, value) for name, value, _, _ in rows(text)] == [
        ("北京智源机器人股份有限公司", 3e8),
        ("杭州海康智造有限公司", 5e8),
    ]


def test_the_span_is_the_sentence_without_what_surrounds_it() -> None:
    text = f"第一段。\n 1. {ONE};\n2. 另一项。"
    found = read_facts("", text).projects[0]
    assert text[found.start : found.end] == found.surface == f"1. {ONE}"


def test_foreign_money_without_a_date_has_no_worth_in_cny() -> None:
    assert rows("欧莱雅集团投资5000万欧元的苏州工厂已投产。") == [("欧莱雅集团", None, "320500", "commissioning")]
