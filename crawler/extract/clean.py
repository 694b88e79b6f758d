"""Text without what was printed into it: watermarks, widget labels, invisible characters and runs of blanks."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Kind = Literal["watermark", "phrase"]


@dataclass(slots=True, frozen=True)
class Boilerplate:
    """One text that belongs to no article, with the page it was seen on."""

    kind: Kind
    text: str
    where_seen: str
    note: str


@dataclass(slots=True, frozen=True)
class Cleaned:
    """A cleaned text and the boilerplate that was taken out of it, each once, in the order met."""

    text: str
    removed: tuple[str, ...] = ()


_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BLANK_RUN = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AT_LINE_EDGE = re.compile(r"^ | $", re.MULTILINE)

# A watermark belongs to no sentence: a sentence, a blank or nothing goes before, a blank, a section number or
# nothing follows.
_BEFORE = r"(?:(?<=[。！？；…：”’」』）)\]】!?;.\s])|\A)"
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_AFTER = (
    rf"(?=\s|\Z|[（(](?:{_NUMERAL}|\d{{1,3}})[）)]|{_NUMERAL}、"
    rf"|第(?:{_NUMERAL}|\d{{1,3}})[章节条部]|\d{{1,2}}[.．、](?!\d))"
)


def clean_text(text: str) -> Cleaned:
    """Clean a body, summary or title; what a reader reads stays: words, figures, punctuation and line breaks.

    Taken out are the rows of boilerplate.csv where they stand between sentences, control and zero-width
    characters, and blanks at line ends; runs of blanks become one. Tabs (between table cells) stay.
    Idempotent; linear in the length of the text.
    """
    text = _fold_blanks(_CONTROLS.sub("", _BREAKS.sub("\n", text)))
    removed: list[str] = []
    while any(row.text in text for row in boilerplate()):
        shorter = _remove_boilerplate(text, removed)
        if shorter == text:
            break
        text = shorter
    return Cleaned(text, tuple(dict.fromkeys(removed)))


@cache
def boilerplate() -> tuple[Boilerplate, ...]:
    """Return the rows of boilerplate.csv."""
    table = files("crawler.extract").joinpath("boilerplate.csv").read_text(encoding="utf-8")
    return tuple(
        Boilerplate(cast(Kind, row["kind"]), row["text"], row["where_seen"], row["note"])
        for row in csv.DictReader(table.splitlines())
    )


@cache
def _standing_alone() -> re.Pattern[str]:
    texts = sorted({row.text for row in boilerplate()}, key=len, reverse=True)
    return re.compile(f"{_BEFORE}({'|'.join(map(re.escape, texts))}){_AFTER}")


def _fold_blanks(text: str) -> str:
    return _AT_LINE_EDGE.sub("", _BLANK_RUN.sub(" ", text))


def _remove_boilerplate(text: str, removed: list[str]) -> str:
    """Take out each standing boilerplate; a line that held nothing else goes with its break."""
    pieces: list[str] = []
    position = 0
    for found in _standing_alone().finditer(text):
        removed.append(found.group(1))
        start, end = found.span(1)
        alone = (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
        if alone and end < len(text):
            end += 1
        elif alone and start > position:
            start -= 1
        pieces.append(text[position:start])
        position = end
    pieces.append(text[position:])
    return _fold_blanks("".join(pieces))
