"""Words of the dictionary in a text, and words that only stand across two others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import ACROSS, IN_TITLE, OFTEN, is_word, pairs_within, segments


def words_within(text: str) -> list[str]:
    return [term for term in Terms.of("", text).terms.split() if is_word(term)]


def marked(mark: str, text: str, title: str = "") -> list[str]:
    return [term[1:] for term in Terms.of(title, text).terms.split() if term.startswith(mark)]


@pytest.mark.parametrize(
    ("text", "word"),
    [("武汉江汉区", "汉江"), ("现代化工业", "化工"), ("武汉中央商务区", "汉中"), ("沿着长江西岸", "江西")],
)
def test_word_across_two_words(text: str, word: str) -> None:
    assert word in words_within(text)
    assert marked(ACROSS, text) == [word]


@pytest.mark.parametrize("text", ["沿汉江而下", "石油化工", "武汉江汉区在汉江的东边", "汉中市"])
def test_word_that_stands_for_itself_too(text: str) -> None:
    assert marked(ACROSS, text) == []


def test_every_word_of_the_dictionary_is_found_where_it_stands() -> None:
    text = "东湖高新区集成电路产业园"
    every = {text[i:j] for i in range(len(text)) for j in range(i + 2, len(text) + 1) if is_word(text[i:j])}
    assert every == set(words_within(text))


@pytest.mark.parametrize(
    ("text", "so"), [("武汉", True), ("武", False), ("5g", False), ("lng", False), ("区的", False)]
)
def test_what_is_a_word(text: str, so: bool) -> None:
    assert is_word(text) is so


def test_what_stands_in_the_title_or_often_is_marked() -> None:
    assert marked(IN_TITLE, "武汉招商", title="武汉的") == ["武汉", "汉的"]
    assert marked(OFTEN, "武汉，武汉，招商，武汉招商") == ["武汉"]


def test_pairs_that_are_no_words_are_terms_and_gaps_make_none() -> None:
    assert pairs_within("区的化|工5g产") == {"区的", "的化"}
    assert {term for term in Terms.of("", "石油化工的").terms.split() if not is_word(term)} == {"油化", "工的"}


@given(st.text(alphabet="武汉江区石油化工的𠀀5g|"))
def test_every_two_neighbours_are_a_word_or_a_pair(text: str) -> None:
    found = [term for term in Terms.of("", text).terms.split() if len(term) == 2 and term.isalpha()]
    assert sorted(found) == sorted(pairs_within(text))


@given(st.text(alphabet="武汉江区石油化工的𠀀5g|"))
def test_segments_are_the_text(text: str) -> None:
    assert "".join(segments(text)) == text
