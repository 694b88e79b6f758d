"""The text of a row in pieces, each with the element it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extract.navigation import UNREAD_TAGS
from crawler.extract.rows import Row
from crawler.extract.titled_links import squeeze

_MOST_PIECES = 400


@dataclass(slots=True, frozen=True)
class Piece:
    """One run of text of a row, with the element it stands in and whether that is inside the title's link."""

    text: str
    owner: HtmlElement
    linked: bool


def pieces_of(row: Row) -> list[Piece]:
    """Return the pieces of a row in the order of the page, the siblings that belong to it included."""
    link = row.link.element if row.link is not None else None
    inside = set(link.iter()) if link is not None else set()
    pieces: list[Piece] = [Piece(row.lead, row.element.getparent(), False)] if row.lead else []
    for part in (row.element, *row.following):
        for text, owner in _texts(part, tail=row.tail):
            pieces.append(Piece(text, owner, owner in inside))
            if len(pieces) >= _MOST_PIECES:
                return pieces
    return pieces


def _texts(element: HtmlElement, *, tail: bool) -> Iterator[tuple[str, HtmlElement]]:
    for step in element.iter():
        readable = isinstance(step.tag, str) and step.tag not in UNREAD_TAGS
        if readable and step.text and (text := squeeze(step.text)):
            yield text, step
        if step is not element and step.tail and (text := squeeze(step.tail)):
            yield text, step.getparent()
    if tail and element.tail and (text := squeeze(element.tail)):
        yield text, element.getparent()
