"""Whether two texts tell of other figures, or of the same ones that edits have damaged."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.uint32]

# Two stories differ where fewer than half of the figures are shared.
SAME = 0.5
# Of a longer table, those that come first.
MOST = 120
# Where so many of the characters are the same, the figures alone were changed.
SAME_WORDS = 0.995
# Where fewer are, a loss of figures that edits bring about more often than this is no sign of another story.
UNLIKELY = 0.005
LENGTH = 2.5  # characters of a figure, on average


def packed(figures: Sequence[str]) -> Figures:
    """A number for each figure, sorted. What occurs twice has two, so that common ones can be counted as of a set."""
    seen: Counter[str] = Counter()
    numbers = []
    for figure in figures[:MOST]:
        seen[figure] += 1
        numbers.append(zlib.crc32(f"{figure}#{seen[figure]}".encode()))
    return np.sort(np.array(numbers, "<u4"))


@lru_cache(maxsize=8192)
def unpacked(figures: bytes) -> Figures:
    """The figures as a signature keeps them; those of one story are asked for again and again, and never written to."""
    return np.frombuffer(figures, "<u4")


def shared(mine: Figures, others: Sequence[Figures]) -> list[int]:
    """How many figures a text shares with each of others."""
    if not others or not len(mine):
        return [0] * len(others)
    theirs = np.concatenate(others)
    owner = np.repeat(np.arange(len(others)), [len(each) for each in others])
    place = np.minimum(np.searchsorted(mine, theirs), len(mine) - 1)
    counts: list[int] = np.bincount(owner[mine[place] == theirs], minlength=len(others)).tolist()
    return counts


def are_others(common: int, left: int, right: int, kept: float, *, part: bool = False) -> bool:
    """Whether texts of `left` and `right` figures, `common` of them shared, tell of other figures.

    `kept` is the share of characters that edits left as they were: a figure of a copy was damaged as its words were.
    `part` says that one text is a part of the other, and may leave figures out.
    """
    # Edits put digits between the words too; where the words are the same, one figure more is another figure.
    total = max(left, right) if kept >= SAME_WORDS and not part else min(left, right)
    expected = kept**LENGTH
    if common >= SAME * expected * total:
        return False
    return kept >= SAME_WORDS or _chance(common, total, expected) < UNLIKELY


def _chance(common: int, total: int, expected: float) -> float:
    """At most this often do so few of so many figures survive, each with the chance `expected` (Chernoff's bound)."""
    share = common / total
    entropy = (1 - share) * log((1 - share) / (1 - expected))
    if common:
        entropy += share * log(share / expected)
    return exp(-total * entropy)
