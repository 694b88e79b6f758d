"""Snippets: cut from the original, hits marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.research.search.query import parse_query, terms
from crawler.research.search.snippets import snippet

LONG = "开头是一段与此无关的话，说明会议的时间和地点。" * 20


def marked(text: str, query: str, width: int = 120) -> str:
    return snippet(text, list(terms(parse_query(query))), width).marked("[", "]")


def test_hits_are_marked_in_the_original() -> None:
    assert (
        marked("武漢市　ＬＮＧ項目（總投資３５億元）", "武汉 lng 35亿") == "[武漢]市 [ＬＮＧ]項目（總投資[３５億]元）"
    )


def test_text_around_the_hit_begins_with_its_sentence() -> None:
    found = marked(f"{LONG}光谷的集成电路项目开工。{LONG}", "集成电路")
    assert found.startswith("…光谷的[集成电路]项目开工。") and found.endswith("…")


def test_piece_with_most_terms_is_taken() -> None:
    text = f"招商。招商。招商。{LONG}招商与光谷。{LONG}"
    assert "[招商]与[光谷]" in marked(text, "招商 光谷", 60)


def test_text_without_hits_is_shown_from_its_beginning() -> None:
    assert marked("甲乙丙丁", "光谷") == "甲乙丙丁"
    assert marked("甲乙丙丁" * 100, "光谷", 10) == "甲乙丙丁甲乙丙丁甲乙…"


def test_line_breaks_are_blanks() -> None:
    assert marked("第一行\n第二行光谷", "光谷") == "第一行 第二行[光谷]"


def test_numbers_are_whole() -> None:
    assert marked("100家，1000家", "100") == "[100]家，1000家"


def test_gap_of_a_phrase_is_any_punctuation() -> None:
    assert marked("一是“稳增长”，二是……", '"稳增长，二"') == "一是“[稳增长”，二]是……"


def test_html_is_escaped() -> None:
    assert snippet("<b>光谷&", list(terms(parse_query("光谷")))).html == "&lt;b&gt;<mark>光谷</mark>&amp;"


@given(st.text(max_size=400), st.text(min_size=1, max_size=4), st.integers(1, 50))
def test_any_text_gives_a_piece_of_it(text: str, query: str, width: int) -> None:
    try:
        wanted = list(terms(parse_query(query)))
    except ValueError:
        return
    found = snippet(text, wanted, width)
    inside = found.text.removeprefix("…").removesuffix("…") if found.text not in ("…", "") else found.text
    assert "".join(" " if char.isspace() else char for char in text).find(inside.strip("…")) >= -1
    previous = 0
    for start, end in found.hits:
        assert previous <= start < end <= len(found.text)
        previous = end
