"""Listings that a site's interface answers as JSON: rows as objects, or rows as HTML inside an object."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from crawler.extract.clean import clean_text
from crawler.extract.dates import SHANGHAI, Moment, date_from_url, parse_date
from crawler.extract.document import Document
from crawler.extract.hanweb import ReadEntries
from crawler.extract.urls import join, same_site
from crawler.items import Entry, Evidence, Listing


@dataclass(slots=True, frozen=True)
class JsonFields:
    """Which keys of a row hold a field, the surest first; keys match without case."""

    field: str
    keys: tuple[str, ...]


FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "post_title", "doctitle", "infotitle", "realtitle", "subject", "headline", "name", "bt"),
    "url": (
        "url",
        "post_url",
        "link",
        "href",
        "docpuburl",
        "docurl",
        "linkurl",
        "infourl",
        "pageurl",
        "urls",
        "visiturl",
        "path",
    ),
    "published": (
        "display_publish_time",
        "publishedtimestr",
        "publishedtime",
        "publishtime",
        "publish_time",
        "publishdate",
        "publish_date",
        "first_publish_time",
        "pubdate",
        "pub_date",
        "docreltime",
        "docpubtime",
        "releasedate",
        "releasetime",
        "infodate",
        "showtime",
        "deploytime",
        "date",
        "created_at",
        "create_time",
        "createtime",
        "createdate",
        "time",
    ),
    "summary": ("summary", "abstract", "docabstract", "excerpt", "memo", "description", "digest", "brief"),
}
TOTAL_KEYS = ("total", "totalcount", "totalhits", "totalrecord", "totalrecords", "totalnum", "count", "rowcount")
_ROW_PATHS: tuple[tuple[str, ...], ...] = (
    ("data", "results"),
    ("articles",),
    ("data", "list"),
    ("data", "rows"),
    ("data", "records"),
    ("data", "data"),
    ("data", "articles"),
    ("custom", "data"),
    ("page", "list"),
    ("results",),
    ("rows",),
    ("list",),
    ("records",),
    ("items",),
    ("data", "items"),
    ("docs",),
    ("data",),
    (),
)
"""Where the rows stand: UCAP, gkmlpt and WordPress (a bare list) among them."""
_HTML_PATHS: tuple[tuple[str, ...], ...] = (
    ("data", "html"),
    ("html",),
    ("data", "content"),
    ("result", "html"),
    ("result",),
    ("data",),
)
"""Where rows of HTML stand: jpaas first."""

_JSONP = re.compile(r"\s{0,50}[\w.$]{1,80}\s{0,5}\(\s{0,5}(?=[\[{])")
_TAG = re.compile(r"<[^<>]{0,400}>")
# jpaas writes the size of a page (rows) and the number of all rows (count) beside each other, or one of them.
_ROW_COUNTS = (
    re.compile(r"""\b(?:count|total(?:record|count|rows)?)\s{0,3}[=:]\s{0,3}["']?(\d{1,9})""", re.IGNORECASE),
    re.compile(r"""\brows\s{0,3}[=:]\s{0,3}["']?(\d{1,9})""", re.IGNORECASE),
)
_MOST_ROWS = 2_000
_UTC = timezone(timedelta(0))


def looks_like_json(document: Document) -> bool:
    """Tell whether an answer is JSON, or JSON wrapped in a call."""
    head = document.text[:200].lstrip("\ufeff \t\r\n")
    return head.startswith(("{", "[")) or _JSONP.match(head) is not None


def parse_json(document: Document) -> object | None:
    """Return the answer's value; None where it is not JSON. Raises nothing, however deep it is nested."""
    text = document.text.lstrip("\ufeff \t\r\n")
    wrapped = _JSONP.match(text)
    if wrapped:
        text = text[wrapped.end() :].rstrip().rstrip(";").rstrip().removesuffix(")")
    try:
        value: object = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return value


def read_json(document: Document, read_entries: ReadEntries) -> Listing | None:
    """Read a listing's JSON answer; None where it holds no rows in a form that is known."""
    value = parse_json(document)
    if value is None:
        return None
    markup = rows_of_html(value)
    if markup is not None:
        inner = Document(f"<html><body>{markup}</body></html>", document.url, fetched_at=document.fetched_at)
        entries = read_entries(inner, trusted=True)
        return Listing(document.url, entries, total=total_of(value), provenance={"entries": Evidence("json:html")})
    rows = rows_of(value)
    if rows is None:
        return None
    entries = tuple(entry for row in rows[:_MOST_ROWS] if (entry := _entry(row, document)) is not None)
    if rows and not entries:
        return None
    return Listing(document.url, entries, total=total_of(value), provenance={"entries": Evidence("json:rows")})


def rows_of_html(value: object) -> str | None:
    """Return the rows' HTML of an answer that carries them so."""
    for path in _HTML_PATHS:
        found = _at(value, path)
        if isinstance(found, str) and "<" in found:
            return found
    return None


def rows_of(value: object) -> Sequence[Mapping[str, object]] | None:
    """Return the rows of an answer that carries them as objects; empty past the last page."""
    empty: Sequence[Mapping[str, object]] | None = None
    for path in _ROW_PATHS:
        found = _at(value, path)
        if not isinstance(found, list):
            continue
        rows = [row for row in found if isinstance(row, dict)]
        if rows and _pick(rows[0], "title") is not None:
            return rows
        if not found and path and empty is None:
            empty = []
    return empty


def total_of(value: object) -> int | None:
    """Return how many rows the site says there are, from the answer's keys or its HTML's `rows=`/`count=`."""
    for holder in (value, _at(value, ("data",)), _at(value, ("page",))):
        if isinstance(holder, dict):
            folded = {str(key).lower(): item for key, item in holder.items()}
            for key in TOTAL_KEYS:
                number = folded.get(key)
                if isinstance(number, str) and number.isdecimal() and len(number) < 10:
                    number = int(number)
                if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
                    return number
    markup = rows_of_html(value)
    counts = (pattern.search(markup) for pattern in _ROW_COUNTS) if markup else ()
    return next((int(count[1]) for count in counts if count), None)


def _at(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _pick(row: Mapping[str, object], field: str) -> object | None:
    folded = {str(key).lower(): item for key, item in row.items()}
    return next((folded[key] for key in FIELDS[field] if folded.get(key) not in (None, "", [], {})), None)


def _entry(row: Mapping[str, object], document: Document) -> Entry | None:
    title = clean_text(_plain(_pick(row, "title"))).text.replace("\n", " ").strip()
    if not title:
        return None
    address = _address(_pick(row, "url"))
    url = join(document.base_url if not looks_like_json(document) else document.url, address) if address else None
    moment = next((found for item in _published(row) if (found := _moment(item, document.fetched_at))), None)
    if moment is None and url and (day := date_from_url(url)):
        moment = Moment(day)
    summary = clean_text(_plain(_pick(row, "summary"))).text
    return Entry(
        title,
        url,
        published_on=moment.day if moment else None,
        published_at=moment.at if moment else None,
        summary=summary or None,
        external=url is not None and not same_site(document.url, url),
        provenance={"title": Evidence("json"), "published_on": Evidence("json", 1.0 if moment else 0.0)},
    )


def _plain(value: object | None) -> str:
    """Return a value as text: WordPress wraps it as `rendered`, search interfaces mark the hits with tags."""
    if isinstance(value, dict):
        value = value.get("rendered")
    return html.unescape(_TAG.sub("", value)).strip() if isinstance(value, str) else ""


def _address(value: object | None) -> str | None:
    """Return an address; UCAP's `urls` is JSON of its own, by device."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, dict):
        value = next((value[key] for key in ("pc", "common", "web", "url") if value.get(key)), None)
    return value.strip() if isinstance(value, str) and value.strip() else None


def _published(row: Mapping[str, object]) -> Iterator[object]:
    folded = {str(key).lower(): item for key, item in row.items()}
    for key in FIELDS["published"]:
        if folded.get(key) not in (None, "", 0):
            yield folded[key]


def _moment(value: object, fetched_at: datetime | None) -> Moment | None:
    """Read a date: text, or seconds or milliseconds since 1970 in UTC."""
    if isinstance(value, str) and value.isdecimal() and len(value) in (10, 13):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > 10**14:
            return None
        seconds = value / 1000 if value > 100_000_000_000 else value
        if not 600_000_000 < seconds < 4_200_000_000:
            return None
        at = datetime.fromtimestamp(seconds, _UTC).astimezone(SHANGHAI)
        return Moment(at.date(), at)
    return parse_date(value[:60], fetched_at=fetched_at) if isinstance(value, str) else None
