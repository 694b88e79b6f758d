"""The text under an article's element: one paragraph, heading, list item or table row a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.extract.files import is_attachment
from crawler.extract.lines import Line
from crawler.extract.outline import UNREAD, Outline

_INLINE_TAGS = """
a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span
strike strong sub sup tt u var wbr time
"""
_INLINE = frozenset(_INLINE_TAGS.split())
_DEEPEST = 200
_LONGEST_CELL = 400
_WIDE = r"[\u2e80-\u9fff\uff00-\uffef]"
_JOINED_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r]{{0,99}}\n\s{{0,99}}(?={_WIDE})")
# A centred line this short under a picture is its caption, unless it is a sentence or numbered like a heading.
_LONGEST_CAPTION = 40
_NO_CAPTION = re.compile(
    r"[。！？；：]$|^(?:第?[一二三四五六七八九十\d]{1,3}[、.．章节]|[（(][一二三四五六七八九十\d]{1,3}[）)])"
)
# Zero-width signs and soft hyphens that editors leave behind.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad"


@dataclass(slots=True)
class BodyReader:
    """Collects the lines under one element in document order."""

    page: Outline
    lines: list[Line] = field(default_factory=list)
    media: list[HtmlElement] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _links: int = 0
    _anchors: int = 0
    _inside: int = 0
    _pictured: int = -1

    def read(self, number: int) -> list[Line]:
        """Read the subtree of an element."""
        if self.page.tags[number] in ("table", "tbody", "thead"):
            self._table(number, 0)
        else:
            self._text(self.page.elements[number].text)
            self._children(number, 0)
        self._flush("p")
        return self.lines

    def _text(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._inside:
                self._links += len(text.strip())

    def _flush(self, tag: str) -> None:
        if self._parts:
            text = squeeze("".join(self._parts))
            if text:
                self.lines.append(Line(text, self._links, tag, self._anchors))
            self._parts.clear()
        self._links = self._anchors = 0

    def _children(self, number: int, depth: int) -> None:
        elements, ends = self.page.elements, self.page.end
        child, stop = number + 1, ends[number]
        while child < stop:
            self._element(child, depth + 1)
            tail = elements[child].tail
            if tail:
                self._text(tail)
            child = ends[child]

    def _element(self, number: int, depth: int) -> None:
        element, tag = self.page.elements[number], self.page.tags[number]
        if tag == "br":
            self._flush("br")
            return
        if tag == "img":
            self.media.append(element)
            self._pictured = len(self.lines)
            return
        if tag in UNREAD:
            self.media.append(element)
            return
        inline = tag in _INLINE
        if self.page.unread[number] or self.page.zone[number]:
            if not inline:
                self._flush("p")
            return
        if depth > _DEEPEST:
            self._text("".join(element.itertext()))
        elif tag == "a":
            self.media.append(element)
            # A file is part of the article; a link to one is no navigation.
            navigates = 0 if is_attachment(element.get("href") or "") else 1
            self._anchors += navigates
            self._inside += navigates
            self._text(element.text)
            self._children(number, depth)
            self._inside -= navigates
        elif inline:
            self._text(element.text)
            self._children(number, depth)
        else:
            self._flush("p")
            before = len(self.lines)
            if tag == "table":
                self._table(number, depth)
            elif tag == "pre":
                self._preformatted(element)
            else:
                self._text(element.text)
                self._children(number, depth)
            self._flush(tag)
            if self._pictured == before == len(self.lines) - 1 and _is_caption(element, self.lines[-1].text):
                self.lines.pop()

    def _preformatted(self, element: HtmlElement) -> None:
        for text in "".join(element.itertext()).splitlines():
            self._text(text)
            self._flush("pre")

    def _table(self, table: int, depth: int) -> None:
        tags = self.page.tags
        inside = range(table + 1, self.page.end[table])
        rows = [at for at in inside if tags[at] == "tr"]
        if not rows or not self._is_grid(rows, nested=any(tags[at] == "table" for at in inside)):
            self._children(table, depth)
            return
        for row in rows:
            cells = []
            links = anchors = 0
            for cell in self._cells(row):
                inner = BodyReader(self.page)
                inner._text(self.page.elements[cell].text)
                inner._children(cell, depth)
                inner._flush("p")
                self.media.extend(inner.media)
                cells.append(" ".join(line.text for line in inner.lines))
                links += sum(line.links for line in inner.lines)
                anchors += sum(line.anchors for line in inner.lines)
            text = "\t".join(cells).strip("\t")
            if text.strip():
                self.lines.append(Line(text, links, "tr", anchors))

    def _cells(self, row: int) -> list[int]:
        return [at for at in self.page.children(row) if self.page.tags[at] in ("td", "th")]

    def _is_grid(self, rows: list[int], *, nested: bool) -> bool:
        """Whether a table holds a grid of values; the tables of old layouts hold paragraphs or tables."""
        if nested:
            return False
        wide = 0
        for row in rows:
            sizes = [self.page.chars[cell] for cell in self._cells(row)]
            if any(size > _LONGEST_CELL for size in sizes):
                return False
            wide += sum(size > 0 for size in sizes) > 1
        return wide * 2 >= len(rows)


def _is_caption(element: HtmlElement, text: str) -> bool:
    centred = element.get("align") == "center" or "center" in (element.get("style") or "")
    if not centred or len(text) > _LONGEST_CAPTION or _NO_CAPTION.search(text):
        return False
    return element.tag == "p" and next(element.iter("b", "strong"), None) is None


def squeeze(text: str) -> str:
    """Collapse white space; a line break of the source between two Chinese characters leaves nothing behind."""
    if "\n" in text:
        text = _JOINED_BREAK.sub("", text.strip())
    if not text.isascii():
        for sign in _INVISIBLE:
            if sign in text:
                text = text.replace(sign, "")
    return " ".join(text.split())
