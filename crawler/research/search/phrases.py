"""Phrases that many articles of an archive hold and no dictionary has: each is a term of the archive's index.

What is no word is looked for by the places of its characters, in each article that has what it is made of. Where those
are most of a large archive, that takes long; and what everybody writes (高质量发展, a portal's standing sentences) is
what people ask for. So the standing phrases are learned from some articles. What is part of one needs no place in the
articles that have the whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from crawler.research.search.text import HAN
from crawler.research.search.words import Phrases, cuts, is_word

SHORTEST, LONGEST = 3, 24  # characters; any two are a word or a pair
SHARE = 0.06  # of the texts
MOST = 4_000
_RUN = re.compile(f"[{HAN}]{{{SHORTEST},}}")

_Pieces = list[tuple[int, str]]  # where in a text, and what


def common_phrases(texts: Sequence[str]) -> Phrases:
    """The phrases of 3 to 24 characters that stand in so many of these folded texts, and not only in longer ones.

    What stands in 6 % of the texts (two at least) is common. Of that the longest are taken first; what is left is taken
    where it is common outside of them, too.
    """
    least = max(2, SHARE * len(texts))
    covered = [_Covered(len(text)) for text in texts]
    found: dict[str, int] = {}
    for length, common, pieces in reversed(list(_levels(texts, least))):
        standing = [
            [(at, part) for at, part in _parts(each, length) if part in common and not over.has(at, at + length)]
            for each, over in zip(pieces, covered, strict=True)
        ]
        counted = Counter(part for parts in standing for part in {part for _, part in parts})
        taken = {part: number for part, number in counted.items() if number >= least and not is_word(part)}
        found |= taken
        for parts, over in zip(standing, covered, strict=True):
            for at, part in parts:
                if part in taken:
                    over.add(at, at + length)
    best = frozenset(sorted(found, key=lambda part: (-found[part], part))[:MOST])
    return frozenset(part for part in best if part in cuts(part, best))


def phrases_within(text: str, phrases: Phrases) -> set[str]:
    """Those phrases that stand in a short folded text whose gaps are marked."""
    lengths = range(SHORTEST, min(LONGEST, len(text)) + 1)
    return {part for length in lengths for _, part in _parts([(0, text)], length) if part in phrases}


def phrases_around(text: str, phrases: Phrases) -> list[str]:
    """Those phrases that a folded text is part of."""
    return sorted(phrase for phrase in phrases if text in phrase)


class _Covered:
    """Which spans of a text lie in phrases that were taken."""

    def __init__(self, size: int) -> None:
        self._ends = [0] * size  # of a phrase that begins here or before, the furthest

    def has(self, start: int, end: int) -> bool:
        return self._ends[start] >= end

    def add(self, start: int, end: int) -> None:
        for at in range(start, end):
            self._ends[at] = max(self._ends[at], end)


def _levels(texts: Sequence[str], least: float) -> Iterator[tuple[int, Set[str], list[_Pieces]]]:
    """Of each length what is common, with the pieces of each text in which it stands.

    No part of a phrase is rarer than the whole: longer ones are only looked for where shorter ones stand.
    """
    left: list[_Pieces] = [[(run.start(), run[0]) for run in _RUN.finditer(text)] for text in texts]
    for length in range(SHORTEST, LONGEST + 1):
        counted: Counter[str] = Counter()
        for pieces in left:
            counted.update({part for _, part in _parts(pieces, length)})
        common = {part for part, number in counted.items() if number >= least}
        if not common:
            return
        left = [[piece for each in pieces for piece in _common_pieces(each, length, common)] for pieces in left]
        yield length, common, left


def _parts(pieces: _Pieces, length: int) -> Iterator[tuple[int, str]]:
    for start, text in pieces:
        for at in range(len(text) - length + 1):
            yield start + at, text[at : at + length]


def _common_pieces(piece: tuple[int, str], length: int, common: Set[str]) -> Iterator[tuple[int, str]]:
    """The longest pieces of a piece of which all parts of a length are common."""
    start, text = piece
    first = None
    for at, part in [*_parts([(0, text)], length), (len(text) - length + 1, "")]:
        if part in common:
            first = at if first is None else first
        elif first is not None:
            yield start + first, text[first : at + length - 1]
            first = None
