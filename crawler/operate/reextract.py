"""Reading stored captures again with the present extractor, and writing what it makes of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update

from crawler.archive import SourceBusy, reading, writing
from crawler.archive.captures import capture_root
from crawler.archive.engine import take_turn
from crawler.archive.models import Crawl, Source, table
from crawler.archive.reread import FIELDS
from crawler.archive.run import Run, SourceRow
from crawler.archive.starting import start_run
from crawler.items import Selectors
from crawler.operate.pool import ReadingPool
from crawler.operate.rereading import Job, Reading
from crawler.operate.settle import EXTRACTOR, Settled, settle
from crawler.operate.stored import Position, Selection, count, jobs
from crawler.sources import Registry

__all__ = ["FIELDS", "Reextracted", "Wanted", "reextract", "wanted_sources"]

CHUNK = 32  # captures that are read and written together
FEW = 64  # so many are read in this process: starting others takes longer
EXAMPLES = 10
GOES_ON_WITHIN = timedelta(hours=24)

Report = Callable[[int, int], None]


@dataclass(slots=True)
class Reextracted:
    """What came of it. `fields` counts for each field the articles that change, with up to ten `examples`."""

    captures: int = 0
    articles: int = 0
    unchanged: int = 0
    changed: int = 0
    new: int = 0
    no_article: int = 0
    unreadable: int = 0
    kept_out: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    went_on_after: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, settled: Settled) -> None:
        """Count what a chunk gave."""
        self.captures += settled.captures
        self.kept_out += settled.kept_out
        self.articles += len(settled.rereads)
        for reread in settled.rereads:
            self.changed += bool(reread.changes)
            self.unchanged += not reread.changes
            for name, (before, after) in reread.changes.items():
                self.fields[name] += 1
                self._example(name, uid=reread.held.row["uid"], before=before, after=after)
        self.new += len(settled.new)
        for article in settled.new:
            self._example("new", url=article.url or article.listing_url, title=article.title)
        self.no_article += len(settled.no_article)
        for uid, reason in settled.no_article:
            self._example("no_article", uid=uid, reason=reason)
        self.unreadable += len(settled.unreadable)
        for url, reason in settled.unreadable:
            self._example("unreadable", url=url, reason=reason)

    def _example(self, name: str, **shown: Any) -> None:
        shown_before = self.examples.setdefault(name, [])
        if len(shown_before) < EXAMPLES:
            shown_before.append(shown)


@dataclass(slots=True, frozen=True)
class Wanted:
    """A source to read again: its row, its own selectors, and its listings."""

    row: SourceRow
    selectors: tuple[Selectors, ...] = ()
    listing_urls: tuple[str, ...] = ()


def reextract(
    engine: Engine,
    sources: Sequence[Wanted],
    *,
    since: date | None = None,
    dry_run: bool = False,
    root: Path | None = None,
    processes: int | None = None,
    on_progress: Report | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Reextracted:
    """Read the captures of these sources again and write what changed, each source as a crawl of kind `reextract`.

    With `dry_run` nothing is written, and the engine may be read-only. A run that was interrupted less than a day ago
    goes on where it stopped. A source that is being crawled is left out, with a failure. Raises ArchiveError.
    """
    done = Reextracted()
    folder = root or capture_root(engine)
    total = sum(count(engine, Selection(each.row.id, since)) for each in sources)
    workers = 1 if total <= FEW else processes or os.cpu_count() or 1
    pool = ReadingPool(folder, workers)
    try:
        for each in sources:
            if dry_run:
                _dry(engine, each, since, pool, done, total, on_progress)
                continue
            try:
                _Writing(engine, each, since, now).all(pool, done, total, on_progress)
            except SourceBusy as error:
                done.failures.append(str(error))
    finally:
        pool.close()
    return done


def wanted_sources(engine: Engine, source_id: str | None = None) -> list[Wanted]:
    """The sources of the archive, or one of them, with what the registry knows of them; empty where there is none."""
    rows = table(Source)
    with reading(engine) as connection:
        found = connection.execute(select(rows).order_by(rows.c.id)).mappings().all()
    registry = {source.id: source for source in Registry()}
    names = ("id", "name", "homepage", "kind", "region_code", "politeness_group")
    wanted = []
    for row in found:
        if source_id in (None, row["id"]):
            known = registry.get(row["id"])
            selectors = tuple(each.selectors() for each in known.selectors) if known else ()
            urls = known.listing_urls if known else ()
            wanted.append(Wanted(SourceRow(*(row[name] for name in names)), selectors, urls))
    return wanted


def _chunks(found: Iterable[Job]) -> Iterator[list[Job]]:
    rest = iter(found)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _dry(
    engine: Engine,
    wanted: Wanted,
    since: date | None,
    pool: ReadingPool,
    done: Reextracted,
    total: int,
    on_progress: Report | None,
) -> None:
    found = jobs(engine, Selection(wanted.row.id, since), wanted.listing_urls)
    for readings in pool.read(_chunks(found), wanted.selectors):
        with reading(engine) as connection:
            done.add(settle(connection, wanted.row, readings))
        if on_progress is not None:
            on_progress(done.captures, total)


@dataclass(slots=True)
class _Writing:
    """One source's run that writes: each chunk is one transaction, with how far it came."""

    engine: Engine
    wanted: Wanted
    since: date | None
    now: Callable[[], datetime]

    def all(self, pool: ReadingPool, done: Reextracted, total: int, on_progress: Report | None) -> None:
        run = start_run(self.engine, self.wanted.row, "reextract", now=self.now)
        after, before = self._stopped_at(run)
        done.went_on_after += before
        done.captures += before
        status: Any = "interrupted"
        try:
            selection = Selection(self.wanted.row.id, self.since, after)
            found = jobs(self.engine, selection, self.wanted.listing_urls)
            for readings in pool.read(_chunks(found), self.wanted.selectors):
                before += len(readings)
                done.add(self._write(run, readings, before))
                if on_progress is not None:
                    on_progress(done.captures, total)
            status = "finished"
        finally:
            run.finish(status, self._position(run))

    def _write(self, run: Run, readings: Sequence[Reading], number: int) -> Settled:
        last = readings[-1].job.stored.place
        at = self.now()
        with writing(self.engine) as connection:
            take_turn(connection)
            settled = settle(connection, self.wanted.row, readings, run=run, at=at)
            changed = sum(bool(each.changes) for each in settled.rereads)
            run.stats.update(
                pages=settled.captures,
                new=len(settled.new),
                changed=changed,
                unchanged=len(settled.rereads) - changed,
            )
            position = {
                "after": [last.path, last.offset],
                "captures": number,
                "extractor": EXTRACTOR,
                "since": self.since.isoformat() if self.since else None,
            }
            values = {"seen_alive_at": at, "stats": {**run.counts, "reextract": position}}
            connection.execute(update(Crawl).where(Crawl.id == run.crawl_id).values(values))
        return settled

    def _position(self, run: Run) -> dict[str, Any]:
        with reading(self.engine) as connection:
            stats = connection.execute(select(Crawl.stats).where(Crawl.id == run.crawl_id)).scalar_one()
        return {"reextract": stats["reextract"]} if "reextract" in stats else {}

    def _stopped_at(self, run: Run) -> tuple[Position | None, int]:
        """Where the last run over the same captures with the same extractor stopped, and how many it had read."""
        rows = table(Crawl).c
        earlier = select(rows.status, rows.finished_at, rows.stats).where(
            rows.source_id == self.wanted.row.id, rows.kind == "reextract", rows.id < run.crawl_id
        )
        with reading(self.engine) as connection:
            row = connection.execute(earlier.order_by(rows.id.desc()).limit(1)).first()
        stopped = row.stats.get("reextract") if row is not None and row.status == "interrupted" else None
        same = stopped is not None and (stopped["extractor"], stopped["since"]) == (
            EXTRACTOR,
            self.since.isoformat() if self.since else None,
        )
        if row is None or stopped is None or not same or self.now() - row.finished_at > GOES_ON_WITHIN:
            return None, 0
        return (stopped["after"][0], stopped["after"][1]), stopped["captures"]
