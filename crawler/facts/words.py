"""Where the words of a text begin and end, by rjieba's dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

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
