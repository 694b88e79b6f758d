"""The repeated structure of a listing page: which links form one list, and where each row begins and ends."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.extract.document import Document
from crawler.extract.navigation import SIDE_HEADING
from crawler.extract.titled_links import ROW_TAGS, TitledLink, squeeze, text_of, titled_links, without_topics

_DEEPEST = 60
_LOOKED_AT = 40
_DATE_HINT = re.compile(r"\d{1,4}\s{0,2}[-/.年月]\s{0,2}\d{1,2}|\d{1,3}\s?(?:秒|分钟|小时|天)前|昨天|前天|今天|刚刚")


@dataclass(slots=True)
class Row:
    """One row of a list: its element and the link that carries the title.

    Where the list has no rows of its own, the siblings after the element belong to it (`following`, and the text
    behind the element with `tail`), or the text before it (`lead`).
    """

    element: HtmlElement
    link: TitledLink | None
    following: list[HtmlElement] = field(default_factory=list)
    tail: bool = False
    lead: str = ""


@dataclass(slots=True)
class LinkList:
    """Links in equal places of the page's structure, in document order."""

    links: list[TitledLink]
    rows: list[Row] = field(default_factory=list)


def link_lists(document: Document) -> list[LinkList]:
    """Return the lists of links a page holds, those of menus and footers left out, in document order."""
    links = without_topics([link for link in titled_links(document) if link.zone != "frame"])
    groups: dict[int, list[TitledLink]] = defaultdict(list)
    for link in links:
        groups[link.path].append(link)
    return [part for group in groups.values() for part in _parts(LinkList(group, _rows(group)))]


def _parts(found: LinkList) -> list[LinkList]:
    """Split a list whose rows stand in several boxes into those with dates and those without.

    Pages without class names build their menus and side columns like their list.
    """
    homes: dict[HtmlElement | None, list[Row]] = defaultdict(list)
    for row in found.rows:
        homes[row.element.getparent()].append(row)
    if len(homes) < 2:
        return [found]
    kinds: dict[tuple[bool, bool], list[Row]] = defaultdict(list)
    for rows in homes.values():
        dated = sum(_DATE_HINT.search(_outside(row) + row.lead) is not None for row in rows[:_LOOKED_AT])
        dated_tails = sum(_DATE_HINT.search(row.element.tail or "") is not None for row in rows[:_LOOKED_AT])
        has_dates = max(dated, dated_tails) * 2 >= len(rows[:_LOOKED_AT])
        kinds[has_dates, SIDE_HEADING.match(heading_above(rows[0])) is not None].extend(rows)
    return [LinkList([row.link for row in rows if row.link is not None], rows) for rows in kinds.values()]


def _rows(links: list[TitledLink]) -> list[Row]:
    """Find each link's row: the highest element that holds no other link of the list."""
    held: Counter[HtmlElement] = Counter()
    for link in links:
        held.update(_ancestors(link.element))
    rows = [Row(_row_element(link.element, held, alone=len(links) == 1), link) for link in links]
    if len(rows) > 1:
        _take_siblings(rows)
    return rows


def _ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    for depth, ancestor in enumerate(element.iterancestors()):
        if depth >= _DEEPEST:
            return
        yield ancestor


def _row_element(link: HtmlElement, held: Counter[HtmlElement], *, alone: bool) -> HtmlElement:
    row = link
    for depth, parent in enumerate(_ancestors(link)):
        if row.tag in ("li", "article", "body") or parent.tag in ("body", "html", "form") or held[parent] > 1:
            break
        if alone and (depth >= 4 or parent.tag in ("ul", "ol", "tbody", "table") or row.tag in ("tr", "dl")):
            break
        row = parent
    return row


def _take_siblings(rows: list[Row]) -> None:
    """Give each row what stands between it and its neighbour, where the rows themselves hold no date.

    Lists without rows of their own (links and dates one after another), `dt`/`dd` pairs, and tables with a second
    line for the date are built so.
    """
    seen = rows[:_LOOKED_AT]
    if sum(_DATE_HINT.search(_outside(row)) is not None for row in seen) * 2 >= len(seen):
        return
    starts = {row.element for row in rows}
    leads = [_lead(row, starts) for row in rows]
    dated = sum(_DATE_HINT.search(lead) is not None for lead in leads)
    if _DATE_HINT.search(leads[0]) and dated * 2 >= len(rows):
        for row, lead in zip(rows, leads, strict=True):
            row.lead = lead
        return
    for row in rows:
        row.tail = True
        step = row.element.getnext()
        while step is not None and step not in starts and len(row.following) < 12:
            row.following.append(step)
            step = step.getnext()
        if step is None:
            # What follows the last row may be anything: as much as the other rows have, at most.
            usual = max((len(other.following) for other in rows if other is not row), default=0)
            del row.following[usual:]


def _lead(row: Row, starts: set[HtmlElement]) -> str:
    """Return the text between the row before and this one, or the start of their container."""
    parts: list[str] = []
    step = row.element.getprevious()
    while step is not None and len(parts) < 12:
        parts.append(step.tail or "")
        if step in starts:
            return squeeze("".join(reversed(parts))[-120:])
        if isinstance(step.tag, str):
            parts.append(text_of(step)[-120:])
        step = step.getprevious()
    parent = row.element.getparent()
    parts.append((parent.text or "") if parent is not None else "")
    return squeeze("".join(reversed(parts))[-120:])


def _outside(row: Row) -> str:
    """Return a row's text with the link's own left out, unless the link is all of it."""
    element = row.element
    text = text_of(element)[:3_000]
    label = text_of(row.link.element) if row.link is not None and row.link.element is not element else ""
    return text.replace(label, " ", 1) if label else text


def heading_above(row: Row) -> str:
    """Return the short text that stands above a row's list, or nothing where there is none near."""
    step: HtmlElement | None = row.element.getparent() if row.element.tag in ROW_TAGS else row.element
    for _ in range(4):
        if step is None or step.tag in ("body", "html"):
            return ""
        before = step.getprevious()
        while before is not None and not isinstance(before.tag, str):
            before = before.getprevious()
        if before is not None:
            text = squeeze(text_of(before, 12)[:200])
            if text:
                return text if len(text) <= 24 else ""
        step = step.getparent()
    return ""


def is_side_list(rows: LinkList) -> bool:
    """Tell whether a list is one that stands beside the page's own, by its box or by its heading."""
    return any(link.zone == "side" for link in rows.links[:1]) or bool(
        rows.rows and SIDE_HEADING.match(heading_above(rows.rows[0]))
    )
