"""How alike two texts are, and whether they tell of the same figures."""

from __future__ import annotations

import pytest

from crawler.dedupe.likeness import jaccard, shared_figures, shingles

TEXT = "武汉市今天举行集中签约仪式，十二个项目落户光谷，总投资一百二十亿元。"


def test_equal_texts_are_wholly_alike() -> None:
    assert jaccard(shingles(TEXT), shingles(TEXT)) == 1.0


def test_texts_without_a_common_phrase_are_not_alike() -> None:
    assert jaccard(shingles(TEXT), shingles("黄石推介园区")) == 0.0


def test_small_edit_leaves_most_in_common() -> None:
    assert 0.6 < jaccard(shingles(TEXT), shingles(TEXT.replace("今天", "昨天"))) < 1.0


@pytest.mark.parametrize("same", ["武汉 市今天举行\n签约", "武汉市今天　举行签约", "武汉市今天举行签约"])
def test_blanks_do_not_matter(same: str) -> None:
    assert shingles(same) == shingles("武汉市今天举行签约")


def test_width_of_characters_does_not_matter() -> None:
    assert shingles("ＡＢＣ１２３") == shingles("ABC123")


@pytest.mark.parametrize("text", ["", " \n　"])
def test_nothing_has_no_shingles(text: str) -> None:
    assert shingles(text) == set()


def test_text_shorter_than_a_shingle_is_one() -> None:
    assert shingles("招商") == {"招商"}


def test_two_empty_texts_are_equal_and_unlike_any_other() -> None:
    assert jaccard(set(), set()) == 1.0
    assert jaccard(set(), shingles(TEXT)) == 0.0


@pytest.mark.parametrize(
    ("left", "right", "share"),
    [
        ("无数字", "也没有", 1.0),
        ("投资12亿元", "投资12亿元", 1.0),
        ("投资12亿元", "投资13亿元", 0.0),
        ("投资12亿元", "投资巨大", 0.0),
        ("12个项目、3.5亿元", "12个项目、4.5亿元", 0.5),
        ("12个项目", "１２个项目", 1.0),
        ("5家、5家", "5家", 0.5),
        ("1,200万", "1,200万", 1.0),
    ],
)
def test_share_of_figures_in_common(left: str, right: str, share: float) -> None:
    assert shared_figures(left, right) == share
    assert shared_figures(right, left) == share
