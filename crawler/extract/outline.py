"""One walk over a page: how much prose, link text and boilerplate each element holds.

Prose is text outside links that carries Chinese punctuation; navigation, tables of numbers and labels have none.
Elements are numbered in document order, so a subtree is a range of numbers and totals add up in one backward pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml.html import HtmlElement

from crawler.extract.tables import read_table

# Elements whose text no reader sees, or that are controls.
_UNREAD_TAGS = """
script style noscript select option textarea template iframe object embed applet svg canvas head button title
map audio video input datalist
"""
UNREAD = frozenset(_UNREAD_TAGS.split())
_MARKS = re.compile("[，。；：、！？,]")
_PROSE_PER_MARK = 30
_ZONE_SHARE = 0.5
_LONGEST_NAME = 200
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.I)
_NEVER_ZONE = frozenset({"html", "body", "main", "article", "a", "p", "b", "font", "strong", "em", "h1", "h2", "h3"})
NO_ZONE, SOFT, HARD = 0, 1, 2
_ZONE_TAGS = {"nav": SOFT, "aside": SOFT, "figcaption": SOFT, "footer": HARD}


@cache
def _zone_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names a zone beside the article, and what names one whatever it holds."""
    rows = sorted(read_table("zones.csv"), key=lambda row: len(row["word"]), reverse=True)
    words = "|".join(re.escape(row["word"]) for row in rows)
    hard = "|".join(re.escape(row["word"]) for row in rows if row["strength"] == "hard")
    return re.compile(rf"(?:^|[\s_-])(?:{words})(?=$|[\s_\d-])", re.I), re.compile(rf"(?:^|\s)(?:{hard})(?=$|\s)", re.I)


@dataclass(slots=True)
class Outline:
    """The elements of a page in document order with, for each, the totals of its subtree."""

    elements: list[HtmlElement]
    number: dict[HtmlElement, int]
    parent: list[int]
    prose: list[float]
    links: list[int]
    chars: list[int]
    end: list[int]
    unread: list[bool]
    zone: list[int]
    texts: list[tuple[int, str]]
    names: list[tuple[int, str, str]]
    released: set[int]
    total: float = 0.0

    def in_released_zone(self, number: int) -> bool:
        """Whether an element lies in one that is named like a zone but holds most of the page's prose."""
        while number >= 0:
            if number in self.released:
                return True
            number = self.parent[number]
        return False

    def children(self, number: int) -> list[int]:
        """The numbers of an element's children."""
        found = []
        child, stop = number + 1, self.end[number]
        while child < stop:
            found.append(child)
            child = self.end[child]
        return found


def outline(root: HtmlElement, *, hidden: bool = False) -> Outline:
    """Walk a page once. With `hidden`, text that a style hides is read as well."""
    page = Outline([], {}, [], [], [], [], [], [], [], [], [], set())
    body = root.find("body")
    _walk(root if body is None else body, page, hidden)
    _add_up(page)
    return page


def _walk(root: HtmlElement, page: Outline, hidden: bool) -> None:
    """Visit every element; the text after an element is read when the next one closes it.

    This loop is most of what a page costs, so everything in it is a local name.
    """
    elements, parent, texts, names = page.elements, page.parent, page.texts, page.names
    unread, zone = page.unread, page.zone
    zones: dict[str, int] = {}
    opened: list[HtmlElement] = []
    numbers: list[int] = []
    up = at = -1
    for element in root.iter():
        above = element.getparent()
        while opened and opened[-1] is not above:
            tail = opened.pop().tail
            numbers.pop()
            up = numbers[-1] if numbers else -1
            if tail and up >= 0 and not unread[up] and (tail := tail.strip()):
                texts.append((up, tail))
        tag = element.tag
        if not isinstance(tag, str):
            if (tail := element.tail) and up >= 0 and not unread[up] and (tail := tail.strip()):
                texts.append((up, tail))
            continue
        at += 1
        elements.append(element)
        parent.append(up)
        skipped = tag in UNREAD or (up >= 0 and unread[up])
        kind = NO_ZONE
        if not skipped:
            kind = _ZONE_TAGS.get(tag, NO_ZONE)
            identity = classes = ""
            for name, value in element.items():
                if name == "class":
                    classes = value
                elif name == "id":
                    identity = value
                elif name == "style" and not hidden and "none" in value and _HIDDEN.search(value):
                    skipped = True
            if identity or classes:
                identity, classes = identity[:_LONGEST_NAME], classes[:_LONGEST_NAME]
                names.append((at, identity, classes))
                if not kind and tag not in _NEVER_ZONE:
                    both = f"{classes} {identity}"
                    known = zones.get(both)
                    kind = zones[both] = _zone_of(both) if known is None else known
            if not skipped and (text := element.text) and (text := text.strip()):
                texts.append((at, text))
        unread.append(skipped)
        zone.append(kind)
        opened.append(element)
        numbers.append(at)
        up = at
    while len(opened) > 1:
        tail = opened.pop().tail
        numbers.pop()
        if tail and not unread[numbers[-1]] and (tail := tail.strip()):
            texts.append((numbers[-1], tail))


def _zone_of(names: str) -> int:
    some, hard = _zone_words()
    if some.search(names) is None:
        return NO_ZONE
    return SOFT if hard.search(names) is None else HARD


def _weigh(page: Outline) -> None:
    """Count the characters of each element's own text: all, those in links, and those of prose."""
    count = len(page.elements)
    linked = [False] * count
    for at, (element, up) in enumerate(zip(page.elements, page.parent, strict=True)):
        linked[at] = element.tag == "a" or (up >= 0 and linked[up])
    page.prose, page.links, page.chars = [0.0] * count, [0] * count, [0] * count
    prose, links, chars = page.prose, page.links, page.chars
    for at, text in page.texts:
        size = len(text)
        chars[at] += size
        if linked[at]:
            links[at] += size
        elif size > 8:
            marks = len(_MARKS.findall(text))
            if marks:
                prose[at] += min(size, marks * _PROSE_PER_MARK)


def _add_up(page: Outline) -> None:
    _weigh(page)
    count = len(page.elements)
    page.number = dict(zip(page.elements, range(count), strict=True))
    page.total = sum(page.prose)
    end = list(range(1, count + 1))
    limit = page.total * _ZONE_SHARE
    for at in range(count - 1, 0, -1):
        up = page.parent[at]
        if up < 0:
            continue
        end[up] = max(end[up], end[at])
        page.chars[up] += page.chars[at]
        page.links[up] += page.links[at]
        if page.zone[at]:
            if page.prose[at] > limit and page.zone[at] == SOFT:
                page.zone[at] = NO_ZONE
                page.released.add(at)
            else:
                continue
        page.prose[up] += page.prose[at]
    page.end = end
    for at in range(1, count):
        if page.zone[page.parent[at]]:
            page.zone[at] = page.zone[page.parent[at]]
