"""Words of a text: every word of the dictionary that stands in it, and its best segmentation.

A word is indexed wherever its characters stand together, so that a look-up of one term finds what reading every text
would find. 汉江 in 武汉 江汉区 is made of the end of one word and the start of the next; where a word stands in a text
in no other way, it gets a mark of its own, and such texts come last.
"""

from __future__ import annotations

import csv
import zlib
from functools import cache, lru_cache
from operator import add
from pathlib import Path
from typing import Any, Final

# Marks of terms: a word that only stands across two others; what stands in the title; words that stand there often.
ACROSS, IN_TITLE, OFTEN = "~", "^", "+"
Phrases = frozenset[str]  # what an archive's index has as words beside them: see `phrases`
NO_PHRASES: Final[Phrases] = frozenset()
_FIRST_HAN = "\u2e80"
_TERMS = Path(__file__).with_name("terms.csv")


@cache
def dictionary_version() -> int:
    """A number that changes with the words of this project."""
    return zlib.crc32(_TERMS.read_bytes())


@cache
def _own_words() -> frozenset[str]:
    lines = [line for line in _TERMS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return frozenset(row["word"] for row in csv.DictReader(lines))


@cache
def _dictionary() -> Any:
    """The dictionary as it comes: enough to read a query with, and loaded once a process."""
    import rjieba

    return rjieba._DEFAULT_JIEBA


@lru_cache(2)
def _enlarged(phrases: Phrases = NO_PHRASES) -> Any:
    """A dictionary of its own with this project's words, and an archive's: other users of the package keep theirs."""
    from rjieba import Jieba

    made = Jieba()
    for word in sorted(_own_words() | phrases):
        made.add_word(word, None, None)
    return made


def is_han(text: str) -> bool:
    """Whether a folded text is Chinese characters only."""
    return text.isalpha() and min(text) > _FIRST_HAN


def is_word(text: str) -> bool:
    """Whether the dictionary has these Chinese characters as a word of two or more."""
    return len(text) > 1 and is_han(text) and (text in _own_words() or bool(_dictionary().has_word(text)))


def cuts(text: str, phrases: Phrases = NO_PHRASES) -> list[str]:
    """Every word and phrase in a folded text, as often as it stands there, overlapping or not, and all characters."""
    found: list[str] = _enlarged(phrases).cut_all(text)
    return found


def segments(text: str) -> list[str]:
    """A folded text as its most likely words; together they are the text."""
    found: list[str] = _enlarged().cut(text, False)
    return found


def words_of_query(text: str) -> set[str]:
    """Words that a text has wherever it holds these characters in a row: those of the dictionary alone will do."""
    return {word for word in _dictionary().cut_all(text) if len(word) > 1 and word > _FIRST_HAN}


def pairs_within(text: str) -> set[str]:
    """Every two neighbouring Chinese characters of a folded text whose gaps are marked."""
    return {pair for pair in set(map(add, text, text[1:])) if pair > _FIRST_HAN and pair[1] > _FIRST_HAN}
