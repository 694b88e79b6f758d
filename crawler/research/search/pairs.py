"""Neighbouring Chinese characters of a text as numbers: as sets of strings they took longer than its words.

A text is an array of code points, two neighbours are one number of twice the width; `Pairs` are such numbers in order,
each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.uint64]

_FIRST_HAN = 0x2E80
_BLANK, _END = " ", "\0"
_CODE, _TWO = np.dtype("<u4"), np.dtype("<u8")


def inside_and_across(pieces: Sequence[str]) -> tuple[Pairs, Pairs]:
    """The pairs inside of the pieces of a text, and those of which one ends a piece and the other begins the next."""
    codes = np.frombuffer(_END.join(pieces).encode("utf-32-le"), _CODE)
    is_han = codes > _FIRST_HAN
    inside = np.flatnonzero(is_han[:-1] & is_han[1:])
    ends = np.flatnonzero(codes[1:-1] == 0)
    across = ends[is_han[ends] & is_han[ends + 2]]
    return _pairs(codes[inside], codes[inside + 1]), _pairs(codes[across], codes[across + 2])


def words_among(tokens: Iterable[str]) -> tuple[str, Pairs]:
    """Those tokens that have two Chinese characters or more, with a blank behind each; those of two as pairs, too."""
    codes = np.frombuffer(_BLANK.join([*tokens, ""]).encode("utf-32-le"), _CODE)
    ends = np.flatnonzero(codes == ord(_BLANK))
    starts = np.zeros(len(ends), ends.dtype)
    starts[1:] = ends[:-1] + 1
    lengths = ends - starts
    is_word = (lengths > 1) & (codes[starts] > _FIRST_HAN)
    text = codes[np.repeat(is_word, lengths + 1)].tobytes().decode("utf-32-le")
    of_two = starts[is_word & (lengths == 2)]
    return text, _pairs(codes[of_two], codes[of_two + 1])


def joined(pairs: Pairs, before: str = "") -> str:
    """Pairs as text with a blank behind each, and something before each."""
    one = np.empty((len(pairs), len(before) + 3), _CODE)
    one[:, : len(before)] = [ord(char) for char in before]
    one[:, len(before) : -1] = pairs.view(_CODE).reshape(-1, 2)
    one[:, -1] = ord(_BLANK)
    return one.tobytes().decode("utf-32-le")


def without(pairs: Pairs, others: Pairs) -> Pairs:
    """Those pairs that are not among the others."""
    return pairs[~_among(pairs, others)]


def common(pairs: Pairs, others: Pairs) -> Pairs:
    """Those pairs that are among the others."""
    return pairs[_among(pairs, others)]


def together(pairs: Pairs, others: Pairs) -> Pairs:
    """All pairs of both."""
    return _different(np.concatenate((pairs, others)))


def _pairs(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> Pairs:
    return _different(np.bitwise_or(np.left_shift(second.astype(_TWO), 32), first))


def _different(numbers: Pairs) -> Pairs:
    # As `numpy.unique`, which for so few takes three times as long.
    numbers.sort()
    first = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return numbers[first]


def _among(pairs: Pairs, others: Pairs) -> NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(pairs), bool)
    places = np.minimum(np.searchsorted(others, pairs), len(others) - 1)
    return np.equal(others[places], pairs)
