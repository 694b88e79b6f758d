"""Reading saved listings into the archive: text, HTML and JSON Lines. An import is a crawl of kind `import`."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler.archive.run import Run, SourceRow
from crawler.archive.starting import start_run
from crawler.extract import read_page
from crawler.extract.linkless import entry_articles
from crawler.extract.records import read_records
from crawler.extract.urls import join
from crawler.items import Article, Capture, Evidence, Flaw, Listing, Rejection, Visit
from crawler.operate.failure import ImportFailure
from crawler.pipelines.clean import clean_article, clean_listing
from crawler.pipelines.validate import validate
from crawler.sources import Source

Item = Article | Listing | Rejection
_HTML = (b"<html", b"<!doctype", b"<body", b"<div", b"<p>", b"<table", b"<ul", b"<h1", b"<h2", b"<h3")
_FIELDS = {"title", "body", "url", "published_on", "author", "origin", "column_name", "summary"}


def import_files(
    engine: Engine,
    files: Sequence[Path],
    source: Source,
    *,
    on_progress: Callable[[Path, int], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Run:
    """Import files into a source; gives the finished run with its counts.

    Raises ImportFailure before anything is written.

    A file is archived whole or, where Ctrl-C comes first, not at all.

    Whatever a file holds that is no article becomes a rejection with its line; the rest is archived.
    """
    readable = [(path, _bytes(path)) for path in files]
    run = start_import(engine, source, now)
    try:
        for path, content in readable:
            capture = Capture(path.resolve().as_uri(), path.name, now(), 200, content)
            for item in _items(content, path, capture, now()):
                run.record(item)
            run.flush()
            if on_progress is not None:
                on_progress(path, run.counts["new"] + run.counts["changed"] + run.counts["unchanged"])
    except KeyboardInterrupt:
        run.drop()
        run.finish("interrupted")
        raise
    run.finish("finished")
    return run


def start_import(engine: Engine, source: Source, now: Callable[[], datetime]) -> Run:
    """Open a run of kind `import` that keeps what it reads. Raises SourceBusy, ArchiveError."""
    row = SourceRow(source.id, source.name, source.homepage, source.kind, source.region, source.politeness_group)
    return start_run(engine, row, "import", captures="all", now=now)


def _bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ImportFailure(f"{path} cannot be read: {error.strerror}.") from error
    if not content.strip():
        raise ImportFailure(f"{path} is empty: there is nothing to import.")
    return content


def _items(content: bytes, path: Path, capture: Capture, now: datetime) -> Iterator[Item]:
    """What a file holds, cleaned and validated, its listing last."""
    visit = Visit(capture=capture)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from settled(chain(_json_lines(content), [Listing(capture.url)]), visit)
        return
    listing = listing_of_file(content, capture.url, now)
    if listing is None or not (listing.entries or listing.flaws):
        reason = "it holds no listing: records are a title, a text and a date, separated by lines of `-`"
        yield Rejection(capture.url, "extract", reason, visit=visit)
        return
    flaws = (_rejection(capture.url, flaw) for flaw in listing.flaws)
    yield from settled((*flaws, *entry_articles(listing), listing), visit)


def listing_of_file(content: bytes, url: str, now: datetime) -> Listing | None:
    """The records of an imported text or HTML file, None where it holds none."""
    if any(tag in content[:20_000].lower() for tag in _HTML):
        page = read_page(content, url, content_type="text/html", fetched_at=now, role="listing")
        return page.listing
    return read_records(content, url=url, fetched_at=now)


def settled(items: Iterable[Item], visit: Visit) -> Iterator[Item]:
    """What a page gave, cleaned and validated as in a crawl; the last item ends the page."""
    before: Item | None = None
    for item in items:
        if before is not None:
            yield _settled(before, replace(visit, last=False))
        before = item
    if before is not None:
        yield _settled(before, visit)


def _settled(item: Item, visit: Visit) -> Item:
    visited = replace(item, visit=visit)
    if isinstance(visited, Article):
        return validate(clean_article(visited))
    return clean_listing(visited) if isinstance(visited, Listing) else visited


def _rejection(url: str, flaw: Flaw) -> Rejection:
    where = f"line {flaw.line}: " if flaw.line else ""
    return Rejection(url, "extract", f"{where}{flaw.reason}", record={"line": flaw.line, "text": flaw.text})


def _json_lines(content: bytes) -> Iterator[Article | Rejection]:
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield _article(json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            reason = f"line {number}: {error}"
            yield Rejection(
                None, "extract", reason, record={"line": number, "text": line[:200].decode(errors="replace")}
            )


def _article(record: Any) -> Article:
    """The article of one JSON record. Raises ValueError with what is wrong."""
    if not isinstance(record, dict):
        raise ValueError("is no JSON object with title and body")
    for name in ("title", "body"):
        if not isinstance(record.get(name), str):
            raise ValueError(f"has no {name}")
    wrong = [name for name in _FIELDS if not isinstance(record.get(name), str | None)]
    if wrong:
        raise ValueError(f"{wrong[0]} is no text")
    if record.get("url") and not _is_http(record["url"]):
        raise ValueError("url is no http or https address")
    fields = {name: record[name] for name in _FIELDS - {"published_on"} if record.get(name)}
    given = record.get("published_on")
    published_on = date.fromisoformat(given[:10]) if given else None
    provenance = {name: Evidence("jsonl") for name in fields}
    return Article(**{"url": None, "title": "", "body": "", **fields}, published_on=published_on, provenance=provenance)


def _is_http(url: str) -> bool:
    """Whether a URL is an http address that can be archived: no blanks, no control characters."""
    return join("", url) == url and url.isprintable() and " " not in url
