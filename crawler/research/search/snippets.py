"""Pieces of the original text around what was looked for, with the places of the hits."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.research.search.query import Term
from crawler.research.search.text import BETWEEN, Folded

WIDTH = 120  # characters
LONGEST_READ = 200_000  # characters of a text that are looked through
_MOST_HITS = 2_000
_BEFORE = 20  # what stands before the first hit
_ENDS = "。！？；!?;\n"
_ELLIPSIS = "…"
_BLANK = re.compile(r"\s")


@dataclass(slots=True, frozen=True)
class Snippet:
    """A piece of a text. `hits` are spans of `text`, in order and apart."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str, after: str) -> str:
        """The text with marks around its hits."""
        return "".join(f"{before}{part}{after}" if hit else part for part, hit in self._parts())

    @property
    def html(self) -> str:
        """The text as HTML, its hits in `<mark>`."""
        return "".join(f"<mark>{html.escape(part)}</mark>" if hit else html.escape(part) for part, hit in self._parts())

    def _parts(self) -> Iterator[tuple[str, bool]]:
        at = 0
        for start, end in self.hits:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False


def snippet(text: str, terms: Iterable[Term], width: int = WIDTH) -> Snippet:
    """The piece of a text that holds most of the terms; its beginning where it holds none."""
    read = text[:LONGEST_READ]
    folded = Folded.of(read)
    found = sorted(_hits(folded, terms))
    start = _start(read, found, width)
    end = min(len(read), start + width)
    # Line breaks and tabs are blanks here, one for one, so that the hits stay where they are.
    piece = _BLANK.sub(" ", read[start:end])
    head, tail = _ELLIPSIS if start > 0 else "", _ELLIPSIS if end < len(text) else ""
    shift = len(head) - start
    spans = [(max(first, start) + shift, min(last, end) + shift) for first, last, _ in found]
    inside = [(first, last) for first, last in spans if len(head) <= first < last]
    return Snippet(f"{head}{piece}{tail}", tuple(_apart(inside)))


def mark_hits(text: str, terms: Iterable[Term]) -> Snippet:
    """A whole text, a title for example, with its hits."""
    found = sorted(_hits(Folded.of(text), terms))
    return Snippet(text, tuple(_apart([(start, end) for start, end, _ in found])))


def _hits(folded: Folded, terms: Iterable[Term]) -> Iterator[tuple[int, int, int]]:
    """Spans of the original that a term matches, each with the number of the term."""
    left = _MOST_HITS
    for number, term in enumerate(terms):
        pattern = _pattern(term)
        for found in pattern.finditer(folded.text):
            yield (*folded.span(found.start(), found.end()), number)
            left -= 1
            if not left:
                return


@lru_cache(256)
def _pattern(term: Term) -> re.Pattern[str]:
    """What a term matches in a folded text: whole numbers and Latin words, and a gap where its query has one."""
    parts: list[str] = []
    before = None
    for each in term.places:
        if before is not None and each.place > before.place + 1:
            parts.append(BETWEEN)
        whole = each.token[0].isascii()
        kind = "[0-9]" if each.token.isdecimal() else "[a-z]"
        parts.append(f"(?<!{kind}){each.token}(?!{kind})" if whole else re.escape(each.token))
        before = each
    return re.compile("".join(parts))


def _start(text: str, found: Sequence[tuple[int, int, int]], width: int) -> int:
    """Where to begin: the window with most different terms, then most hits, moved to the start of its sentence."""
    best, where = (0, 0), 0
    last = 0
    for first, (start, _, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start + width - _BEFORE:
            last += 1
        inside = found[first:last]
        score = (len({number for _, _, number in inside}), len(inside))
        if score > best:
            best, where = score, start
    if where + 1 < width // 2:
        return 0
    begin = max(0, where - _BEFORE)
    ends = [begin + at + 1 for at, char in enumerate(text[begin:where]) if char in _ENDS]
    return ends[-1] if ends else begin


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that meet or overlap as one."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current
