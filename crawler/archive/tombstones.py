"""Keeping out what was taken down: the names it would come back under, without a word of its text.

A page is known by its URLs: its own, its canonical one, and those it was asked for under. A record without a URL is
known by its title and day (white space, punctuation, width and case do not count), and by its text likewise. Names are
digests, so an archive that was cleared of a text does not say what the text was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from crawler.archive.models import TombstoneMark, table
from crawler.archive.types import digest, uid_of_record, uid_of_url
from crawler.extract.urls import canonical_url
from crawler.items import Article, Entry, Listing, Rejection

Item = Article | Listing | Rejection
_NO_LETTERS = re.compile(r"[\W_]+")


def url_marks(urls: Iterable[str | None]) -> set[str]:
    """The names of a page by its URLs."""
    return {uid_of_url(canonical_url(url)) for url in urls if url}


def record_marks(source_id: str, title: str, day: date | None, text: str | None) -> set[str]:
    """The names of a record without a URL; one without a text is known by its title and day alone."""
    marks = {uid_of_record(source_id, title, day), uid_of_record(source_id, _folded(title), day)}
    if text and (folded := _folded(text)):
        marks.add(uid_of_record(source_id, "", None, digest(folded)))
    return marks


def all_marks(connection: Connection) -> frozenset[str]:
    """The names of everything that was taken down; there are few."""
    return frozenset(connection.execute(select(table(TombstoneMark).c.mark)).scalars())


def is_kept_out(item: Item, source_id: str, marks: frozenset[str]) -> bool:
    """Whether an article, or the page that a rejection quotes, was taken down. A listing as a whole never is."""
    if isinstance(item, Listing):
        return False
    asked = item.visit.entry_url if item.visit else None
    if isinstance(item, Rejection):
        return not marks.isdisjoint(url_marks((item.url, asked)))
    if item.url is None:
        return not marks.isdisjoint(record_marks(source_id, item.title, item.published_on, item.body))
    return not marks.isdisjoint(url_marks((item.url, item.canonical_url, asked)))


def without_kept_out(parts: Iterable[Item], source_id: str, marks: frozenset[str]) -> Iterator[Item]:
    """The parts of a page without what was taken down; a listing is left with its other entries."""
    for part in parts:
        if isinstance(part, Listing):
            entries = tuple(each for each in part.entries if not _is_out(each, source_id, marks))
            yield part if len(entries) == len(part.entries) else replace(part, entries=entries)
        elif not is_kept_out(part, source_id, marks):
            yield part


def _is_out(entry: Entry, source_id: str, marks: frozenset[str]) -> bool:
    if entry.url is not None:
        return not marks.isdisjoint(url_marks((entry.url,)))
    text = entry.body or entry.summary
    return not marks.isdisjoint(record_marks(source_id, entry.title, entry.published_on, text))


def _folded(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()
