"""Amounts of money: every form they are written in, and what looks like one and is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fact_items import AmountFact
from crawler.facts.amounts import amounts

PIECES = (
    ("总投资", "近", "逾", "项目", "2025年", "单位：", "（", "）", "\n", "\t", "人", "吨"),
    ("3", "137", "2.4", "３．５", "1,200", "三", "十", "两千", "多", "余", "至", "-", "、", "和", "，", "。"),
    ("亿", "万", "元", "亿元", "万元", "美元", "以上", "级", " "),
)
WORDS = st.lists(st.sampled_from([piece for row in PIECES for piece in row]), max_size=30).map("".join)


def one(text: str, on: date | None = None) -> AmountFact:
    found = amounts(text, on=on)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("surface", "value", "currency", "qualifier"),
    [
        ("逾137亿元", 137e8, "CNY", "over"),
        ("近16亿美元", 16e8, "USD", "about"),
        ("9000多万元", 9e7, "CNY", "over"),
        ("不低于600亿元", 6e10, "CNY", "at_least"),
        ("不超过500万元", 5e6, "CNY", "at_most"),
        ("亿元以上", 1e8, "CNY", "at_least"),
        ("50亿元以上", 5e9, "CNY", "at_least"),
        ("500万元以下", 5e6, "CNY", "under"),
        ("上亿元", 1e8, "CNY", "at_least"),
        ("10余万元", 1e5, "CNY", "over"),
        ("3000余元", 3e3, "CNY", "over"),
        ("十几亿元", 1e9, "CNY", "over"),
        ("数十亿元", 1e9, "CNY", "about"),
        ("5亿元左右", 5e8, "CNY", "about"),
        ("三点五亿元", 3.5e8, "CNY", "exact"),
        ("三亿五千万元", 3.5e8, "CNY", "exact"),
        ("1亿2千万元", 1.2e8, "CNY", "exact"),
        ("一万二千元", 12_000, "CNY", "exact"),
        ("５．８亿元", 5.8e8, "CNY", "exact"),
        ("1,052.3亿元", 1052.3e8, "CNY", "exact"),
        ("１，２００万元", 1.2e7, "CNY", "exact"),
        ("3 亿 元", 3e8, "CNY", "exact"),
        ("1.2万亿元", 1.2e12, "CNY", "exact"),
        ("千万美元级", 1e7, "USD", "about"),
        ("五千万美元", 5e7, "USD", "exact"),
        ("5000万港元", 5e7, "HKD", "exact"),
        ("300亿日元", 3e10, "JPY", "exact"),
        ("5000万欧元", 5e7, "EUR", "exact"),
        ("2亿英镑", 2e8, "GBP", "exact"),
        ("3亿新台币", 3e8, "TWD", "exact"),
        ("4000亿韩元", 4e11, "KRW", "exact"),
        ("5000万元人民币", 5e7, "CNY", "exact"),
        ("US$5亿", 5e8, "USD", "exact"),
        ("¥300万", 3e6, "CNY", "exact"),
        ("4.2个亿", 4.2e8, "CNY", "exact"),
    ],
)
def test_forms(surface: str, value: float, currency: str, qualifier: str) -> None:
    found = one(f"该笔投资是{surface}，已经到账。")
    assert found.value == pytest.approx(value)
    assert (found.currency, found.qualifier) == (currency, qualifier)
    assert found.surface == surface


@pytest.mark.parametrize(
    ("text", "surface", "low", "high"),
    [
        ("拟投资3至5亿元。", "3至5亿元", 3e8, 5e8),
        ("拟投资3-5亿元。", "3-5亿元", 3e8, 5e8),
        ("拟投资3亿至5亿元。", "3亿至5亿元", 3e8, 5e8),
        ("拟投资3亿元—5亿元。", "3亿元—5亿元", 3e8, 5e8),
        ("拟投资3000万元到1亿元。", "3000万元到1亿元", 3e7, 1e8),
        ("拟投资两三千万元。", "两三千万元", 2e7, 3e7),
    ],
)
def test_a_range_is_one_amount_whose_value_is_its_lower_end(text: str, surface: str, low: float, high: float) -> None:
    found = one(text)
    assert (found.surface, found.value, found.low, found.high) == (surface, low, low, high)


def test_words_bound_the_value_from_one_side() -> None:
    assert (one("逾3亿元").low, one("逾3亿元").high) == (3e8, None)
    assert (one("不足3亿元").low, one("不足3亿元").high) == (None, 3e8)
    assert (one("3亿元").low, one("3亿元").high) == (None, None)


def test_a_unit_that_is_stated_once_holds_for_its_list() -> None:
    both = amounts("实际投资额分别突破2.4亿和2.6亿美元。")
    assert [(each.surface, each.value, each.currency, each.qualifier) for each in both] == [
        ("2.4亿", 2.4e8, "USD", "over"),
        ("2.6亿美元", 2.6e8, "USD", "over"),
    ]
    assert [each.value for each in amounts("三个园区分别完成投资3.2、4.5和6亿元。")] == [3.2e8, 4.5e8, 6e8]


def test_a_year_before_an_amount_is_no_amount() -> None:
    assert one("在2024、2.6亿元").value == 2.6e8


def test_a_column_with_its_unit_in_the_head() -> None:
    table = "项目名称\t建设地点\t总投资（万元）\t占地（亩）\n冷链园\t浠水\t12,000\t300\n家居园\t黄梅\t8500\t120"
    found = amounts(table)
    assert [(each.surface, each.value, each.kind) for each in found] == [
        ("12,000", 1.2e8, "investment"),
        ("8500", 8.5e7, "investment"),
    ]


def test_a_unit_above_a_table() -> None:
    found = amounts("单位：亿元\n地区\t2024年产值\t增长%\n武汉\t1150\t8.5\n黄石\t212.6\t7\n以上为快报数。")
    assert [each.value for each in found] == [1150e8, 212.6e8]


def test_a_row_with_its_unit() -> None:
    assert [each.value for each in amounts("指标\t单位\t数值\t增长\n财政收入\t亿元\t232\t9.95")] == [232e8]
    assert [each.value for each in amounts("地区生产总值（亿元）\t1150\t8.5")] == [1150e8]


def test_a_unit_above_a_list() -> None:
    assert [each.value for each in amounts("预算（单位：万元）\n招商局 1200\n商务局：800\n合计2家")] == [1.2e7, 8e6]
    assert [each.value for each in amounts("投资额（亿元）：甲3.2、乙5.1")] == [3.2e8, 5.1e8]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("项目总投资28亿元", "investment"),
        ("合同外资接近47亿美元", "contract"),
        ("全年实现产值近500亿元", "output"),
        ("年营收超1500亿元", "revenue"),
        ("累计发放贷款1.41亿元", "loan"),
        ("提供不低于600亿元的意向性融资支持", "loan"),
        ("注册资本5000万元", "other"),
        ("总投资10亿元，年产值20亿元", "investment"),
    ],
)
def test_the_kind_is_told_by_the_nearest_word(text: str, kind: str) -> None:
    assert amounts(text)[0].kind == kind


def test_each_amount_of_a_sentence_has_its_own_kind() -> None:
    found = amounts("总投资10亿元，达产后年产值20亿元，年纳税1亿元，获贷款3亿元。")
    assert [each.kind for each in found] == ["investment", "output", "revenue", "loan"]


@pytest.mark.parametrize("text", ["投资总额达1.2万亿，", "打造百亿级产业集群", "两千万的注册资本", "贷款超千亿。"])
def test_without_a_currency_words_of_money_make_an_amount(text: str) -> None:
    assert one(text).currency == "CNY"


@pytest.mark.parametrize(
    "text",
    [
        "供应天然气超86万立方米",
        "日产22吨",
        "员工1.2万人",
        "用电3亿千瓦时",
        "用电1.2万亿千瓦时",
        "2025年7月26日",
        "热线027-85666888、13800138000",
        "增长8.5%，占比超六成",
        "每万元GDP能耗下降",
        "万元GDP能耗同比下降3.8%",
        "亿级流量入口",
        "百万校友资智回汉",
        "双万双联",
        "三元锂电池和二元结构",
        "2026元旦",
        "第3单元",
        "用户突破1亿，",
        "万元户",
        "6.2万户居民",
        "12个亿吨级港口",
    ],
)
def test_no_amounts(text: str) -> None:
    assert amounts(text) == []


def test_a_verb_that_ends_like_a_degree_word_is_none() -> None:
    assert [(each.surface, each.qualifier) for each in amounts("签约5亿元；通过3亿元预算；突破300亿元")] == [
        ("5亿元", "exact"),
        ("3亿元", "exact"),
        ("300亿元", "over"),
    ]


def test_foreign_money_is_valued_at_the_rate_of_its_day_or_the_last_before_it() -> None:
    found = one("投资2亿美元", on=date(2025, 7, 26))  # a Saturday
    assert found.provenance is not None
    assert found.provenance["day"] == "2025-07-25"
    assert found.value_cny == pytest.approx(2e8 * 7.168714, rel=1e-6)


def test_without_a_date_or_a_rate_it_stays_foreign() -> None:
    assert one("投资2亿美元").value_cny is None
    assert one("投资2亿新台币", on=date(2025, 7, 26)).value_cny is None
    assert one("投资2亿美元", on=date(1998, 1, 1)).value_cny is None


def test_yuan_are_yuan() -> None:
    found = one("投资2亿元")
    assert (found.value_cny, found.provenance) == (2e8, None)


@given(WORDS)
def test_spans_slice_to_their_surface_and_do_not_overlap(text: str) -> None:
    end = 0
    for found in amounts(text):
        assert text[found.start : found.end] == found.surface
        assert found.start >= end
        assert found.surface == found.surface.strip()
        end = found.end


@given(WORDS, WORDS)
def test_text_added_far_away_changes_no_amount(text: str, far: str) -> None:
    gap = "\n" + "这里是与金额无关的一段话，讲的是山水、人物与风光，没有数字。" * 4 + "\n"
    alone = [(each.surface, each.value, each.kind, each.start) for each in amounts(text)]
    with_more = amounts(text + gap + far)
    assert [(each.surface, each.value, each.kind, each.start) for each in with_more if each.end <= len(text)] == alone


@pytest.mark.parametrize(
    "text",
    [
        "1" * 10**6,
        "1,111" * 10**5,
        "一" * 10**6,
        "3-" * 10**5,
        "（" * 10**6,
        "约" * 10**6,
        " " * 10**6 + "亿",
        "1\t" * 10**5,
        "\ud800亿元以上" * 1000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_bad_input_takes_time_in_proportion_to_its_length(text: str) -> None:
    assert isinstance(amounts(text), list)
