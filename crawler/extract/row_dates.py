"""The day that a row of a listing gives, in all the forms that rows give days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.dates import Moment, parse_date
from crawler.extract.row_pieces import Piece
from crawler.extract.rows import Row
from crawler.extract.titled_links import squeeze, text_of

_HINT = re.compile(
    r"\d{1,4}\s{0,2}[-/.年月]\s{0,2}\d{1,2}|\d{1,3}\s?(?:秒|分钟|小时|天)前|昨天|前天|今天|刚刚|(?<!\d)1[0-9]{12}(?!\d)"
)
DATE_ONLY = re.compile(
    r"[\s\[(（【/|]{0,6}(?:(?:发布|发表|更新|添加|录入)?(?:时间|日期)\s{0,3}[:：]?\s{0,3})?"
    r"(?:(?:19|20)\d\d\s{0,3}[-/.年]\s{0,3}\d{1,2}\s{0,3}[-/.月]\s{0,3}\d{1,2}\s{0,3}日?|\d\d[-/.]\d\d[-/.]\d\d|\d{1,2}\s{0,2}[-/.月]\s{0,2}\d{1,2}\s{0,2}日?"
    r"|\d{1,3}\s?(?:秒|分钟|小时|天)前|昨天|前天|今天|刚刚)"
    r"(?:[\sT]{0,4}\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?[\s\])）】/|]{0,6}"
)
_SIGNED = re.compile(r"成文|签署|印发|施行|实施|生效|废止|截止|截至|有效期")
_PUBLISHED = re.compile(r"发布|发表|公开|更新|时间|日期")
_YEARLESS = re.compile(r"(?<!\d)(?<!\d[-/.年])(\d{1,2})\s{0,2}[-/.月]\s{0,2}(\d{1,2})(?![\d]|\s{0,2}[-/.]\s{0,2}\d)")
_FOUR_DIGIT_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d\d[-/.]\d\d[-/.]\d\d(?!\d)")
_SPLIT_DATES: tuple[re.Pattern[str], ...] = (
    re.compile(r"^(?P<d>\d{1,2})日?\s(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})月?$"),
    re.compile(r"^(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})月?\s(?P<d>\d{1,2})日?$"),
    re.compile(r"^(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})日?\s(?P<y>(?:19|20)\d\d)年?$"),
    re.compile(r"^(?P<y>(?:19|20)\d\d)年?\s(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})日?$"),
    re.compile(r"^(?P<d>\d{1,2})日?\s[/|]?\s?(?P<m>\d{1,2})月?\s[/|]?\s?(?P<y>(?:19|20)\d\d)年?$"),
    re.compile(r"^(?P<d>\d{1,2})日?\s(?P<m>\d{1,2})月$"),
    re.compile(r"^(?P<m>\d{1,2})月\s(?P<d>\d{1,2})日?$"),
)
"""A day whose parts stand in elements of their own, as their texts read one after the other."""
_LONGEST_DATE_TEXT = 120


@dataclass(slots=True, frozen=True)
class RowDate:
    """What a row says about its day: a full date, or a month and day that wait for their year."""

    moment: Moment | None = None
    month_day: tuple[int, int] | None = None
    rule: str = ""


def date_of_row(pieces: list[Piece], used: set[int], row: Row, fetched_at: datetime | None) -> RowDate:
    """Return a row's publication date: from its text, else an attribute of its elements, else the heading above.

    `used` names the pieces that are the title's.
    """
    found = _in_text(pieces, used, row, fetched_at)
    if found.moment is None and found.month_day is None:
        found = _date_in_attributes(row, fetched_at) or _date_of_heading(row, fetched_at) or found
    return found


def _in_text(pieces: list[Piece], used: set[int], row: Row, fetched_at: datetime | None) -> RowDate:
    """Choose among the dates of a row: one labelled so, else the last that is no signing date, else one in parts."""
    best: tuple[int, RowDate] | None = None
    headings = _column_headings(row)
    previous = ""
    for number, piece in enumerate(pieces):
        text = piece.text
        if number not in used and len(text) <= _LONGEST_DATE_TEXT and (hint := _HINT.search(text)):
            label = f"{previous[-12:]} {text[: hint.start()]}"[-14:] + headings.get(_cell(piece.owner), "")
            whole = DATE_ONLY.fullmatch(text) is not None
            found = read_date(text, fetched_at) if whole or len(text) <= 30 or _PUBLISHED.search(label) else None
            if found is not None and (whole or found.moment is not None):
                rank = _rank(label, whole=whole, full=found.moment is not None)
                if best is None or rank >= best[0]:
                    best = (rank, found)
        previous = "" if number in used else text
    if best is None or best[1].moment is None:
        split = _split_date(pieces, used)
        if split is not None and (best is None or split.moment is not None):
            return split
    return best[1] if best is not None else RowDate()


def _rank(label: str, *, whole: bool, full: bool) -> int:
    if _SIGNED.search(label):
        return 0
    return (2 if _PUBLISHED.search(label) else 0) + (2 if whole else 0) + (1 if full else 0)


def _column_headings(row: Row) -> dict[HtmlElement | None, str]:
    """Return what the first line of a row's table says above each of the row's cells."""
    if row.element.tag != "tr":
        return {}
    table = next(row.element.iterancestors("table"), None)
    first = next(table.iter("tr"), None) if table is not None else None
    if first is None or first is row.element or any(step.tag == "a" for step in islice(first.iter(), 60)):
        return {}
    titles = [text_of(cell, 12)[:40] for cell in first.iterchildren("th", "td")]
    cells = row.element.iterchildren("th", "td")
    return {cell: title for cell, title in zip(cells, titles, strict=False) if len(title) <= 20}


def _cell(element: HtmlElement) -> HtmlElement | None:
    for depth, step in enumerate([element, *element.iterancestors()] if element.tag not in ("td", "th") else [element]):
        if step.tag in ("td", "th"):
            return step
        if depth > 4:
            return None
    return None


def read_date(text: str, fetched_at: datetime | None) -> RowDate | None:
    """Read the date of a short text; a day without a year is given back as such, whatever the fetch time says."""
    if not _FOUR_DIGIT_YEAR.search(text) and (match := _YEARLESS.search(text)):
        month, day = int(match.group(1)), int(match.group(2))
        if 1 <= month <= 12 and 1 <= day <= 31:
            return RowDate(month_day=(month, day), rule="row:month-day")
    moment = parse_date(text, fetched_at=fetched_at)
    return RowDate(moment, rule="row:date") if moment is not None else None


def _split_date(pieces: list[Piece], used: set[int]) -> RowDate | None:
    """Read a day whose parts stand in neighbouring elements (26 | 2025-07)."""
    short = [
        piece.text if number not in used and len(piece.text) <= 10 else "" for number, piece in enumerate(pieces[:60])
    ]
    for size in (3, 2):
        for start in range(len(short) - size + 1):
            parts = short[start : start + size]
            if not all(parts):
                continue
            text = " ".join(parts)
            for pattern in _SPLIT_DATES:
                match = pattern.match(text)
                if match and (found := _from_parts(match)):
                    return found
    return None


def _from_parts(match: re.Match[str]) -> RowDate | None:
    parts = match.groupdict()
    month, day = int(parts["m"]), int(parts["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if parts.get("y") is None:
        return RowDate(month_day=(month, day), rule="row:parts")
    try:
        return RowDate(Moment(date(int(parts["y"]), month, day)), rule="row:parts")
    except ValueError:
        return None


def _date_in_attributes(row: Row, fetched_at: datetime | None) -> RowDate | None:
    for part in (row.element, *row.following):
        for count, element in enumerate(part.iter()):
            if count > 40:
                break
            if not isinstance(element.tag, str):
                continue
            for name, value in element.attrib.items():
                if name in ("href", "src", "style", "onclick", "class", "id", "title") and element.tag != "span":
                    continue
                if 8 <= len(value) <= 30 and DATE_ONLY.fullmatch(value) and (found := read_date(value, fetched_at)):
                    return RowDate(found.moment, found.month_day, f"row:attribute {name}")
    return None


def _date_of_heading(row: Row, fetched_at: datetime | None) -> RowDate | None:
    """Read the day that stands above a group of rows, where a listing is grouped so."""
    parent = row.element.getparent()
    for start in (row.element, parent):
        if start is None or start.tag in ("body", "html"):
            return None
        for element in islice(start.itersiblings(preceding=True), 30):
            text = squeeze(text_of(element, 12)[:60]) if isinstance(element.tag, str) else ""
            if text and len(text) <= 24 and DATE_ONLY.fullmatch(text):
                return read_date(text, fetched_at)
    return None
