"""Pages of commercial portals: whole articles one below the other, each with a title and a date but without a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from lxml.html import HtmlElement

from crawler.extract.document import Document
from crawler.extract.navigation import UNREAD_TAGS
from crawler.extract.records import Line, is_date_line, is_separator, read_lines
from crawler.extract.titled_links import is_address, squeeze
from crawler.items import Evidence, Listing

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_MOST_LINES = 20_000
_DEEPEST = 200
_LEAST_BODY = 40
_LEAST_TEXT = 80
_LEAST_TITLE = 5
_LONGEST_TITLE_ABOVE_DATE = 80


@dataclass(slots=True, frozen=True)
class PageLine:
    """One line as a browser shows it: its text, the block it stands in, and whether most of it is a link."""

    text: str
    block: HtmlElement
    linked: bool


def read_portal(document: Document) -> Listing | None:
    """Read records without links of their own; None where the page has fewer than two of them."""
    lines = page_lines(document)
    dates = _record_dates(lines)
    if len(dates) < 2:
        return None
    records = [_date_last(record) for record in _records(lines, dates)]
    if not records or sum(len(record[0].text) <= 300 and not record[0].linked for record in records) < 2:
        return None
    numbered: list[Line] = []
    for record in records:
        numbered.append(Line(0, "-"))
        numbered.extend(Line(0, line.text) for line in record)
    listing = read_lines(numbered, url=document.url, fetched_at=document.fetched_at)
    if len(listing.entries) < 2 or not _read_like_articles(listing):
        return None
    return replace(
        listing,
        entries=tuple(replace(entry, line=None) for entry in listing.entries),
        flaws=tuple(replace(flaw, line=None) for flaw in listing.flaws),
        provenance={"entries": Evidence("portal:records", 0.9)},
    )


def _read_like_articles(listing: Listing) -> bool:
    """Tell records from comments and footnotes, which have dates as well but hardly a title or a text."""
    titles = median(len(entry.title) for entry in listing.entries)
    return titles >= _LEAST_TITLE and median(len(entry.body or "") for entry in listing.entries) >= _LEAST_TEXT


def _date_last(record: list[PageLine]) -> list[PageLine]:
    """Put a date that stands above the title behind the body, where text listings have it."""
    return [*record[1:], record[0]] if len(record) > 2 and is_date_line(record[0].text) else record


def page_lines(document: Document) -> list[PageLine]:
    """Return a page's text line by line: blocks and `<br>` end a line, and so does a date of its own element."""
    blocks: dict[HtmlElement, tuple[HtmlElement, bool, bool]] = {}
    lines: list[PageLine] = []
    parts: list[str] = []
    current: HtmlElement | None = None
    linked_size = 0

    def finish() -> None:
        if current is not None and parts and (text := squeeze("".join(parts))):
            lines.append(PageLine(text, current, linked_size * 2 > len(text)))
        parts.clear()

    for node in document.root.xpath("//body//text()") if document.root is not None else ():
        if len(lines) >= _MOST_LINES:
            break
        parent = node.getparent()
        owner = parent.getparent() if node.is_tail else parent
        if owner is None:
            continue
        block, linked, hidden = _place(owner, blocks)
        if hidden:
            continue
        alone = 4 <= len(node) <= 60 and is_date_line(squeeze(node))
        if block is not current or alone or (node.is_tail and parent.tag == "br"):
            finish()
            current, linked_size = block, 0
        if "\n" in node and block.tag == "pre":
            for text in node.split("\n"):
                parts.append(text)
                finish()
            continue
        parts.append(node)
        linked_size += len(node.strip()) if linked else 0
        if alone:
            finish()
            current = None
    finish()
    return lines


def _place(
    element: HtmlElement, known: dict[HtmlElement, tuple[HtmlElement, bool, bool]]
) -> tuple[HtmlElement, bool, bool]:
    """Return the block an element stands in, whether it is in a link, and whether nobody reads it."""
    chain: list[HtmlElement] = []
    step: HtmlElement | None = element
    while step is not None and step not in known and len(chain) < _DEEPEST:
        chain.append(step)
        step = step.getparent()
    place = known[step] if step is not None and step in known else (element, False, False)
    for ancestor in reversed(chain):
        tag = ancestor.tag
        block = ancestor if tag in _BLOCKS else place[0]
        place = (block, place[1] or (tag == "a" and is_address(ancestor.get("href"))), place[2] or tag in UNREAD_TAGS)
        known[ancestor] = place
    return place


def _record_dates(lines: Sequence[PageLine]) -> list[int]:
    """Return which lines are the records' dates: the most frequent kind of date line that no link stands before."""
    dates = [
        number
        for number, line in enumerate(lines)
        if number and not line.linked and is_date_line(line.text) and not lines[number - 1].linked
    ]
    kinds = Counter(_kind(lines[number].block) for number in dates)
    if not kinds:
        return []
    kind = kinds.most_common(1)[0][0]
    return [number for number in dates if _kind(lines[number].block) == kind]


def _kind(block: HtmlElement) -> tuple[object, ...]:
    parent = block.getparent()
    return (block.tag, block.get("class"), parent.tag if parent is not None else None)


def _records(lines: Sequence[PageLine], dates: Sequence[int]) -> list[list[PageLine]]:
    container = _common_ancestor([lines[number].block for number in dates])
    if container is None:
        return []
    homes = {line: _child_holding(line.block, container) for line in {lines[number] for number in dates}}
    tops = [homes[lines[number]] for number in dates]
    inside = [line for line in lines if _is_inside(line.block, container)]
    held = Counter(_child_holding(line.block, container) for line in inside)
    if len(set(tops)) == len(tops) and all(top is not None and held[top] > 1 for top in tops):
        return _by_block(inside, container, tops)
    return _by_line(inside, set(homes))


def _by_block(
    inside: Sequence[PageLine], container: HtmlElement, tops: Sequence[HtmlElement | None]
) -> list[list[PageLine]]:
    """Records that each have a box of their own; a box without a date counts if it is of the same kind."""
    kinds = Counter((top.tag, top.get("class")) for top in tops if top is not None)
    kind = kinds.most_common(1)[0][0]
    dated = set(tops)
    records = []
    for top, group in groupby(inside, key=lambda line: _child_holding(line.block, container)):
        if top is not None and (top in dated or (top.tag, top.get("class")) == kind):
            record = [line for line in group if not is_separator(line.text)]
            if record:
                records.append(record)
    return records


def _by_line(inside: Sequence[PageLine], dates: set[PageLine]) -> list[list[PageLine]]:
    """Records that follow one another without boxes: by lone dashes, by dates above the bodies, by dates below them."""
    places = [place for place, line in enumerate(inside) if line in dates]
    if not places:
        return []
    if sum(is_separator(line.text) for line in inside) >= len(places) - 1:
        groups = [list(group) for lone, group in groupby(inside, key=lambda line: is_separator(line.text)) if not lone]
        if len(groups) >= len(places):
            return _without_heading(groups, dates)
    before = [len(inside[place - 1].text) for place in places if place]
    goes_on = any(len(line.text) >= _LEAST_BODY for line in inside[places[-1] + 1 :])
    if goes_on and len(before) == len(places) and median(before) <= _LONGEST_TITLE_ABOVE_DATE:
        starts = [place - 1 for place in places]
        return [list(inside[start:end]) for start, end in zip(starts, [*starts[1:], len(inside)], strict=True)]
    starts = [0, *(place + 1 for place in places[:-1])]
    records = [list(inside[start : end + 1]) for start, end in zip(starts, places, strict=True)]
    return _without_heading(records, dates)


def _without_heading(records: list[list[PageLine]], dates: set[PageLine]) -> list[list[PageLine]]:
    """Cut what stands above the first title, where titles are built in a way of their own."""
    kinds = Counter((record[0].block.tag, record[0].block.get("class")) for record in records[1:] if record)
    if not kinds or not records[0]:
        return records
    kind = kinds.most_common(1)[0][0]
    first = records[0]
    start = next((place for place, line in enumerate(first) if (line.block.tag, line.block.get("class")) == kind), 0)
    if not any(line in dates for line in first):
        return records[1:]
    return [first[start:], *records[1:]]


def _common_ancestor(elements: Sequence[HtmlElement]) -> HtmlElement | None:
    common: list[HtmlElement] | None = None
    for element in elements:
        chain = [element, *element.iterancestors()][::-1][:_DEEPEST]
        if common is None:
            common = chain
        else:
            same = 0
            for one, other in zip(common, chain, strict=False):
                if one is not other:
                    break
                same += 1
            common = common[:same]
    if not common:
        return None
    return common[-1]


def _child_holding(element: HtmlElement, container: HtmlElement) -> HtmlElement | None:
    step: HtmlElement | None = element
    for _ in range(_DEEPEST):
        parent = step.getparent() if step is not None else None
        if parent is container:
            return step
        step = parent
    return None


def _is_inside(element: HtmlElement, container: HtmlElement) -> bool:
    return element is container or _child_holding(element, container) is not None
