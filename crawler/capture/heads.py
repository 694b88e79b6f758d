"""Header blocks, of WARC records and of HTTP messages: to bytes and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.capture.values import Headers

_NO_NAME = re.compile(r"[^!-9;-~]+")  # a header's name is visible ASCII without a colon
_LINE_END = re.compile(r"[\r\n\0]+")
_NO_URI = re.compile(r"[\x00-\x20\x7f<>]")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"HTTP/[^\s]{1,9}\s+(\d{3})(?:\s+(.*))?\Z", re.IGNORECASE)
_SPACE = " \t\r\n"  # str.strip() alone would take characters that bytes of a header may stand for


def warc_head(fields: Iterable[tuple[str, str]]) -> bytes:
    """The head of a WARC 1.1 record, with the blank line that ends it."""
    return b"WARC/1.1\r\n" + warc_fields(fields) + b"\r\n"


def warc_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """A block of `application/warc-fields`. Line ends inside a value become a space."""
    return "".join(f"{name}: {_LINE_END.sub(' ', value)}\r\n" for name, value in fields).encode("utf-8", "replace")


def http_head(start_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The head of an HTTP message. Line ends inside a value become a space: they would start another header."""
    lines = [_LINE_END.sub(" ", start_line)]
    for name, value in headers:
        if clean := _NO_NAME.sub("", name):
            lines.append(f"{clean}: {_LINE_END.sub(' ', value).strip(_SPACE)}")
    return b"".join(_to_bytes(line) + b"\r\n" for line in lines) + b"\r\n"


def _to_bytes(line: str) -> bytes:
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def read_pairs(lines: Iterable[bytes], encoding: str) -> Headers:
    """The header lines of a block, a folded line joined to the one before it; a line without a colon is passed over."""
    pairs: list[list[str]] = []
    for line in lines:
        text = line.decode(encoding, "replace").strip("\r\n")
        if text[:1] in (" ", "\t") and pairs:
            pairs[-1].append(text.strip(_SPACE))
        elif (colon := text.find(":")) > 0:
            pairs.append([text[:colon].strip(_SPACE), text[colon + 1 :].strip(_SPACE)])
    return tuple((name, " ".join(values)) for name, *values in pairs)


def split_http(block: bytes) -> tuple[str, Headers, bytes]:
    """An HTTP message as its first line, its headers, and what follows them."""
    end = _BLANK_LINE.search(block)
    head, rest = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, *lines = head.split(b"\n")
    return first.decode("latin-1").strip(_SPACE), read_pairs(lines, "latin-1"), rest


def read_status(start_line: str) -> tuple[int | None, str]:
    """The status and reason of a response's first line; (None, "") where it is none."""
    match = _STATUS_LINE.match(start_line)
    return (int(match[1]), match[2] or "") if match else (None, "")


def as_uri(url: str) -> str:
    """A URL as a WARC field may hold it: what would end the field or its brackets is percent-encoded."""
    return _NO_URI.sub(lambda match: f"%{ord(match[0]):02X}", url)


def warc_date(moment: datetime) -> str:
    """A moment as WARC-Date: UTC, to the microsecond. Raises ValueError without a timezone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no timezone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_date(text: str | None) -> datetime | None:
    """The moment a WARC-Date names, in UTC; None where it is none."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
