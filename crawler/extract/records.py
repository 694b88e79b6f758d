"""Text listings: records of a title, a body and a date, separated by a line that holds only a dash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crawler.extract.clean import clean_text
from crawler.extract.dates import parse_date
from crawler.extract.decode import decode
from crawler.extract.navigation import is_frame_line
from crawler.items import Entry, Evidence, Flaw, Listing

_SEPARATOR = re.compile(r"[\s\u3000]{0,40}[-–—―－─]{1,40}[\s\u3000]{0,40}")
_DAY = (
    r"(?:(?:19|20)\d\d\s{0,2}[-/.年]\s{0,2}\d{1,2}\s{0,2}[-/.月]\s{0,2}\d{1,2}\s{0,2}日?|\d\d-\d\d-\d\d|\d{1,2}[-/月]\d{1,2}日?"
    r"|\d{1,3}\s?(?:秒|分钟|小时|天)前|昨天|前天|今天|刚刚)"
)
_DATE_LINE = re.compile(
    r"[\s\[(（【]{0,4}(?:(?:发布|发表|更新|添加)?(?:时间|日期|于)\s{0,3}[:：]?\s{0,3})?"
    + _DAY
    + r"(?:[\sT]{0,4}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?[\s\])）】]{0,4}"
    r"(?:[\s|]{0,8}(?:来源|作者|浏览|阅读|点击|编辑|发布者).{0,80})?"
)
_MENU_ITEM = re.compile(r"[-–—•·*]\s{0,4}[^\s\d，。；：、！？,.;:!?][^\d，。；：、！？,.;:!?]{0,11}")
_BYTE_ORDER_MARK = "\ufeff"
_LONGEST_TITLE = 300
_LONGEST_HEAD = 60
_MARKUP = re.compile(
    r"\s{0,200}<(?:!doctype|\?xml|html|head|body|div|datastore|rss|feed|meta|script|table|ul|p)\b", re.IGNORECASE
)
_LOOKED_AT = 200_000


@dataclass(slots=True, frozen=True)
class Line:
    """One line of text with its 1-based number."""

    number: int
    text: str


def looks_like_records(text: str) -> bool:
    """Tell whether a text is such a listing: lone dashes with dates or several of them, and no markup."""
    head = text[:_LOOKED_AT].lstrip(_BYTE_ORDER_MARK)
    if _MARKUP.match(head) or head.lstrip()[:1] in ("{", "["):
        return False
    lines = [line for line in _lines(head) if line.text]
    separators = sum(is_separator(line.text) for line in lines)
    dates = sum(is_date_line(line.text) for line in lines)
    return separators >= 1 and (dates >= 1 or separators >= 3) and len(lines) >= separators + 2


def read_records(source: str | bytes, *, url: str, fetched_at: datetime | None = None) -> Listing:
    """Read a text listing; every record is an entry that carries its whole text, or a flaw.

    Lines are counted from 1; an entry's `line` is its title's. The file's closing menu and its call for
    contributions are neither entries nor flaws. Raises nothing.
    """
    text = decode(source)[0] if isinstance(source, bytes) else source
    return read_lines(_lines(text.lstrip(_BYTE_ORDER_MARK)), url=url, fetched_at=fetched_at)


def read_lines(lines: Sequence[Line], *, url: str, fetched_at: datetime | None = None) -> Listing:
    """Read a listing that is given line by line (`read_records` for text, the portal reader for HTML)."""
    entries: list[Entry] = []
    flaws: list[Flaw] = []
    for record in _records(lines):
        read = _read_record(record, fetched_at)
        if isinstance(read, Entry):
            entries.append(read)
        else:
            flaws.append(read)
    return Listing(url, tuple(entries), flaws=tuple(flaws), provenance={"entries": Evidence("records")})


def _lines(text: str) -> list[Line]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [Line(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]


def is_separator(text: str) -> bool:
    """Tell whether a line holds only a dash."""
    return text == "-" or (len(text) <= 120 and _SEPARATOR.fullmatch(text) is not None)


def is_date_line(text: str) -> bool:
    """Tell whether a line holds a date, its label and nothing that a sentence would hold."""
    return len(text) <= 160 and _DATE_LINE.fullmatch(text) is not None


def _records(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each record, without blank lines, separators and the closing menu."""
    segments: list[list[Line]] = [[]]
    for line in lines:
        if is_separator(line.text):
            if segments[-1]:
                segments.append([])
        elif line.text:
            segments[-1].append(line)
    segments = [segment for segment in segments if segment]
    while segments:
        segments[-1] = _without_menu(segments[-1])
        if segments[-1]:
            break
        segments.pop()
    for segment in segments:
        yield from _split_at_dates(segment)


def _without_menu(segment: list[Line]) -> list[Line]:
    """Cut the menu that closes a file off its last record: after the date, or where it says what menus say."""
    dates = [place for place, line in enumerate(segment) if is_date_line(line.text)]
    after_date = dates[-1] + 1 if dates and dates[-1] >= 1 else 0
    end = len(segment)
    while end > after_date and (is_frame_line(segment[end - 1].text) or _MENU_ITEM.fullmatch(segment[end - 1].text)):
        end -= 1
    tail = segment[end:]
    if end == after_date or any(is_frame_line(line.text.lstrip("-–—•·* ")) for line in tail):
        return segment[:end]
    return segment


def _split_at_dates(segment: list[Line]) -> Iterator[list[Line]]:
    """Split records that no dash separates: after a date a short line begins the next if a further date closes it."""
    start = 0
    dates = [place for place, line in enumerate(segment) if is_date_line(line.text)]
    for place, following in pairwise(dates):
        head = segment[place + 1]
        if (
            place - start >= 2
            and following - place >= 3
            and len(head.text) <= _LONGEST_HEAD
            and head.text[-1] not in "。；！"
        ):
            yield segment[start : place + 1]
            start = place + 1
    yield segment[start:]


def _read_record(record: list[Line], fetched_at: datetime | None) -> Entry | Flaw:
    first = record[0]
    date_place = _date_place(record)
    body_lines = [line for place, line in enumerate(record) if place not in (0, date_place)]
    title = clean_text(first.text)
    if is_date_line(first.text) or not title.text or len(title.text) > _LONGEST_TITLE:
        return Flaw("the record has no title", first.number, first.text[:80])
    body = clean_text("\n".join(line.text for line in body_lines))
    if not body.text.strip():
        return Flaw("the record has no body", first.number, first.text[:80])
    provenance = {"title": Evidence("record:first-line", note=_removal_note(title.removed))}
    provenance["body"] = Evidence("record:lines", note=_removal_note(body.removed))
    moment = None
    if date_place is not None:
        moment = parse_date(record[date_place].text, fetched_at=fetched_at)
        note = None if moment else f"unreadable or impossible date {record[date_place].text[:40]!r}"
        provenance["published_on"] = Evidence("record:date-line", 1.0 if moment else 0.0, note)
    return Entry(
        title.text,
        published_on=moment.day if moment else None,
        published_at=moment.at if moment else None,
        body=body.text,
        line=first.number,
        provenance=provenance,
    )


def _date_place(record: list[Line]) -> int | None:
    """Return which line is the record's date: the second (a date above the body), else one of the last two."""
    if len(record) > 2 and is_date_line(record[1].text):
        return 1
    last = len(record) - 1
    return next((place for place in (last, last - 1) if place >= 0 and is_date_line(record[place].text)), None)


def _removal_note(removed: tuple[str, ...]) -> str | None:
    return f"removed {', '.join(map(repr, removed))}" if removed else None
