"""What text is looked for by: half-width, lower case, simplified; and the way back to the original.

Each character is folded by itself, so that a query and a text that hold the same characters fold alike wherever
they stand: 繁體 finds 繁体, ＬＮＧ finds lng, ㎡ finds m2. OpenCC's table of single characters is used (t2s), its
phrases are not: they would fold a character in one text and not in another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# What no query can ask for (punctuation, blanks, symbols) stands between two runs, and no hit goes across it.
GAP = "|"
BETWEEN = r"(?:[^\w]|_)+"
_BETWEEN = re.compile(BETWEEN)
_IS_HAN = re.compile(f"[{HAN}]")
# Longer runs of letters or digits are cut, in texts and queries alike.
LONGEST_WHOLE = 40
_WHOLE = f"[0-9]{{1,{LONGEST_WHOLE}}}|[a-z]{{1,{LONGEST_WHOLE}}}"
_PIECE = re.compile(rf"{_WHOLE}|\S")
_WHOLES = re.compile(f"({_WHOLE})")


class _Table(dict[int, str]):
    """What each character folds to, found when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


class _OneByOne(dict[int, str]):
    """The same for those that fold to one character; for the others a mark."""

    def __missing__(self, code: int) -> str:
        folded = _TABLE[code]
        one = self[code] = folded if len(folded) == 1 else _UNEVEN
        return one


@cache
def _simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _fold(char: str) -> str:
    if 0xD800 <= ord(char) < 0xE000:
        return " "  # half a character: no index can hold it
    parts = unicodedata.normalize("NFKD", char)
    plain = unicodedata.normalize("NFKC", "".join(part for part in parts if not unicodedata.combining(part)))
    if _IS_HAN.search(plain):
        plain = _simplified().convert(plain)
    return str(plain.lower())


_TABLE, _ONE_BY_ONE = _Table(), _OneByOne()
_UNEVEN = "\ue000"  # a character of nobody's: a text that holds it itself is only folded the longer way


def fold(text: str) -> str:
    """A text as it is looked for."""
    return text.translate(_TABLE)


def runs(text: str) -> str:
    """A folded text with everything between two runs of letters, digits and Chinese characters as one GAP."""
    return _BETWEEN.sub(GAP, text)


def spaced(text: str) -> str:
    """What `runs` left of a text, a blank between its tokens; a gap is a token here and takes its place."""
    parts = _WHOLES.split(text)
    parts[::2] = map(" ".join, parts[::2])
    return " ".join(parts)


@dataclass(slots=True, frozen=True)
class Placed:
    """A token of a query and its place: a gap takes one place and holds no token."""

    place: int
    token: str


def tokens(text: str) -> tuple[Placed, ...]:
    """The tokens of what was typed, with their places, as the index has them: single characters, numbers, words."""
    found = _PIECE.findall(runs(fold(text)).strip(GAP))
    return tuple(Placed(place, token) for place, token in enumerate(found) if token != GAP)


@dataclass(slots=True, frozen=True)
class Folded:
    """A folded text that knows where each of its characters comes from: `origin[i]` is an offset in the original."""

    text: str
    origin: Sequence[int]

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold a text."""
        text = original.translate(_ONE_BY_ONE)
        if _UNEVEN not in text:
            return cls(text, range(len(text) + 1))
        folded = [_TABLE[ord(char)] for char in original]
        origin = [at for at, part in enumerate(folded) for _ in part]
        return cls("".join(folded), [*origin, len(original)])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that a span of the folded text comes from."""
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]
