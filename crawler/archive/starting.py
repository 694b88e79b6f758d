"""Opening a crawl: one a source at a time, the dead are marked, and what was interrupted goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from crawler import __version__
from crawler.archive import frontier
from crawler.archive.captures import POLICIES, Keeper
from crawler.archive.captures import capture_root as captures_folder
from crawler.archive.engine import take_turn, writing
from crawler.archive.errors import ArchiveError, SourceBusy
from crawler.archive.models import Crawl, Frontier, Source
from crawler.archive.owner import is_alive, this_process
from crawler.archive.run import Batch, CrawlKind, Run, SourceRow
from crawler.archive.tombstones import all_marks


def start_run(
    engine: Engine,
    source: SourceRow,
    kind: CrawlKind = "crawl",
    *,
    resume_within: timedelta | None = None,
    batch: Batch | None = None,
    captures: str | None = None,
    capture_root: str | None = None,
    capture_days: int | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Run:
    """Open a crawl of a source.

    A crawl whose process died is marked `interrupted`; where the newest crawl of the source was interrupted less than
    `resume_within` ago, its frontier goes on in this one. `captures` is a policy of POLICIES, None keeps nothing;
    `capture_root` is the folder of the WARC files, and after `capture_days` captures that nothing needs go. Raises
    SourceBusy while another process crawls the source.
    """
    at = now()
    with writing(engine) as connection:
        take_turn(connection)
        _register(connection, source, at)
        _bury_the_dead(connection, source, kind, at)
        resumed = _resumable(connection, source, kind, at, resume_within)
        row = {
            "source_id": source.id,
            "kind": kind,
            "started_at": at,
            "status": "running",
            "stats": {},
            "version": __version__,
            "owner": this_process(),
            "seen_alive_at": at,
        }
        crawl_id: int = connection.execute(insert(Crawl).returning(Crawl.id), row).scalar_one()
        earlier = select(Crawl.id).where(Crawl.source_id == source.id, Crawl.kind == kind, Crawl.id != crawl_id)
        if resumed is not None:
            connection.execute(update(Frontier).where(Frontier.crawl_id == resumed).values(crawl_id=crawl_id))
        connection.execute(delete(Frontier).where(Frontier.crawl_id.in_(earlier)))
        marks = all_marks(connection)
    keeper = _keeper(engine, source, captures, capture_root)
    return Run(engine, source, crawl_id, at, resumed, batch or Batch(), keeper, kind, capture_days, marks, now)


def _keeper(engine: Engine, source: SourceRow, policy: str | None, root: str | None) -> Keeper | None:
    if policy is None or policy == "off":
        return None
    if policy not in POLICIES:
        raise ArchiveError(f"CAPTURES={policy} is not known; choose one of {', '.join(POLICIES)}.")
    return Keeper(engine, source.id, captures_folder(engine, root), policy)


def _register(connection: Connection, source: SourceRow, now: datetime) -> None:
    values = {
        "name": source.name,
        "homepage": source.homepage,
        "kind": source.kind,
        "region_code": source.region_code,
        "politeness_group": source.politeness_group,
    }
    known = connection.execute(update(Source).where(Source.id == source.id).values(values)).rowcount
    if not known:
        connection.execute(insert(Source), {"id": source.id, "created_at": now, **values})


def _bury_the_dead(connection: Connection, source: SourceRow, kind: CrawlKind, now: datetime) -> None:
    running = select(Crawl).where(Crawl.source_id == source.id, Crawl.status == "running")
    for row in connection.execute(running).mappings():
        if is_alive(row["owner"], row["seen_alive_at"], now):
            raise SourceBusy(
                f"Source {source.id} is being crawled by process {row['owner'].split(':')[1]} since "
                f"{row['started_at']:%Y-%m-%d %H:%M} UTC; wait for it or stop it, then run the command again."
            )
        finished = row["seen_alive_at"] or row["started_at"]
        connection.execute(
            update(Crawl).where(Crawl.id == row["id"]).values(status="interrupted", finished_at=finished)
        )


def _resumable(
    connection: Connection, source: SourceRow, kind: CrawlKind, now: datetime, within: timedelta | None
) -> int | None:
    """The newest crawl of the source, where it was interrupted recently with pages still waiting."""
    if within is None:
        return None
    newest = select(Crawl).where(Crawl.source_id == source.id, Crawl.kind == kind)
    newest = newest.order_by(Crawl.started_at.desc(), Crawl.id.desc()).limit(1)
    row = connection.execute(newest).mappings().first()
    if row is None or row["status"] != "interrupted" or now - (row["finished_at"] or row["started_at"]) > within:
        return None
    crawl_id: int = row["id"]
    return crawl_id if frontier.waiting(connection, crawl_id, 0, 1) else None
