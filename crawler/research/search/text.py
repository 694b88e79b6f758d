"""What text is looked for by: half-width, lower case, simplified; and the way back to the original.

Each character is folded by itself, so that a query and a text that hold the same characters fold alike wherever
they stand: 繁體 finds 繁体, ＬＮＧ finds lng, ㎡ finds m2. OpenCC's table of single characters is used (t2s), its
phrases are not: they would fold a character in one text and not in another.
"""

from __future__ import annotations

import re
import unicodedata
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
PIECES = r"[0-9]{1,40}|[a-z]{1,40}|\S"
_PIECE = re.compile(PIECES)


class _Table(dict[int, str]):
    """What each character folds to, found when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


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


_TABLE = _Table()


def fold(text: str) -> str:
    """A text as it is looked for."""
    return text.translate(_TABLE)


def runs(text: str) -> str:
    """A folded text with everything between two runs of letters, digits and Chinese characters as one GAP."""
    return _BETWEEN.sub(GAP, text)


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
    origin: list[int]

    @classmethod
    def of(cls, original: str) -> Folded:
        """Fold a text."""
        parts: list[str] = []
        origin: list[int] = []
        for at, char in enumerate(original):
            part = _TABLE[ord(char)]
            parts.append(part)
            origin.extend([at] * len(part))
        origin.append(len(original))
        return cls("".join(parts), origin)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that a span of the folded text comes from."""
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]
