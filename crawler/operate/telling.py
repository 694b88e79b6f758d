"""What tells an article's text in a page: lines that are its own, not the paragraphs it shares with others.

A page carries an article where most of its own characters are there, or its title with a line of its own. An article
that has no line of its own, for all it says is standard text, is told by its title with most of what it says.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.extract.decode import decode

# A line of this length is not in a page by chance; shorter ones are in many pages.
SHORTEST = 20
LONGEST = 60
# A text that so many others say too is no longer a copy of one of them.
MOST_COPIES = 2

Part = Literal["most", "some"]
LARGEST_FIRST: tuple[Part, ...] = ("most", "some")

_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANK = re.compile(r"\s+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(slots=True, frozen=True)
class Said:
    """One state of an article, or what a listing showed of it: its title, the pieces of its text, and which are own."""

    title: str
    pieces: frozenset[str]
    own: frozenset[str]

    def part_in(self, shown: str) -> Part | None:
        """How much of it a page shows; None where the page does not carry it."""
        there = {piece for piece in self.own if piece in shown}
        if there and _is_most(there, self.own):
            return "most"
        if not self.title or self.title not in shown:
            return None
        if self.own:
            return "some" if there else None
        return (
            "most" if self.pieces and _is_most([each for each in self.pieces if each in shown], self.pieces) else None
        )


def shown_by(body: bytes, content_type: str | None) -> str:
    """The text of a payload without tags, blanks and the escapes of HTML and JSON."""
    page, _ = decode(body, content_type)
    page = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), page)
    return squeezed(html.unescape(_TAG.sub("", page)))


def squeezed(text: str) -> str:
    """A text without its blanks."""
    return _BLANK.sub("", text)


def pieces_of(text: str, *, short: bool = False) -> frozenset[str]:
    """The lines of a text that are long enough to tell it, long ones in pieces; with `short` else the text whole."""
    long = frozenset(piece for line in text.splitlines() for piece in _cut(squeezed(line)))
    whole = squeezed(text)
    return long or (frozenset({whole}) if short and whole else long)


def telling(said: Iterable[tuple[str, frozenset[str]]], others: Iterable[Iterable[str]]) -> list[Said]:
    """Tell what is own of an article's states (title, pieces), beside the texts of the other articles of its source.

    What another article says too is not its own, unless that one is a copy: it says most of a state.
    """
    states = [(squeezed(title), pieces) for title, pieces in dict.fromkeys(said) if pieces]
    wanted = frozenset[str]().union(*(pieces for _, pieces in states))
    copied: Counter[str] = Counter()
    shared: set[str] = set()
    for texts in others:
        there = {piece for text in texts for piece in wanted if piece in text}
        if any(_is_most(there & pieces, pieces) for _, pieces in states):
            copied.update(there)
        else:
            shared |= there
    shared |= {piece for piece, number in copied.items() if number > MOST_COPIES}
    return [Said(title, pieces, pieces - shared) for title, pieces in states]


def _cut(line: str) -> Iterator[str]:
    pieces = [line[at : at + LONGEST] for at in range(0, len(line), LONGEST)]
    return (piece for piece in pieces if len(piece) >= SHORTEST)


def _is_most(some: Collection[str], of: Collection[str]) -> bool:
    return 2 * sum(map(len, some)) >= sum(map(len, of)) > 0
