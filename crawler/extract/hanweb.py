"""Hanweb's listings: rows that a page carries as XML inside a script, and the answers of `dataproxy.jsp`.

An HTML parser sees no link in them: each row is a CDATA section of a `<record>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from crawler.extract.document import Document
from crawler.items import Entry, Evidence, Listing

_MOST_RECORDS = 5_000
_HREF = re.compile(r"""href\s{0,3}=\s{0,3}["']([^"'<>]{1,1500})["']""", re.IGNORECASE)
_NUMBER = re.compile(r"\s{0,20}(?:<!\[CDATA\[)?\s{0,20}(\d{1,9})")


class ReadEntries(Protocol):
    """How the rows of an inner document are read (the listing reader gives itself)."""

    def __call__(self, document: Document, *, trusted: bool = False) -> tuple[Entry, ...]:
        """Return the entries of a document that holds rows."""


@dataclass(slots=True, frozen=True)
class Datastore:
    """One data store: the rows as HTML, the address of the next group of rows, and the number of all rows.

    `next_group` is empty where the store says that there is none, None where it does not speak of it.
    """

    rows: tuple[str, ...]
    next_group: str | None
    total: int | None


def holds_datastore(document: Document) -> bool:
    """Tell whether a page or an answer carries rows as records of CDATA."""
    text = document.text
    return ("<record>" in text and "CDATA[" in text) or (is_answer(document) and "<datastore" in text)


def is_answer(document: Document) -> bool:
    """Tell whether a document is what the interface answered, and not a page."""
    return "dataproxy.jsp" in document.url


def datastores(text: str) -> list[Datastore]:
    """Return the data stores of a page or an answer, in order. Linear in the length of the text."""
    parts = text.split("<datastore")
    stores = parts[1:] if len(parts) > 1 else parts
    return [Datastore(tuple(_rows(store)), _next_group(store), _count(store, "totalrecord")) for store in stores]


def largest_datastore(text: str) -> Datastore | None:
    """Return the data store with the most rows; a page may carry smaller ones for its side columns."""
    found = [store for store in datastores(text) if store.rows or store.next_group]
    return max(found, key=lambda store: len(store.rows), default=None)


def read_datastore(document: Document, read_entries: ReadEntries) -> Listing | None:
    """Read the rows of the largest data store; None where none can be read."""
    store = largest_datastore(document.text)
    if store is None or not store.rows:
        return (
            Listing(document.url, provenance={"entries": Evidence("cms:hanweb-datastore")})
            if is_answer(document)
            else None
        )
    rows = "\n".join(store.rows)
    if "<tr" in rows[:2000].lower() and "<table" not in rows[:2000].lower():
        rows = f"<table>{rows}</table>"
    inner = Document(f"<html><body><div>{rows}</div></body></html>", document.url, fetched_at=document.fetched_at)
    entries = read_entries(inner, trusted=True)
    if not entries:
        return None
    return Listing(document.url, entries, total=store.total, provenance={"entries": Evidence("cms:hanweb-datastore")})


def _rows(store: str) -> Iterator[str]:
    for piece in store.split("<record>")[1 : _MOST_RECORDS + 1]:
        row = piece.partition("</record>")[0].strip()
        if row.startswith("<![CDATA["):
            row = row[9:].partition("]]>")[0]
        elif "&lt;" in row:
            row = html.unescape(row)
        if row.strip():
            yield row.strip()


def _next_group(store: str) -> str | None:
    _, mark, rest = store.partition("<nextgroup>")
    if not mark:
        return None
    match = _HREF.search(rest[:2_000].partition("</nextgroup>")[0])
    return html.unescape(match.group(1)).strip() if match else ""


def _count(store: str, name: str) -> int | None:
    _, mark, rest = store.partition(f"<{name}>")
    match = _NUMBER.match(rest[:60]) if mark else None
    return int(match.group(1)) if match else None
