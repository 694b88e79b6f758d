"""The words of a text by rjieba's dictionary, without guessing at unknown ones.

What is in no dictionary falls apart into single characters: that is how names show. Segmentation never looks across
punctuation, so that text far away changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, compress
from typing import NamedTuple, overload

import rjieba

_SURROGATES = re.compile("[\ud800-\udfff]")


_COMPOUND = 4
# Words of the dictionary that hold the end of a body's name and the title of who leads it.
_GLUED = frozenset({"局局长", "商会会长", "协会会长", "大学校长", "银行行长"})


@dataclass(slots=True, frozen=True)
class WordBounds:
    """The words of a text, the positions at which they begin, in order, and all at which one begins or ends.

    `heads` are the two characters at each beginning. `parts` are where a part of a compound may begin or end, in order:
    美国康宁公司 is one word of the dictionary.
    """

    texts: Sequence[str]
    starts: Sequence[int]
    all: frozenset[int]
    heads: Sequence[str]
    parts: Sequence[int]

    def beginning(self, heads: Container[str]) -> Iterator[int]:
        """The positions, in order, where a word begins whose first two characters are one of these."""
        return compress(self.starts, map(heads.__contains__, self.heads))


@lru_cache(maxsize=8)
def word_bounds(text: str) -> WordBounds:
    """Return the bounds of a text's words. What the dictionary does not know is cut into single characters.

    Guessed words are left out: they glue a name to what follows it. The last few texts are remembered, since several
    readers ask for the same. Raises nothing: rjieba refuses surrogates, so they are replaced.
    """
    try:
        found = rjieba.cut(text, False)
    except UnicodeEncodeError:
        found = rjieba.cut(_SURROGATES.sub("\ufffd", text), False)
    if any(word in text for word in _GLUED):
        found = [part for word in found for part in ((word[:-2], word[-2:]) if word in _GLUED else (word,))]
    sizes = list(map(len, found))
    starts = list(accumulate(sizes, initial=0))
    every = frozenset(starts)
    starts.pop()
    compounds = [number for number, size in enumerate(sizes) if size >= _COMPOUND]
    return WordBounds(
        texts=found,
        starts=starts,
        all=every,
        heads=[text[at : at + 2] for at in starts],
        parts=[at for number in compounds for at in range(starts[number] + 2, starts[number] + sizes[number] - 1)],
    )


class Word(NamedTuple):
    """A word of the text: `text[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def tag(self) -> str:
        """Its part of speech in jieba's dictionary, e.g. ns for a place, nt for an organization, x for none."""
        return tag(self.text)


class Words(Sequence[Word]):
    """The words of a text in its order; together they are the text. Raises nothing on any text.

    `bounds` are where they begin, and the end of the text; `texts` are the words alone: most of the many are only
    looked at, and a `Word` is made when it is asked for, by an index from 0 or a slice of step 1. A lone surrogate
    stands as U+FFFD.
    """

    def __init__(self, text: str) -> None:
        bounds = word_bounds(text)
        self.bounds = (*bounds.starts, len(text))
        self.texts = bounds.texts

    def __len__(self) -> int:
        return len(self.texts)

    def between(self, start: int, end: int) -> list[Word]:
        """The words that begin within a span."""
        return self[bisect_left(self.bounds, start) : min(bisect_left(self.bounds, end), len(self.texts))]

    def ending_at(self, end: int) -> int | None:
        """The index of the word that ends at an offset, None where none does."""
        index = bisect_left(self.bounds, end)
        return index - 1 if 0 < index < len(self.bounds) and self.bounds[index] == end else None

    @overload
    def __getitem__(self, index: int) -> Word: ...

    @overload
    def __getitem__(self, index: slice) -> list[Word]: ...

    def __getitem__(self, index: int | slice) -> Word | list[Word]:
        if isinstance(index, slice):
            start, end, _ = index.indices(len(self.texts))
            ends = self.bounds[start + 1 : end + 1]
            return list(map(Word, self.texts[start:end], self.bounds[start:end], ends))
        return Word(self.texts[index], self.bounds[index], self.bounds[index + 1])


@lru_cache(maxsize=65_536)
def tag(word: str) -> str:
    """The part of speech of one word; x where the dictionary does not hold it."""
    tagged = rjieba.tag(_SURROGATES.sub("\ufffd", word), False)
    return str(tagged[0][1]) if len(tagged) == 1 else "x"
