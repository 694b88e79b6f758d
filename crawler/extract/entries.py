"""One row of a listing as an entry: its title, date and summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from crawler.extract.navigation import is_frame_label
from crawler.extract.row_dates import DATE_ONLY, RowDate, date_of_row, read_date
from crawler.extract.row_pieces import Piece, pieces_of
from crawler.extract.rows import Row
from crawler.extract.titled_links import squeeze

_CUT = re.compile(r"(?:…{1,12}|\.{2,6}|·{3,6}|。{3})\s{0,12}$")
_LONGEST_CUT = 24
_BADGE = re.compile(r"^(?:\[?(?:置顶|顶|热|新|荐|图|原创|new|hot|top)\]?|【置顶】|\(图\))$", re.IGNORECASE)
_LEADING = re.compile(r"^[\s·•●■◆▪►▶>»›*★☆\-–—]{1,8}(?=\S)|^(?:\[置顶\]|【置顶】)\s{0,3}")
_TITLE_NAMES = re.compile(r"tit|(?:^|[\s_-])(?:bt|biaoti|name|subject|h\d?)(?:$|[\s_\d-])", re.IGNORECASE)
_LABELLED_TITLE = re.compile(
    r"(?:文章)?标\s?题\s{0,3}[:：]\s{0,3}([^\n\r<]{2,300}?)\s{0,3}(?:$|[\n\r<]|(?:作者|发布|时间|日期|点击)[^\n]{0,10}[:：])"
)
BLOCK_TAGS = frozenset(
    {
        "div",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "ul",
        "li",
        "table",
        "td",
        "section",
        "figcaption",
    }
)
_DAY = r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_DATED_TITLE = re.compile(
    rf"(?:[\[【(（]?(?P<before>{_DAY})[\]】)）]?\s{{1,3}})?(?P<title>.{{4,300}}?)"
    rf"(?:\s{{0,3}}[\[【(（](?P<after>{_DAY})[\]】)）]|\s{{1,3}}(?P<end>{_DAY}))?"
)
_META_LINE = re.compile(
    r"^(?:来源|作者|浏览|阅读|点击|责任编辑|编辑|分类|栏目|标签|发布机构|发布单位|索引号|文号|发文字号)\s{0,3}[:：]"
)
_SHORTEST_SUMMARY = 15


@dataclass(slots=True, frozen=True)
class RowText:
    """A row as read: the fields of an entry before its year and address are settled."""

    title: str
    title_rule: str
    date: RowDate
    summary: str | None


def read_row(row: Row, *, fetched_at: datetime | None) -> RowText:
    """Read the title, date and summary of one row. Raises nothing."""
    pieces = pieces_of(row)
    link = row.link.element if row.link is not None else None
    title, rule, used = _title(pieces, link, row.link.label if row.link is not None else "")
    found = date_of_row(pieces, used, row, fetched_at)
    if found.moment is None and found.month_day is None and (dated := _DATED_TITLE.fullmatch(title)):
        # Some templates write the day into the link itself.
        day = read_date(dated["before"] or dated["after"] or dated["end"] or "", fetched_at)
        if day is not None:
            title, found = dated["title"].strip(), day
    return RowText(title, rule, found, _summary(pieces, used, title))


def _title(pieces: list[Piece], link: HtmlElement | None, label: str) -> tuple[str, str, set[int]]:
    """Return the title, the rule that gave it, and which pieces it used up."""
    linked = [(number, piece) for number, piece in enumerate(pieces) if piece.linked]
    words = [
        (number, piece)
        for number, piece in linked
        if not DATE_ONLY.fullmatch(piece.text) and not _BADGE.match(piece.text)
    ]
    rule = "link"
    if link is not None and any(piece.owner is not link and piece.owner.tag in BLOCK_TAGS for _, piece in words):
        words, rule = _headline(words, link), "link:headline"
    visible = _LEADING.sub("", squeeze("".join(_spaced(piece for _, piece in words)))) if words else ""
    used = {number for number, _ in words}
    written = squeeze((link.get("title") or "")[:600]) if link is not None else ""
    if written and (labelled := _LABELLED_TITLE.search((link.get("title") or "")[:600] if link is not None else "")):
        written = squeeze(labelled.group(1))
    if not visible:
        return written or label, "link:title-attribute", used
    stem = _without_cut(visible)
    if (
        len(written) > len(stem)
        and (stem != visible or written.startswith(stem))
        and written[: min(4, len(stem))] == stem[:4]
    ):
        return _LEADING.sub("", written), "link:title-attribute", used
    return visible, rule, used


def _spaced(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the pieces of a title; texts of different blocks get a blank between them."""
    before: Piece | None = None
    for piece in pieces:
        if before is not None and piece.owner is not before.owner and piece.owner.tag in BLOCK_TAGS:
            yield " "
        yield piece.text
        before = piece


def _headline(words: list[tuple[int, Piece]], link: HtmlElement) -> list[tuple[int, Piece]]:
    """Choose the title among the blocks of a link that wraps a whole row: a heading, a box named so, else the first."""
    for wanted in (_is_heading, _is_named_title):
        for _, piece in words:
            box = next((step for step in _up_to(piece.owner, link) if wanted(step)), None)
            if box is not None:
                inside = set(box.iter())
                return [(number, other) for number, other in words if other.owner in inside]
    first = next((word for word in words if len(word[1].text) >= 4), words[0])
    block = next((step for step in _up_to(first[1].owner, link) if step.tag in BLOCK_TAGS), first[1].owner)
    inside = set(block.iter()) if block is not link else {first[1].owner}
    return [(number, other) for number, other in words if other.owner in inside]


def _up_to(element: HtmlElement, end: HtmlElement) -> Iterator[HtmlElement]:
    step: HtmlElement | None = element
    while step is not None and step is not end:
        yield step
        step = step.getparent()


def _is_heading(element: HtmlElement) -> bool:
    return element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")


def _is_named_title(element: HtmlElement) -> bool:
    return bool(_TITLE_NAMES.search(element.get("class") or "")) or element.tag in ("strong", "b", "dt")


def _summary(pieces: list[Piece], used: set[int], title: str) -> str | None:
    """Return the longest other text of a row, block by block, where it is long enough to say something."""
    blocks: dict[HtmlElement, list[str]] = {}
    for number, piece in enumerate(pieces):
        if (
            number in used
            or DATE_ONLY.fullmatch(piece.text[:80])
            or _META_LINE.match(piece.text)
            or is_frame_label(piece.text)
        ):
            continue
        owner = piece.owner
        while owner.tag not in BLOCK_TAGS and (parent := owner.getparent()) is not None:
            owner = parent
        blocks.setdefault(owner, []).append(piece.text)
    texts = [text for parts in blocks.values() if len(text := "".join(parts)) >= _SHORTEST_SUMMARY]
    best = max(texts, key=len, default="")
    return best if best and not title.startswith(_without_cut(best)) else None


def _without_cut(text: str) -> str:
    """The text without the dots that say it goes on; only its end is looked at, however many dots there are."""
    return text[:-_LONGEST_CUT] + _CUT.sub("", text[-_LONGEST_CUT:])
