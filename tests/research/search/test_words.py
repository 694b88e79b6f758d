"""Words of the dictionary in a text, and words that only stand across two others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import ACROSS, is_word, pairs_within, segments


def words_within(text: str) -> list[str]:
    return [word for word in Terms.of("", text, 1).words.split() if not word.startswith(ACROSS)]


def across(text: str) -> list[str]:
    return [word[1:] for word in Terms.of("", text, 1).words.split() if word.startswith(ACROSS)]


@pytest.mark.parametrize(
    ("text", "word"),
    [("武汉江汉区", "汉江"), ("现代化工业", "化工"), ("武汉中央商务区", "汉中"), ("沿着长江西岸", "江西")],
)
def test_word_across_two_words(text: str, word: str) -> None:
    assert word in words_within(text)
    assert across(text) == [word]


@pytest.mark.parametrize("text", ["沿汉江而下", "石油化工", "武汉江汉区在汉江的东边", "汉中市"])
def test_word_that_stands_for_itself_too(text: str) -> None:
    assert across(text) == []


def test_every_word_of_the_dictionary_is_found_where_it_stands() -> None:
    text = "东湖高新区集成电路产业园"
    every = {text[i:j] for i in range(len(text)) for j in range(i + 2, len(text) + 1) if is_word(text[i:j])}
    assert every == set(words_within(text))


@pytest.mark.parametrize(
    ("text", "so"), [("武汉", True), ("武", False), ("5g", False), ("lng", False), ("区的", False)]
)
def test_what_is_a_word(text: str, so: bool) -> None:
    assert is_word(text) is so


def test_words_of_the_title_count_more() -> None:
    assert Terms.of("武汉", "武汉招商", 3).words.split().count("武汉") == 4


def test_pairs_that_are_no_words_are_terms_and_gaps_make_none() -> None:
    assert pairs_within("区的化|工5g产") == {"区的", "的化"}
    assert set(Terms.of("", "石油化工的", 1).pairs.split()) == {"油化", "工的"}


@given(st.text(alphabet="武汉江区石油化工的𠀀5g|"))
def test_every_two_neighbours_are_a_word_or_a_pair(text: str) -> None:
    found = Terms.of("", text, 1)
    words = {word for word in found.words.split() if len(word) == 2}
    assert {*found.pairs.split(), *words} == pairs_within(text)
    assert words.isdisjoint(found.pairs.split())


@given(st.text(alphabet="武汉江区石油化工的𠀀5g|"))
def test_segments_are_the_text(text: str) -> None:
    assert "".join(segments(text)) == text
