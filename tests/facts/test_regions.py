"""Which places an article names, what they mean, and which one it is about."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.facts.regions import regions
from tests.support import ROOT

Read = list[tuple[str, str | None]]


def read(body: str, *, title: str = "", year: int = 2024, source: str | None = None) -> Read:
    found = regions(title, body, on=date(year, 7, 1), source_region=source)
    return [(fact.surface, fact.code) for fact in found]


def surfaces(body: str) -> list[str]:
    return [fact.surface for fact in regions("", body)]


def test_a_chain_is_one_mention_a_level() -> None:
    assert read("湖北省武汉市青山区的钢厂") == [("湖北省", "420000"), ("武汉市", "420100"), ("青山区", "420107")]


def test_full_and_short_names() -> None:
    assert read("黄石、大冶、浠水三地与恩施州、长阳县") == [
        ("黄石", "420200"),
        ("大冶", "420281"),
        ("浠水", "421125"),
        ("恩施州", "422800"),
        ("长阳县", "420528"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("武汉江汉区的园区", ["武汉", "江汉区"]),
        ("扩大连接范围", []),
        ("西南通道货运", []),
        ("武汉市场潜力大", ["武汉"]),
        ("武汉市民踊跃", ["武汉"]),
        ("武汉市民政局", ["武汉市"]),
        ("江汉区委员会", ["江汉区"]),
        ("湖北省内外客商", ["湖北省"]),
        ("福建厦门与广西北海", ["福建", "厦门", "广西", "北海"]),
    ],
)
def test_names_end_where_words_do(text: str, found: list[str]) -> None:
    assert surfaces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "上海路上说广东话",
        "西湖龙井与朝阳产业",
        "北京时间八点",
        "大理石加工",
        "武汉大学与湖北工业大学",
        "北京协和医院专家",
        "湖北日报讯",
        "平安银行、长安汽车、腾讯、阿里",
        "通过合作解放思想，开放通道",
        "京沪高铁与沪渝高速",
        "全省、我市、该区、华中地区、长江流域",
    ],
)
def test_what_only_looks_like_a_region(text: str) -> None:
    assert surfaces(text) == []


def test_a_full_name_counts_in_an_institution() -> None:
    assert surfaces("浠水县妇幼保健院") == ["浠水县"]


def test_a_company_and_a_branch_name_places() -> None:
    assert surfaces("深圳央聚控股与农业银行湖北省分行") == ["深圳", "湖北省"]


def test_zones() -> None:
    assert read("东湖高新区又名光谷，黄石开发区·铁山区，大冶湖高新区，宜昌高新区，公安县经开区，苏州工业园区") == [
        ("东湖高新区", "420100"),
        ("光谷", "420100"),
        ("黄石开发区·铁山区", "420205"),
        ("大冶湖高新区", "420281"),
        ("宜昌高新区", "420500"),
        ("公安县经开区", "421022"),
        ("苏州工业园区", "320500"),
    ]


def test_a_park_is_no_zone() -> None:
    assert surfaces("荆门化工循环产业园") == ["荆门"]


def test_belts_have_no_code() -> None:
    assert read("长三角、京津冀和长江经济带") == [("长三角", None), ("京津冀", None), ("长江经济带", None)]


def test_one_character_names_in_safe_company() -> None:
    assert read("在鄂投资的鄂企，湘鄂赣三省，苏、浙、沪") == [
        ("鄂", "420000"),
        ("鄂", "420000"),
        ("湘", "430000"),
        ("鄂", "420000"),
        ("赣", "360000"),
        ("苏", "320000"),
        ("浙", "330000"),
        ("沪", "310000"),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("鼓楼区引进企业", None),
        ("福州市领导到会，鼓楼区引进企业", "350102"),
        ("徐州的鼓楼区引进企业", "320302"),
        ("江苏南京。随后，鼓楼区引进企业", "320106"),
        ("鼓楼区引进企业，开封市说", "410204"),
    ],
)
def test_an_ambiguous_name_is_settled_by_the_other_places(body: str, code: str | None) -> None:
    assert dict(read(body))["鼓楼区"] == code


def test_the_nearest_place_before_settles_first() -> None:
    assert read("南京市与福州市比较：鼓楼区")[-1] == ("鼓楼区", "350102")


def test_the_sources_region_settles_what_is_left() -> None:
    assert read("鼓楼区引进企业", source="320100") == [("鼓楼区", "320106")]
    assert read("鼓楼区引进企业", source="420100") == [("鼓楼区", None)]


def test_a_guarded_name_needs_what_holds_it() -> None:
    assert read("呼和浩特市新城区") == [("呼和浩特市", "150100"), ("新城区", "150102")]
    assert read("西安市碑林区、新城区")[-1] == ("新城区", "610102")
    assert read("杭州西湖举办")[-1] == ("西湖", "330106")
    assert surfaces("建设产城融合的新城区，游览西湖") == []


def test_codes_are_those_of_the_articles_year_with_todays_beside() -> None:
    (fact,) = regions("", "襄樊市引资", on=date(2009, 6, 1))
    assert (fact.code, fact.name, fact.code_now) == ("420600", "襄樊市", "420600")
    merged = regions("", "无锡市崇安区引资", on=date(2009, 6, 1))[-1]
    assert (merged.code, merged.code_now) == ("320202", "320213")


def test_a_former_name_means_what_the_place_became() -> None:
    assert read("襄樊与崇安区，原闸北区", year=2024) == [
        ("襄樊", "420600"),
        ("崇安区", "320213"),
        ("闸北区", "310106"),
    ]


def test_roles() -> None:
    found = regions(
        "【十堰招商】张湾区签下新项目", "来自深圳的客商到十堰市张湾区。北京智源机器人股份有限公司同日签约。"
    )
    assert {(fact.surface, fact.role) for fact in found} == {
        ("十堰", "mention"),
        ("张湾区", "subject"),
        ("深圳", "origin"),
        ("十堰市", "mention"),
        ("北京", "origin"),
    }


def test_a_company_of_the_place_itself_is_no_origin() -> None:
    found = regions("", "武汉新芯微电子集团在武汉扩建生产线")
    assert [fact.role for fact in found] == ["subject", "subject"]


_MARK = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


def _marked(line: str) -> tuple[int, str, list[tuple[int, str, str]]]:
    """The year, the text and the marked places of a line of places.txt."""
    year, _, rest = line.partition("|") if line[:4].isdigit() else ("2024", "", line)
    text, marks, at = "", [], 0
    for found in _MARK.finditer(rest):
        text += rest[at : found.start()]
        marks.append((len(text), found[1], found[2]))
        text += found[1]
        at = found.end()
    return int(year), text + rest[at:], marks


@pytest.mark.parametrize(
    "line",
    [line for line in (ROOT / "tests/facts/places.txt").read_text("utf-8").splitlines() if not line.startswith("#")],
)
def test_places_of_every_province(line: str) -> None:
    year, text, marks = _marked(line)
    found = [
        (fact.start, fact.surface, (fact.code or "?") + (f">{fact.code_now}" if fact.code_now != fact.code else ""))
        for fact in regions("", text, on=date(year, 7, 1))
    ]
    assert found == marks


PIECES = st.sampled_from(
    [
        "湖北省", "武汉市", "武汉", "江汉区", "鼓楼区", "光谷", "在鄂", "湘鄂赣", "长三角", "朝阳", "上海路", "大学",
        "高新区", "、", "，", "。", "\n", " ", "签约", "投资", "ａ", "A", "９", "\ud800", "新城区", "吉林",
        "有限公司", "市民",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=20).map("".join)


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_spans_slice_to_their_surface(title: str, body: str) -> None:
    texts = {"title": title, "body": body}
    end = {"title": 0, "body": 0}
    for fact in regions(title, body):
        assert texts[fact.field][fact.start : fact.end] == fact.surface
        assert fact.start >= end[fact.field]
        end[fact.field] = fact.end


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_text_far_away_changes_no_span_and_no_settled_code(body: str, added: str) -> None:
    before = regions("", body)
    after = regions("", f"{body}\n这里另起一段。\n{added}")[: len(before)]
    assert [(fact.start, fact.end) for fact in before] == [(fact.start, fact.end) for fact in after]
    for one, other in zip(before, after, strict=True):
        assert one.code in (other.code, None) or one.surface in ("鼓楼区", "朝阳", "新城区", "吉林")


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_text_far_before_changes_no_span(body: str, added: str) -> None:
    before = f"{added}\n这里另起一段。\n"
    shifted = [fact for fact in regions("", before + body) if fact.start >= len(before)]
    assert [fact.start for fact in regions("", body)] == [fact.start - len(before) for fact in shifted]


@pytest.mark.parametrize("unit", ["中", "武", "县", "湖北省", "鼓楼区", "鄂、", "武汉大学", "\ud800", "路", "Ａ"])
def test_bad_input_is_read_in_linear_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert all(fact.surface in text for fact in regions(text, ""))
