"""Cleaning: what was printed into a text goes, what belongs to it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.clean import boilerplate, clean_text

MARK = "二号首长"

ALONE = [
    ("after a sentence, before a section", f"服务。{MARK} (三)坚持建管并重", "服务。 (三)坚持建管并重"),
    ("directly before a section", f"服务。{MARK}三、坚持", "服务。三、坚持"),
    ("at the end", f"服务。{MARK}", "服务。"),
    ("at the start", f"{MARK} 一、总体要求", "一、总体要求"),
    ("on a line of its own", f"第一段。\n{MARK}\n第二段。", "第一段。\n第二段。"),
    ("as the last line", f"第一段。\n{MARK}", "第一段。"),
    ("between blanks", f"招商 {MARK} 引资", "招商 引资"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in ALONE], ids=[row[0] for row in ALONE])
def test_watermark_that_stands_alone_goes(text: str, expected: str) -> None:
    assert clean_text(text).text == expected


@pytest.mark.parametrize("text", [f"小说《{MARK}》由其执笔。", f"他读过{MARK}这本书。", f"{MARK}指出,要加快建设。"])
def test_watermark_inside_a_sentence_stays(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned.text == text
    assert cleaned.removed == ()


def test_removed_names_each_boilerplate_once() -> None:
    assert clean_text(f"甲。{MARK} 乙。{MARK} 丙。 打印本页").removed == (MARK, "打印本页")


FAITHFUL = [
    ("stray blank inside a word", "坚持质量第 一、效益优先"),
    ("half-width punctuation", "总投资12.5亿元,年产值3,000万元;其中(一)期"),
    ("table cells", "项目\t投资\n甲\t1.5"),
    ("line breaks", "第一段\n\n第二段"),
    ("full-width letters and digits", "ＡＢＣ１２"),
]


@pytest.mark.parametrize("text", [row[1] for row in FAITHFUL], ids=[row[0] for row in FAITHFUL])
def test_content_stays(text: str) -> None:
    assert clean_text(text).text == text


FOLDED = [
    ("run of blanks", "张湾区    消毒液", "张湾区 消毒液"),
    ("no-break space", "2024\u00a0年", "2024 年"),
    ("ideographic indent", "\u3000\u3000一、总体", "一、总体"),
    ("blank at a line's end", "甲 \n乙\u3000\n丙", "甲\n乙\n丙"),
    ("zero width", "招\u200b商\ufeff引资", "招商引资"),
    ("control characters", "招\x00商\x07引\x1b资", "招商引资"),
    ("carriage returns", "甲\r\n乙\r丙", "甲\n乙\n丙"),
    ("lone surrogate", "招\ud800商", "招商"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in FOLDED], ids=[row[0] for row in FOLDED])
def test_invisible_characters_fold(text: str, expected: str) -> None:
    assert clean_text(text).text == expected


def test_every_row_of_the_table_is_removed_where_it_stands_alone() -> None:
    for row in boilerplate():
        assert clean_text(f"甲。\n{row.text}\n乙。").text == "甲。\n乙。", row


parts = st.sampled_from(
    [
        MARK,
        "二号",
        "首长",
        "打印本页",
        "打印",
        "本页",
        "。",
        " ",
        "\n",
        "(三)",
        "一、",
        "甲",
        "\t",
        "\u3000",
        "\u00a0",
        "\u200b",
        "\r",
        "【",
        "】",
    ]
)


@given(st.lists(parts, max_size=16).map("".join) | st.text(max_size=60))
def test_cleaning_is_idempotent(text: str) -> None:
    once = clean_text(text).text
    assert clean_text(once).text == once
