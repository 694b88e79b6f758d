"""Events: which word names one, which context makes it none, and what its count is."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.facts.events import events

FAR = "\n县里的老街修葺一新,游人如织。" * 20


def named(text: str) -> list[tuple[str, int | None, str]]:
    return [(each.type, each.count, each.surface) for each in events(text, "body")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20个项目集中签约,总投资逾137亿元", ("signing", 20, "20个项目集中签约")),
        ("二十家企业签约", ("signing", 20, "二十家企业签约")),
        ("全市签约项目35个,比上年多3个", ("signing", 35, "签约项目35个")),
        ("签约10亿元以上项目218个", ("signing", 218, "签约10亿元以上项目218个")),
        ("双方签署战略合作协议", ("signing", None, "签署")),
        ("与高校达成长期合作", ("signing", None, "达成")),
        ("项目破土动工", ("groundbreaking", None, "破土动工")),
        ("生产线竣工投产", ("commissioning", None, "竣工投产")),
        ("企业产能大幅提升", ("expansion", None, "产能大幅提升")),
        ("召开产业推介会", ("roadshow", None, "推介会")),
        ("省政府印发行动计划", ("policy", None, "印发")),
        ("向企业发放补贴", ("funding", None, "发放")),
        ("完成B轮融资", ("funding", None, "B轮融资")),
        ("客商来园区实地考察", ("visit", None, "实地考察")),
        ("听取政府工作报告", ("work_report", None, "政府工作报告")),
        ("统计数据显示", ("statistics", None, "统计数据显示")),
    ],
)
def test_an_event_is_named_by_its_word_and_counted_in_its_clause(
    text: str, expected: tuple[str, int | None, str]
) -> None:
    assert named(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "要加快推动项目签约",
        "推动签约项目快速转化",
        "打造签约-落地-投产的闭环",
        "采用云推介加云签约双模式",
        "节后开工第一天",
        "双方未能达成协议",
        "市场调研机构",
        "目标达成率",
        "发放通行证",
        "全面复工",
        "无偿资助与股权投资并行",
        "项目未通过评审的不得签约",
        "推行拿地即开工",
        "签约投资额稳步增长",
        "企业与员工签订劳动合同",
        "从签约到投产仅用十个月",
    ],
)
def test_no_event_where_the_word_only_marks_wishes_or_is_another(text: str) -> None:
    assert named(text) == []


def test_a_count_of_another_clause_or_of_other_things_is_not_the_events() -> None:
    assert named("举行集中开工活动,15个项目总投资62.8亿元") == [("groundbreaking", None, "集中开工")]
    assert named("3名代表签约") == [("signing", None, "签约")]


def test_two_events_of_one_clause_have_their_own_counts() -> None:
    assert named("签约项目12个、开工8个") == [("signing", 12, "签约项目12个"), ("groundbreaking", 8, "开工8个")]


@settings(deadline=None)
@given(st.text(alphabet="签约开工个项目20家企业,。集中投产会产能提升\n三", max_size=60))
def test_spans_slice_to_their_surface_and_do_not_overlap(text: str) -> None:
    found = events(text, "body")
    assert all(text[each.start : each.end] == each.surface for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@settings(deadline=None)
@given(st.sampled_from(["20个项目集中签约", "企业产能大幅提升", "印发办法", "开工86个", "完成A轮融资"]))
def test_text_far_away_changes_nothing(text: str) -> None:
    assert named(text + FAR) == named(text)
    shifted = events(FAR + "\n" + text, "body")
    assert [(each.type, each.count, each.surface) for each in shifted] == named(text)


@pytest.mark.parametrize("unit", ["签约", "3个", "1", "个", "产能", "项目签约1个", "\ud800", "发放"])
def test_a_hundred_kilobytes_of_one_word_take_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit.encode("utf-8", "surrogatepass")))
    started = time.process_time()
    events(text, "body")
    assert time.process_time() - started < 2
