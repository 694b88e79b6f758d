"""Words of a text as the dictionary sees them, without guessing at unknown ones.

What is in no dictionary falls apart into single characters: that is how names show. Segmentation never looks across
punctuation, so that text far away changes nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import rjieba


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
    found: list[Word] = []
    start = 0
    for piece in rjieba.cut(_whole(text), False):
        end = start + len(piece)
        found.append(Word(text[start:end], start, end))
        start = end
    return found


@lru_cache(maxsize=65_536)
def tag(word: str) -> str:
    """The part of speech of one word."""
    tagged = rjieba.tag(_whole(word), False)
    return str(tagged[0][1]) if len(tagged) == 1 else "x"


def _whole(text: str) -> str:
    # A lone surrogate cannot cross into the segmenter; any other sign of the same length stands in for it.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
    return text
