"""What kind of page a response is, before anything is read from it: refused, missing, or no page at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crawler.extract.document import Document
from crawler.extract.outline import outline
from crawler.extract.tables import read_table
from crawler.items import Article, PageKind

_BLOCKING_STATUS = {412: "http_412", 429: "http_429", 521: "http_521"}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"), (b"PK\x03\x04", "zip"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG", "png"), (b"GIF8", "gif"),
    (b"\xd0\xcf\x11\xe0", "office"), (b"Rar!", "rar"), (b"\x1f\x8b", "gzip"), (b"RIFF", "riff"),
)  # fmt: skip
_SMALL = 40_000
_FEW_CHARS = 300
# A page that refuses has no navigation.
_FEW_LINKS = 3
_APP_ROOT = re.compile(
    r"<div[^<>]{0,80}\sid\s?=\s?[\"']?(?:app|root|__next|__nuxt|main-app|container)[\"']?[^<>]{0,80}>\s{0,99}</div>",
    re.I,
)


# Text holds white space, no other control characters.
_CONTROLS = bytes(sign for sign in range(0x20) if sign not in b"\t\n\x0b\x0c\r\x1b")
_BINARY_SHARE = 0.05


@dataclass(slots=True, frozen=True)
class _Phrase:
    """What a page of some kind says; a text longer than `longest` is no such page."""

    reason: str
    longest: int
    pattern: re.Pattern[str]


@cache
def _phrases(kind: str) -> tuple[_Phrase, ...]:
    rows = [row for row in read_table("refusals.csv") if row["kind"] == kind]
    return tuple(_Phrase(row["reason"], int(row["longest"]), re.compile(row["pattern"])) for row in rows)


def _said(kind: str, text: str) -> str | None:
    size = len(text)
    for phrase in _phrases(kind):
        if size <= phrase.longest and phrase.pattern.search(text):
            return phrase.reason
    return None


@dataclass(slots=True, frozen=True)
class Verdict:
    """The kind of a page that holds nothing to read, and why."""

    kind: PageKind
    reason: str


def refused(document: Document, body: bytes, status: int) -> Verdict | None:
    """Whether a response is a block, an error or no page; None for a page worth reading.

    A block is recognised by its status (412, 429, 521) or by the marks of 加速乐, 瑞数 and common firewalls in a page
    with hardly any text. The cookie `__jsluid_s` alone is no block.
    """
    if status in _BLOCKING_STATUS:
        return Verdict("blocked", _said("blocked", document.text) or _BLOCKING_STATUS[status])
    if not body.strip():
        return Verdict("error", f"http_{status}" if status >= 400 else "empty")
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return Verdict("other", f"not_html:{name}")
    if _is_binary(document, body[:_SMALL]):
        return Verdict("other", "not_html:binary")
    if document.text.count("<a ") <= _FEW_LINKS:
        mark = _said("blocked", document.text)
        if mark and visible_size(document) < _FEW_CHARS:
            return Verdict("blocked", mark)
    if status >= 400:
        return Verdict("error", f"http_{status}")
    return None


def visible_size(document: Document) -> int:
    """How many characters a reader sees, links included."""
    return sum(len(text) for _, text in outline(document.root).texts)


def _is_binary(document: Document, head: bytes) -> bool:
    if document.charset.startswith("utf-16") or document.charset.startswith("utf-32"):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > _BINARY_SHARE * len(head) or document.text.count("\ufffd") * 5 > len(document.text)


def missing(page_title: str, article: Article | None, text: str) -> str | None:
    """Why a page with status 200 holds nothing (a soft 404), in its own words; None where it holds something.

    An error page is short and shows no date; a dated notice about a system that is down is an article.
    """
    dated = article.provenance.get("published") if article is not None else None
    if (dated is not None and dated.rule != "url") or len(text) > 2 * _FEW_CHARS:
        return None
    return _said("missing", page_title) or (_said("missing", text) if len(text) < _FEW_CHARS else None)


def outline_text(document: Document) -> str:
    """All text of a page outside its links."""
    page = outline(document.root)
    return " ".join(text for at, text in page.texts if page.tags[at] != "a")


def needs_script(document: Document, chars: int) -> bool:
    """Whether only a script would fill the page."""
    if chars > _FEW_CHARS:
        return False
    text = document.text
    return _APP_ROOT.search(text[:200_000]) is not None or ("<script" in text and chars < 60)
