"""What tests of the archive share: sources, pages and records as a crawl hands them over, a clock, plain SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from crawler.archive.run import Batch, CrawlKind, Run, SourceRow
from crawler.archive.starting import start_run
from crawler.items import Article, Capture, Entry, Evidence, Link, Listing, Rejection, Visit

Item = Article | Listing | Rejection

SITE = SourceRow("shifan", "示范招商网", "http://www.shifan.example/", "bureau", "420000")
OTHER = SourceRow("linjie", "邻界招商网", "http://www.linjie.example/")
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DAY = date(2026, 2, 27)
LISTING = "http://www.shifan.example/zsdt/"
FILE = "file:///listing.txt"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def capture(url: str, body: bytes = b"<html></html>") -> Capture:
    """A response as it was received."""
    return Capture(url, url, START, 200, body, "text/html")


def page(
    path: str = "a.html",
    title: str = "签约仪式举行",
    body: str = "今天举行了签约仪式。",
    day: date | None = DAY,
    **fields: Any,
) -> Article:
    """An article with a page of its own; `path` is below the source's homepage, or a whole URL."""
    url = path if "://" in path else SITE.homepage + path
    visit = Visit(capture=capture(url), entry_url=url)
    given = {"provenance": {"title": Evidence("css:h1")}, "listing_url": LISTING, "visit": visit, **fields}
    return Article(url, title, body, day, **given)


def record(title: str, body: str, day: date | None = DAY) -> Article:
    """A record of a listing that has no page of its own."""
    return Article(None, title, body, day, listing_url=FILE)


def listing(*entries: Entry, url: str = LISTING) -> Listing:
    """A listing with its response."""
    return Listing(url, entries, visit=Visit(capture=capture(url)))


def shown(path: str, title: str = "签约仪式举行", **fields: Any) -> Entry:
    """A linked entry of a listing."""
    return Entry(title, path if "://" in path else SITE.homepage + path, DAY, **fields)


def crawl(
    engine: Engine,
    *items: Item,
    source: SourceRow = SITE,
    clock: Clock | None = None,
    kind: CrawlKind = "crawl",
    batch: Batch | None = None,
) -> Run:
    """One crawl that meets these items, in one batch unless told otherwise, and finishes."""
    run = start_run(engine, source, kind, batch=batch, now=clock or Clock())
    for item in items:
        run.record(item)
    run.finish("finished")
    return run


def counted(run: Run) -> dict[str, int]:
    """What came of a crawl's articles: the counts that are not zero."""
    return {name: number for name, number in run.counts.items() if number and name != "pages"}


def rows(engine: Engine, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Rows by plain SQL, as a researcher would ask for them."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(sql), values).mappings()]


def column(engine: Engine, sql: str, **values: Any) -> list[Any]:
    """The first column of the rows."""
    return [next(iter(row.values())) for row in rows(engine, sql, **values)]


def of_page(items: Iterable[Item], page_id: int) -> list[Item]:
    """Items as the parts of one fetched page: only the last one ends it."""
    parts = list(items)
    last = len(parts) - 1
    return [
        replace(item, visit=replace(item.visit or Visit(), page_id=page_id, last=place == last))
        for place, item in enumerate(parts)
    ]


def links(*urls: str) -> tuple[Link, ...]:
    """Links of an article, labelled by their last part."""
    return tuple(Link(url, url.rpartition("/")[2]) for url in urls)
