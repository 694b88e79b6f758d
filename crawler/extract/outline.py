"""One walk over a page: how much prose, link text and boilerplate each element holds.

Prose is text outside links that carries Chinese punctuation; navigation, tables of numbers and labels have none.
Elements are numbered in document order, so a subtree is a range of numbers; its totals are added up as it closes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

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
_SHORTEST_PROSE = 8
_ZONE_SHARE = 0.5
_LONGEST_NAME = 200
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.I)
# Elements that hold no text of their own, or whose names and styles say nothing: half of a page.
_BARE = frozenset({"a", "br", "img", "hr"})
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


@lru_cache(maxsize=4096)
def _zone_of(names: str) -> int:
    some, hard = _zone_words()
    if some.search(names) is None:
        return NO_ZONE
    return SOFT if hard.search(names) is None else HARD


@dataclass
class Outline:
    """The elements of a page in document order with, for each, the totals of its subtree.

    `texts` are the pieces of visible text with the number of the element they stand in; `names` are id and class.
    """

    elements: list[HtmlElement] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    prose: list[float] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    chars: list[int] = field(default_factory=list)
    linked: list[bool] = field(default_factory=list)
    unread: list[bool] = field(default_factory=list)
    zone: list[int] = field(default_factory=list)
    zones: list[int] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str, str]] = field(default_factory=list)
    released: set[int] = field(default_factory=set)
    total: float = 0.0

    @cached_property
    def number(self) -> dict[HtmlElement, int]:
        """The number of each element."""
        return {element: at for at, element in enumerate(self.elements)}

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
    page = Outline()
    body = root.find("body")
    _walk(root if body is None else body, page, hidden)
    _weigh(page)
    _add_up(page)
    if page.zones:
        _settle_zones(page)
    return page


def _walk(root: HtmlElement, page: Outline, hidden: bool) -> None:
    """Visit every element; the text after an element is read when the next one closes it.

    This loop is most of what a page costs, so everything in it is a local name.
    """
    elements, tags, parent, texts, end = page.elements, page.tags, page.parent, page.texts, page.end
    unread, zone = page.unread, page.zone
    up = at = -1
    for element in root.iter("*"):
        above = element.getparent()
        while up >= 0 and elements[up] is not above:
            end[up] = at + 1
            closed, up = up, parent[up]
            if up >= 0 and not unread[up] and (tail := elements[closed].tail) and (tail := tail.strip()):
                texts.append((up, tail))
        at += 1
        tag = element.tag
        elements.append(element)
        tags.append(tag)
        parent.append(up)
        end.append(0)
        zone.append(NO_ZONE)
        if tag in UNREAD or (up >= 0 and unread[up]):
            unread.append(True)
        else:
            unread.append(tag not in _BARE and _is_hidden(page, at, element, tag, hidden))
            if not unread[at] and (text := element.text) and (text := text.strip()):
                texts.append((at, text))
        up = at
    while up >= 0:
        end[up] = at + 1
        closed, up = up, parent[up]
        if up >= 0 and not unread[up] and (tail := elements[closed].tail) and (tail := tail.strip()):
            texts.append((up, tail))


def _is_hidden(page: Outline, at: int, element: HtmlElement, tag: str, hidden: bool) -> bool:
    """Note what an element is named; whether its style hides it."""
    identity = classes = ""
    gone = False
    for name, value in element.items():
        if name == "class":
            classes = value
        elif name == "id":
            identity = value
        elif name == "style" and not hidden and "none" in value and _HIDDEN.search(value):
            gone = True
    kind = _ZONE_TAGS.get(tag, NO_ZONE)
    if identity or classes:
        identity, classes = identity[:_LONGEST_NAME], classes[:_LONGEST_NAME]
        page.names.append((at, identity, classes))
        if not kind and tag not in _NEVER_ZONE:
            kind = _zone_of(f"{classes} {identity}")
    if kind:
        page.zone[at] = kind
        page.zones.append(at)
    return gone


def _weigh(page: Outline) -> None:
    """Count the characters of each element's own text: all, those in links, and those of prose."""
    count = len(page.elements)
    linked = page.linked = [False] * count
    end = page.end
    for at, tag in enumerate(page.tags):
        if tag == "a" and not linked[at]:
            linked[at : end[at]] = [True] * (end[at] - at)
    page.prose, page.links, page.chars = [0.0] * count, [0] * count, [0] * count
    prose, links, chars, find_marks = page.prose, page.links, page.chars, _MARKS.findall
    for at, text in page.texts:
        size = len(text)
        chars[at] += size
        if linked[at]:
            links[at] += size
        elif size > _SHORTEST_PROSE and (marks := len(find_marks(text))):
            prose[at] += min(size, marks * _PROSE_PER_MARK)


def _add_up(page: Outline) -> None:
    """Add each element's totals to its parent's, the last elements first."""
    parent, prose, links, chars = page.parent, page.prose, page.links, page.chars
    page.total = sum(prose)
    for at in range(len(parent) - 1, 0, -1):
        size = chars[at]
        if size:
            up = parent[at]
            chars[up] += size
            links[up] += links[at]
            prose[up] += prose[at]


def _settle_zones(page: Outline) -> None:
    """Take the prose of zones out of what is around them; one with most of the page's prose is the article itself."""
    limit = page.total * _ZONE_SHARE
    prose, zone, parent = page.prose, page.zone, page.parent
    for at in reversed(page.zones):
        if prose[at] > limit and zone[at] == SOFT:
            zone[at] = NO_ZONE
            page.released.add(at)
        elif prose[at]:
            up = parent[at]
            while up >= 0:
                prose[up] -= prose[at]
                up = parent[up]
    for at in page.zones:
        kind = zone[at]
        if kind:
            end = page.end[at]
            zone[at:end] = [kind] * (end - at)
