"""A text folded to what two copies of it share: no blanks, no punctuation, one script, no source lines."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# A body below this many characters says too little: its title is read with it, and only equal texts are one story.
SHORT = 50
# Below this, title and all, even equal texts are no sign of one story: 通知公告.
TOO_SHORT = 16
# Lines that name a source stand before or after a text.
EDGE_LINES = 3

# What NFKC makes of the marks that nearly every text holds: a text without them mostly is in NFKC already, which is
# seen fifty times faster than it is made.
_WIDE = dict(zip("，：；！？（）％", ",:;!?()%", strict=True))
_THOUSANDS = re.compile(r"(\d),(?=\d{3})")
_BETWEEN_DIGITS = re.compile(r"(\d)[\W_]+(?=\d)")
_WORD = re.compile(r"[^\W_]+|[|%]+")
_FOLDED_FIGURE = re.compile(r"\d[\d|]*")
_FIGURE = re.compile(r"\d[\d.,]{0,20}")


@dataclass(slots=True, frozen=True)
class Folded:
    """A folded text and its figures in their order. A `short` one holds its title too, and is compared as a whole."""

    text: str
    figures: tuple[str, ...]
    short: bool = False

    @property
    def words(self) -> str:
        """The text with every figure read as the same: reports of two months have the same words."""
        return _FOLDED_FIGURE.sub("0", self.text)


def fold(title: str, body: str) -> Folded | None:
    """Fold an article; None where there is too little text to tell anything by.

    NFKC, white space, punctuation, case and the width of characters do not count; traditional characters become
    simplified; lines at the edges that name source, author or editor go (asides.csv). Figures keep their digits: 1.5
    and 15 differ. Linear in the length of the text.
    """
    plain = _without_asides(_normalized(body))
    text = _squeezed(plain)
    if len(text) >= SHORT:
        return Folded(text, figures_in(plain))
    titled = f"{_normalized(title)}\n{plain}"
    whole = _squeezed(titled)
    return Folded(whole, figures_in(titled), short=True) if len(whole) >= TOO_SHORT else None


def figures_in(text: str) -> tuple[str, ...]:
    """The figures of a text in NFKC, in their order, as often as they occur; `1,234.` is `1234`."""
    return tuple(found.rstrip(".,").replace(",", "") for found in _FIGURE.findall(text))


def _squeezed(text: str) -> str:
    if "," in text:
        text = _THOUSANDS.sub(r"\1", text)
    text = _BETWEEN_DIGITS.sub(r"\1|", text)
    return "".join(_WORD.findall(_simplified()(text))).casefold()


def _normalized(text: str) -> str:
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text)


def _without_asides(text: str) -> str:
    phrases, line_of_its_own = _asides()
    for marks, pattern in phrases:
        if marks in text:
            text = pattern.sub("", text)
    lines = [line for line in text.splitlines() if line.strip()]
    edge = range(EDGE_LINES)
    drop = {place for place in (*edge, *(len(lines) - 1 - each for each in edge)) if 0 <= place < len(lines)}
    drop = {place for place in drop if line_of_its_own.fullmatch(lines[place].strip())}
    return "\n".join(line for place, line in enumerate(lines) if place not in drop) if drop else text


@cache
def _asides() -> tuple[list[tuple[str, re.Pattern[str]]], re.Pattern[str]]:
    """The rows of asides.csv: each phrase after characters that it always holds, and all lines as one pattern."""
    text = files("crawler.dedupe").joinpath("asides.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    phrases = [(row["holds"], re.compile(row["pattern"])) for row in rows if row["place"] == "phrase"]
    lines = "|".join(f"(?:{row['pattern']})" for row in rows if row["place"] == "line")
    return phrases, re.compile(lines)


@cache
def _simplified() -> Callable[[str], str]:
    """Traditional to simplified characters; the tables are loaded with the first text."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
