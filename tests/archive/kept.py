"""Archives whose pages are kept, for tests of what happens to captures later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from crawler.archive.run import Run, SourceRow
from crawler.archive.starting import start_run
from crawler.items import Article, Capture, Listing, Rejection, Visit, Wire
from tests.archive.harness import SITE, START, Clock

Item = Article | Listing | Rejection


def response(url: str, body: str, *, status: int = 200, at: Clock | None = None) -> Capture:
    """A page as a server sent it."""
    payload = body.encode()
    wire = Wire(response_headers=(("Content-Type", "text/html; charset=utf-8"),), payload=payload)
    return Capture(url, url, at() if at else START, status, payload, "text/html; charset=utf-8", wire=wire)


def kept_page(
    path: str, title: str, body: str, *, at: Clock | None = None, parts: Sequence[str] = (), hops: int = 0
) -> Article:
    """An article with the response it was read from, with those of its further pages and of redirects before it."""
    url = SITE.homepage + path
    shown = "".join(f"<p>{line}</p>" for line in body.splitlines())
    more = tuple(response(f"{url}?p={number}", part, at=at) for number, part in enumerate(parts, 2))
    before = tuple(response(f"{url}?hop={number}", "moved", status=301, at=at) for number in range(hops))
    main = response(url, f"<html><h1>{title}</h1>{shown}</html>", at=at)
    return Article(url, title, body, visit=Visit(capture=main, entry_url=url, more=more, before=before))


def of_one_page(listing: Capture, *articles: Article) -> list[Item]:
    """Records that one listing page carries whole, and the listing."""
    visit = Visit(capture=listing)
    parts: list[Item] = [replace(article, visit=replace(visit, last=False)) for article in articles]
    return [*parts, Listing(listing.url, visit=visit)]


def keeping_crawl(
    engine: Engine,
    root: Path,
    *items: Item,
    source: SourceRow = SITE,
    clock: Clock | None = None,
    days: int | None = None,
) -> Run:
    """One crawl that keeps the captures of these items and finishes."""
    run = start_run(engine, source, captures="all", capture_root=str(root), capture_days=days, now=clock or Clock())
    for item in items:
        run.record(item)
    run.finish("finished")
    return run
