"""Which records of a WARC file are pages to read."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from crawler.capture import Record
from crawler.extract.urls import join

Role = Literal["page", "data", "redirect", "robots.txt", "file", "other"]
"""What a record is to an import.

`page` may hold an article or a listing, `data` a listing for scripts (JSON, XML), `redirect` leads to another page. The
rest is passed over: pictures, styles, scripts and documents (`file`), and what is no answer of a web server (`other`).
"""

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_DATA_TYPES = frozenset({"application/json", "text/json", "text/xml", "application/xml", "text/plain"})
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.I)
_SNIFFED = 2000
# A server that lacks a picture often says so in HTML.
_ENDINGS = (
    "css js mjs map json5 woff woff2 ttf eot otf png jpg jpeg gif svg webp avif bmp ico cur mp3 mp4 m4a m4v webm ogg"
    " avi mov wmv flv swf pdf ofd doc docx wps xls xlsx et ppt pptx dps zip rar 7z gz tar exe apk dmg"
)
_FILE_ENDINGS = frozenset(_ENDINGS.split())
_FOUND, _REDIRECTS = frozenset({200, 203}), frozenset({301, 302, 303, 307, 308})
_ANSWERS = frozenset({"response", "revisit", "resource"})


def role_of(record: Record) -> Role:
    """What a response, revisit or resource record is; any other record is `other`. Raises nothing."""
    url = record.url or ""
    if record.kind not in _ANSWERS or not url.isprintable() or join("", url) is None:
        return "other"
    path = _path(url)
    if path == "/robots.txt":
        return "robots.txt"
    if record.kind == "resource" or (record.kind == "revisit" and not record.start_line):
        return "file" if _is_file(path) else _by_type(record)
    if record.status in _REDIRECTS:
        return "redirect" if record.header("Location") else "other"
    if record.status is None or not (record.status in _FOUND or record.status >= 400):
        return "other"
    if record.status >= 400:
        return "page" if _by_type(record) == "page" and not _is_file(path) else "file"
    return "file" if _is_file(path) else _by_type(record)


def _by_type(record: Record) -> Role:
    kind = (record.content_type or "").partition(";")[0].strip().lower()
    if kind in _PAGE_TYPES:
        return "page"
    if kind in _DATA_TYPES:
        return "data"
    if kind in ("", "application/octet-stream", "unk") or record.kind == "revisit":
        # What a revisit without a head is, the record it refers to says.
        bare = record.kind == "revisit" and not record.start_line
        return "page" if bare or _MARKUP.search(record.payload[:_SNIFFED]) else "file"
    return "file"


def _is_file(path: str) -> bool:
    return path.rpartition("/")[2].rpartition(".")[2].lower() in _FILE_ENDINGS


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
