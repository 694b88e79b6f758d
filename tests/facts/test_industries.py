"""Which industries an article is about, by the words it uses."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.facts.industries import industries
from crawler.facts.tables import read_table


def codes(body: str, title: str = "") -> list[str]:
    return [fact.code for fact in industries(title, body)]


@pytest.mark.parametrize(
    ("body", "division"),
    [
        ("建设12英寸晶圆生产线，配套封装测试", "39"),
        ("动力电池电芯项目投产", "38"),
        ("新能源汽车零部件产业园开工", "36"),
        ("预制菜中央工厂落户", "14"),
        ("光伏电站并网发电", "44"),
        ("冷链物流园二期", "59"),
        ("创新药研发与原料药生产", "27"),
        ("智算中心算力达2000P", "64"),
        ("文旅度假区迎来首批游客", "78"),
        ("向园区企业授信50亿元", "66"),
        ("服装厂与化工厂搬迁", "18"),
    ],
)
def test_products_and_trades_tell_their_division(body: str, division: str) -> None:
    assert division in codes(body)[:2]


def test_the_title_counts_threefold() -> None:
    assert codes("白酒与家具、轮胎", title="家具")[0] == "21"


def test_a_company_that_is_one_word_of_the_dictionary_is_read_inside() -> None:
    assert codes("美国康宁公司增资") == ["39", "SE1"]


def test_divisions_come_best_first_then_strategic_fields() -> None:
    found = industries("", "集成电路、芯片、晶圆、集成电路设计")
    assert [fact.code for fact in found] == ["39", "65", "SE1"]
    assert found[0].score > found[1].score
    assert found[0].name == "计算机、通信和其他电子设备制造业"


def test_the_span_is_the_strongest_words_first_occurrence() -> None:
    body = "先说消费。白酒好，白酒多，白酒香。"
    fact = next(fact for fact in industries("", body) if fact.code == "15")
    assert (fact.start, fact.surface) == (body.index("白酒"), "白酒")


def test_a_section_is_named_only_without_a_division_of_it() -> None:
    assert codes("全市制造业与规模以上工业") == ["C"]
    assert "C" not in codes("全市制造业以白酒为主，白酒香")


@pytest.mark.parametrize("body", ["请持银行卡到汽车站", "化工路与教育局", "消费者权益保护", "手机号码与电子邮箱"])
def test_what_only_holds_such_a_word(body: str) -> None:
    assert codes(body) == []


def test_a_passing_weak_word_tells_nothing_in_an_article() -> None:
    assert codes("他的学校很远。" + "今天天气好。" * 50) == []
    assert codes("他的学校很远。") == ["83"]


def test_every_division_has_its_name_and_the_fields_theirs() -> None:
    rows = read_table("industries.csv")
    divisions = [row["code"] for row in rows if row["code"].isdigit()]
    assert divisions == [f"{number:02}" for number in range(1, 98)]
    assert [row["code"] for row in rows if len(row["code"]) == 1] == list("ABCDEFGHIJKLMNOPQRST")
    assert sum(row["code"].startswith("SE") for row in rows) == 9


def test_terms_are_many_unique_and_of_known_codes() -> None:
    known = {row["code"] for row in read_table("industries.csv")}
    rows = read_table("industry_terms.csv")
    assert len(rows) >= 900
    assert [term for term, times in Counter(row["term"] for row in rows).items() if times > 1] == []
    assert {code for row in rows for code in (row["code"], row["strategic"]) if code} - known == set()


PIECES = st.sampled_from(
    [
        "集成电路",
        "白酒",
        "化工",
        "路",
        "厂",
        "银行卡",
        "消费",
        "制造业",
        "3D打印",
        "。",
        "\n",
        "Ａ",
        "\ud800",
        "东风汽车公司",
    ]
)
TEXTS = st.lists(PIECES, max_size=20).map("".join)


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_spans_slice_to_their_surface_and_scores_are_shares(title: str, body: str) -> None:
    found = industries(title, body)
    for fact in found:
        assert {"title": title, "body": body}[fact.field][fact.start : fact.end] == fact.surface
        assert 0 < fact.score <= 1
    assert len({fact.code for fact in found}) == len(found)


@pytest.mark.parametrize("unit", ["中", "白酒", "化工路", "\ud800", "LED", "９"])
def test_bad_input_is_read_in_linear_time(unit: str) -> None:
    assert len(industries("", (unit * 200_000)[:200_000])) <= 2
