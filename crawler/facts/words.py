"""Where the words of a text begin and end, by rjieba's dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import rjieba

_SURROGATES = re.compile("[\ud800-\udfff]")
_COMPOUND = 4

Start = tuple[int, str]


@dataclass(slots=True, frozen=True)
class WordBounds:
    """The positions at which words begin, in order, with the two characters there, and all at which one begins or ends.

    `inner_starts` are those, and the places where a part of a compound may begin: 美国康宁公司 is one word of the dictionary.
    `inner` are all positions at which a word or a part of a compound may begin or end.
    """

    starts: tuple[Start, ...]
    all: frozenset[int]
    inner_starts: tuple[Start, ...]
    inner: frozenset[int]


@lru_cache(maxsize=8)
def word_bounds(text: str) -> WordBounds:
    """Return the bounds of a text's words. What the dictionary does not know is cut into single characters.

    Guessed words are left out: they glue a name to what follows it. The last few texts are remembered, since several
    readers ask for the same. Raises nothing: rjieba refuses surrogates, so they are replaced.
    """
    starts: list[Start] = []
    inner_starts: list[Start] = []
    at = 0
    for word in rjieba.cut(_SURROGATES.sub("\ufffd", text), False):
        start = (at, text[at : at + 2])
        starts.append(start)
        inner_starts.append(start)
        size = len(word)
        if size >= _COMPOUND:
            inner_starts += [(inner, text[inner : inner + 2]) for inner in range(at + 2, at + size - 1)]
        at += size
    ends = (at,)
    return WordBounds(
        tuple(starts),
        frozenset((*(start for start, _ in starts), *ends)),
        tuple(inner_starts),
        frozenset((*(start for start, _ in inner_starts), *ends)),
    )
