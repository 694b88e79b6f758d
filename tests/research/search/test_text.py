"""Folding: what is looked for alike, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.research.search.folding import left_of, spaced_left
from crawler.research.search.text import Folded, fold, runs, spaced, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＬＮＧ", "lng"),
        ("武漢臺灣後來", "武汉台湾后来"),
        ("５Ｇ，３５５１", "5g,3551"),
        ("㎡", "m2"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("\ud800", " "),
        ("", ""),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_folding_knows_no_context(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(st.text())
def test_each_folded_character_comes_from_one_of_the_original(text: str) -> None:
    folded = Folded.of(text)
    assert folded.text == fold(text)
    assert len(folded.origin) == len(folded.text) + 1
    for at, char in enumerate(folded.text):
        start, end = folded.span(at, at + 1)
        assert char in fold(text[start:end])


def test_gaps_take_a_place_and_are_no_token() -> None:
    assert [(each.place, each.token) for each in tokens("总投资3.5亿元")] == [
        (0, "总"), (1, "投"), (2, "资"), (3, "3"), (5, "5"), (6, "亿"), (7, "元"),
    ]  # fmt: skip


def test_numbers_and_latin_words_are_whole() -> None:
    assert [each.token for each in tokens("3551计划与LNG、5G")] == ["3551", "计", "划", "与", "lng", "5", "g"]


def test_punctuation_alone_is_nothing() -> None:
    assert tokens("。，！？ _ --") == ()
    assert runs(fold("化。工")) == "化|工"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_left_of_a_text_is_letters_and_digits(text: str) -> None:
    for char in runs(fold(text)).replace("|", ""):
        assert char.isalnum() or unicodedata.category(char)[0] in "LNM"


@given(st.text())
def test_a_whole_text_is_folded_as_its_characters_are(text: str) -> None:
    assert left_of(text) == runs(fold(text))


@given(st.text(alphabet="武5６gLＬ，。㎡…é\ud800") | st.from_regex("[0-9a-z]{30,130}", fullmatch=True))
def test_the_index_has_the_tokens_that_a_query_has(text: str) -> None:
    left = left_of(text)
    assert left == runs(fold(text))
    assert spaced_left(left).split() == spaced(left).split()
    assert [token for token in spaced_left(left).split() if token != "|"] == [each.token for each in tokens(text)]
