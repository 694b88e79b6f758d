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


def neighbours(pieces: Sequence[str]) -> tuple[Pairs, Pairs]:
    """The pairs of a text in pieces, and those that only stand across two of them."""
    codes = np.frombuffer(_END.join(pieces).encode("utf-32-le"), _CODE)
    is_han = codes > _FIRST_HAN
    inside = np.flatnonzero(is_han[:-1] & is_han[1:])
    ends = np.flatnonzero(codes[1:-1] == 0)
    across = ends[is_han[ends] & is_han[ends + 2]]
    numbers = _numbers(codes[np.concatenate((inside, across))], codes[np.concatenate((inside + 1, across + 2))])
    # Sorted with a last digit that says so, of equal pairs the first is one inside, if any is.
    marked = np.left_shift(numbers, 1)
    marked[len(inside) :] += 1
    marked.sort()
    pairs = np.right_shift(marked, 1)
    first = _firsts(pairs)
    return pairs[first], pairs[first & (marked & 1 == 1)]


def words_among(tokens: Iterable[str]) -> tuple[Pairs, str]:
    """Those tokens that are Chinese words: of two characters as pairs, each as often as it is there, longer ones as
    text with a blank behind each."""
    codes = np.frombuffer(_BLANK.join([*tokens, ""]).encode("utf-32-le"), _CODE)
    ends = np.flatnonzero(codes == ord(_BLANK))
    starts = np.zeros(len(ends), ends.dtype)
    starts[1:] = ends[:-1] + 1
    lengths, is_han = ends - starts, codes[starts] > _FIRST_HAN
    of_two = starts[is_han & (lengths == 2)]
    pairs = _numbers(codes[of_two], codes[of_two + 1])
    pairs.sort()
    longer = codes[np.repeat(is_han & (lengths > 2), lengths + 1)].tobytes().decode("utf-32-le")
    return pairs, longer


def different(pairs: Pairs) -> Pairs:
    """Each of sorted pairs once."""
    return pairs[_firsts(pairs)]


def repeated(pairs: Pairs, times: int) -> Pairs:
    """Those of sorted pairs that are there so often, each once."""
    return different(pairs[times - 1 :][pairs[times - 1 :] == pairs[: len(pairs) - times + 1]])


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


def _firsts(pairs: Pairs) -> NDArray[np.bool_]:
    # As `numpy.unique`, which for so few takes three times as long.
    first = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    return first


def _numbers(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> Pairs:
    return np.bitwise_or(np.left_shift(second.astype(_TWO), 32), first)


def _among(pairs: Pairs, others: Pairs) -> NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(pairs), bool)
    places = np.minimum(np.searchsorted(others, pairs), len(others) - 1)
    return np.equal(others[places], pairs)
