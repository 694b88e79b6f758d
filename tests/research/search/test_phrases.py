"""Phrases that many articles hold are terms of the index, and what is found is the same with and without them."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from crawler.research.search import learning
from crawler.research.search.folder import IndexFolder
from crawler.research.search.following import current_index, rebuild_index
from crawler.research.search.phrases import common_phrases, phrases_around, phrases_within
from crawler.research.search.rows import Rows, SqliteRows
from crawler.research.search.state import IndexState
from crawler.research.search.text import fold, runs
from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import is_word
from tests.archive.harness import Clock, crawl, page
from tests.research.search.harness import find, titles

STANDING = ("全面落实首问负责和限时办结", "在园区设立帮办代办窗口", "让企业家安心放心舒心", "县里为企业家排忧")


def article(number: int) -> str:
    """A text of standing sentences in one order or another, cut here and there."""
    chance = random.Random(number)
    parts = [sentence[: chance.choice((len(sentence), 7))] for sentence in chance.sample(STANDING, 3)]
    return f"{'，'.join(parts)}。第{number}号{chance.choice(('安心', '负责首问', '办窗口'))}。"


@pytest.fixture
def learnt(engine: Engine, archive: Rows, monkeypatch: pytest.MonkeyPatch) -> Rows:
    """An archive of twenty articles whose phrases were learned, as those of a large one are."""
    monkeypatch.setattr(learning, "LEAST", 10)
    crawl(engine, *(page(f"{number}.html", f"第{number}篇", article(number)) for number in range(20)))
    rebuild_index(archive)
    assert current_index(archive).phrases
    return archive


def test_whole_phrases_are_learned_and_words_are_not() -> None:
    texts = [f"{name}走访农户|全面落实首问负责|营商环境" for name in "甲乙丙"]
    assert is_word("营商环境")
    assert common_phrases(texts) - {"营商环", "商环境"} == {"走访农户", "全面落实首问负责"}


def test_part_of_a_phrase_is_learned_where_it_stands_for_itself_too() -> None:
    whole = ["全面落实首问负责"] * 3
    assert common_phrases(whole) == {"全面落实首问负责"}
    assert common_phrases([*whole, "首问负责", "首问负责"]) == {"全面落实首问负责", "首问负责"}
    assert common_phrases([*whole, "首问负责"]) == {"全面落实首问负责"}


def test_what_few_texts_hold_is_not_learned() -> None:
    rare = ["首问负责"] * 2
    assert common_phrases([*rare, *("甲乙" * 3 for _ in range(10))]) >= {"首问负责"}
    assert "首问负责" not in common_phrases([*rare, *(f"第{number}" for number in range(40))])
    assert common_phrases([]) == common_phrases(["首问负责"]) == set()


@settings(max_examples=30, deadline=None)  # a dictionary is made for each
@given(st.lists(st.text(alphabet="招商引资〇ひらカ𠀀𪚥㐀豈5g|", max_size=30), max_size=8))
def test_what_was_learned_is_a_term_wherever_it_stands(texts: list[str]) -> None:
    texts = [runs(fold(text)) for text in texts]
    phrases = common_phrases(texts)
    for text in texts:
        terms = set(Terms.of("", text, phrases).terms.split())
        assert {phrase for phrase in phrases if phrase in text} == phrases_within(text, phrases) == terms & phrases


def test_phrases_around_a_text() -> None:
    assert phrases_around("首问", frozenset(("首问负责", "全面落实首问", "负责"))) == ["全面落实首问", "首问负责"]


def test_every_part_of_a_text_is_found_in_all_that_hold_it(learnt: Rows) -> None:
    texts = {f"第{number}篇": article(number) for number in range(20)}
    parts = {text[start : start + size] for text in STANDING for start in range(len(text)) for size in (1, 2, 3, 5, 8)}
    for part in {*parts, *STANDING}:
        expected = {title for title, text in texts.items() if part in text}
        assert set(titles(learnt, part, all=True)) == expected, part
        assert find(learnt, part, all=True, limit=0).total == len(expected)
        if len(part) > 2:  # what only has a word across two others is not left out
            assert set(titles(learnt, f"-{part}", all=True)) == texts.keys() - expected, part


def test_changes_are_followed_with_the_same_phrases(engine: Engine, learnt: Rows) -> None:
    phrases, newest = current_index(learnt).phrases, IndexFolder.of(learnt).newest()
    clock = Clock()
    clock.move(days=1)
    crawl(engine, page("1.html", "第1篇", "换了别的内容。"), page("x.html", "新的", STANDING[0] + "。"), clock=clock)
    found = titles(learnt, STANDING[0], all=True)
    assert "新的" in found
    assert "第1篇" not in found
    assert current_index(learnt).phrases == phrases
    assert IndexFolder.of(learnt).newest() == newest


def test_phrases_are_learned_again_when_the_archive_has_grown_fourfold(engine: Engine, learnt: Rows) -> None:
    newest = IndexFolder.of(learnt).newest()
    others = [page(f"{number}.html", f"第{number}篇", f"联系群众走访{number}户") for number in range(20, 79)]
    crawl(engine, *others)
    assert "联系群众走访" not in current_index(learnt).phrases
    assert IndexFolder.of(learnt).newest() == newest
    crawl(engine, page("79.html", "第79篇", "联系群众走访79户"))
    assert "联系群众走访" in current_index(learnt).phrases
    assert IndexFolder.of(learnt).newest() != newest
    assert find(learnt, "群众走访", all=True).total == 60


def test_articles_are_taken_from_all_over_the_archive(tmp_path: Path) -> None:
    """After merges and takedowns their numbers have gaps of any size."""
    numbers = [*range(1, 6), *range(10**9, 10**9 + learning.LEAST)]
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
        rows = ((number, "甲", f"走访农户{number}户") for number in numbers)
        connection.executemany("INSERT INTO article VALUES (?, ?, ?)", rows)
    with SqliteRows(tmp_path / "a.db").reading() as reader:
        found = learning.learned(reader, IndexState(0, ""))
    assert found.learned_from == len(numbers)
    assert "走访农户" in found.phrases


def test_small_archive_learns_nothing(engine: Engine, archive: Rows) -> None:
    crawl(engine, *(page(f"{number}.html", f"第{number}篇", article(number)) for number in range(20)))
    assert current_index(archive).phrases == frozenset()
