"""Folding for the index, all characters of a text at once: the same as `text` does one by one, six times faster.

Searching does without: loading numpy takes longer than folding what a search shows.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from crawler.research.search.text import GAP, LONGEST_WHOLE, fold, runs, spaced

_Codes = NDArray[np.uint32]

_CODE = np.dtype("<u4")
_SHORT = 100  # characters: one by one they are folded sooner
_TOO_LONG = np.ones(LONGEST_WHOLE, bool).tobytes()
_NEW, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE  # a character that was not met yet; one that folds to none or several


def left_of(text: str) -> str:
    """What is left of a text: `runs(fold(text))`."""
    if len(text) < _SHORT:
        return runs(fold(text))
    codes = _codes(text)
    folded = _table()[codes]
    if folded.max(initial=0) >= _SEVERAL:
        if _NEW in folded:
            _learn(codes[folded == _NEW])
            return left_of(text)
        return runs(fold(text))
    is_gap = folded == ord(GAP)
    first = np.ones(len(folded), bool)
    np.logical_not(is_gap[1:] & is_gap[:-1], out=first[1:])
    return _text(folded[first])


def spaced_left(left: str) -> str:
    """What is left of a text with a blank between its tokens: `spaced(left)`."""
    if len(left) < _SHORT:
        return spaced(left)
    codes = _codes(left)
    is_digit, is_latin = codes - ord("0") < 10, codes - ord("a") < 26
    goes_on = (is_digit[1:] & is_digit[:-1]) | (is_latin[1:] & is_latin[:-1])
    if _TOO_LONG in goes_on.tobytes():
        return spaced(left)
    places = np.arange(len(codes))
    places[1:] += np.cumsum(~goes_on)
    wide = np.full(places[-1] + 1 if len(places) else 0, ord(" "), _CODE)
    wide[places] = codes
    return _text(wide)


@cache
def _table() -> _Codes:
    return np.full(0x110000, _NEW, _CODE)


def _learn(codes: _Codes) -> None:
    for code in set(codes.tolist()):
        folded = runs(fold(chr(code)))
        _table()[code] = ord(folded) if len(folded) == 1 else _SEVERAL


def _codes(text: str) -> _Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), _CODE)


def _text(codes: _Codes) -> str:
    return codes.tobytes().decode("utf-32-le")
