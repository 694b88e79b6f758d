"""The words of a text by rjieba's dictionary, without guessing at unknown ones.

What is in no dictionary falls apart into single characters: that is how names show. Segmentation never looks across
punctuation, so that text far away changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import rjieba

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(slots=True, frozen=True)
class WordBounds:
    """The positions at which words begin, in order, and all at which one begins or ends."""

    starts: tuple[int, ...]
    all: frozenset[int]


@lru_cache(maxsize=8)
def word_bounds(text: str) -> WordBounds:
    """Return the bounds of a text's words. What the dictionary does not know is cut into single characters.

    Guessed words are left out: they glue a name to what follows it. The last few texts are remembered, since several
    readers ask for the same. Raises nothing: rjieba refuses surrogates, so they are replaced.
    """
    words = rjieba.cut(_SURROGATES.sub("\ufffd", text), False)
    ends = tuple(accumulate(map(len, words), initial=0))
    return WordBounds(ends[:-1], frozenset(ends))


class Word(NamedTuple):
    """A word of the text: `text[start:end]`. A tuple, for a text has many."""

    text: str
    start: int
    end: int

    @property
    def tag(self) -> str:
        """Its part of speech in jieba's dictionary, e.g. ns for a place, nt for an organization, x for none."""
        return tag(self.text)


def words(text: str) -> list[Word]:
    """The words of a text in its order; together they are the text. Raises nothing on any text."""
    return [Word(text[start:end], start, end) for start, end in pairwise((*word_bounds(text).starts, len(text)))]


@lru_cache(maxsize=65_536)
def tag(word: str) -> str:
    """The part of speech of one word; x where the dictionary does not hold it."""
    tagged = rjieba.tag(_SURROGATES.sub("\ufffd", word), False)
    return str(tagged[0][1]) if len(tagged) == 1 else "x"
