"""What of a text counts when two are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from crawler.dedupe.fold import Folded, fold
from tests.dedupe.texts import story

BODY = story(1)


def folded(body: str, title: str = "某地签约") -> str:
    found = fold(title, body)
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    "same",
    [
        BODY.replace("\n", " "),
        BODY.replace("，", ",").replace("。", ". "),
        BODY.replace("亿元", "亿元\u3000"),
        BODY.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        "来源：某某日报\n" + BODY,
        BODY + "\n责任编辑：王小明",
        BODY + "\n（记者 王小明 通讯员 李小红）",
        BODY + "（来源：某某日报）",
        "原标题：一个更长的标题\n发布时间：2025-03-01 08:00\n" + BODY,
    ],
)
def test_form_and_source_lines_do_not_count(same: str) -> None:
    assert folded(same) == folded(BODY)


def test_traditional_copies_fold_to_the_same() -> None:
    assert folded(OpenCC("s2t").convert(BODY)) == folded(BODY)


def test_figures_keep_their_digits() -> None:
    assert folded(BODY + "增长1.5倍。") != folded(BODY + "增长15倍。")
    assert folded(BODY + "共1,234家。") == folded(BODY + "共1234家。")


def test_a_source_named_inside_the_text_stays() -> None:
    lines = BODY.split("\n")
    inside = "\n".join([*lines[:4], "来源：世界各地的游客占了三成。", *lines[4:]])
    assert folded(inside) != folded(BODY)


def test_a_short_text_is_read_with_its_title() -> None:
    short = fold("关于公布某区重点项目名单的通知", "详见附件。")
    assert short == Folded("关于公布某区重点项目名单的通知详见附件", (), short=True)


def test_too_little_text_tells_nothing() -> None:
    assert fold("通知公告", "") is None
    assert fold("", "") is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_folds_and_folding_again_changes_nothing(title: str, body: str) -> None:
    found = fold(title, body)
    if found is not None and not found.short:
        again = fold(title, found.text)
        assert again is None or again.text.replace("|", "") == found.text.replace("|", "")
