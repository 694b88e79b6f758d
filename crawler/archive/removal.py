"""Removing the bytes of captures that expired, so that a crash at any moment leaves a readable archive.

A capture with `expired_at` and a place still has its bytes; `sweep` takes them out and clears the place. A file is
written anew beside the old one, all its places change in one transaction, then the old file is deleted. Each file that
no row needs at a moment is named in `stale_file` before it can be left behind. A file that another archive beside this
one needs stays for it.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from crawler.archive.beside import crawled_beside, living_beside
from crawler.archive.engine import reading, take_turn, writing
from crawler.archive.models import Capture, Crawl, StaleFile, table
from crawler.archive.owner import is_alive
from crawler.capture import Rewritten, rewrite_without, sibling_name, sync_folder

LOCK = ".sweep.lock"
_NOWHERE = {"warc_path": None, "warc_offset": None, "warc_length": None}


@dataclass(slots=True)
class Swept:
    """What a sweep did: captures whose bytes are gone, bytes of disk that are free, and what it had to leave.

    `shared` names the files that this archive gave up and that another archive beside needs.
    """

    captures: int = 0
    bytes: int = 0
    left: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)

    def leave(self, path: str, reason: str) -> None:
        """Say that the expired captures of a file are still on the disk."""
        self.left.append(f"expired captures are still in {path}: {reason}")


def sweep(
    engine: Engine,
    root: Path,
    *,
    source_id: str | None = None,
    damaged: bool = False,
    own_crawl: int | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Swept:
    """Take the bytes of expired captures out of their files, and delete what an earlier sweep left behind.

    Of one source only where it is given, as at the end of its crawl: this process may crawl others. A file that a
    running crawl writes is left for later (`own_crawl` is closed already), and so is a damaged one unless `damaged`
    says that what cannot be read may go with it. Raises ArchiveError and CaptureError; finished files stay so.
    """
    swept = Swept()
    if not root.is_dir():
        return swept
    with alone(root):
        if replaying := crawled_beside(engine, root, "replay"):
            swept.left.append(f"expired captures are still on the disk: a replay into {replaying} may name them")
            return swept
        needed = living_beside(engine, root)
        delete_stale(engine, root, needed)
        for path in _to_sweep(engine, source_id, own_crawl, swept):
            if on_progress is not None:
                on_progress(path)
            _take_out(engine, root, path, swept, needed, damaged=damaged)
        swept.shared += [f"{name} stays as it was: {needed[name]} needs it" for name in _stale(engine, needed)]
    return swept


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One at a time makes or deletes files: a sweep would take those that another is writing for left behind."""
    with (root / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back by the system when its process ends, however it ends
        yield


def _to_sweep(engine: Engine, source_id: str | None, own_crawl: int | None, swept: Swept) -> Iterator[str]:
    rows = table(Capture).c
    with reading(engine) as connection:
        expired = select(rows.warc_path).where(rows.expired_at.is_not(None), rows.warc_path.is_not(None)).distinct()
        paths = sorted(connection.execute(expired).scalars())
        busy = files_being_written(connection, own_crawl) if paths else frozenset()
    for path in paths:
        if source_id is not None and path.rpartition("/")[0] != source_id:
            continue
        if path in busy:
            swept.leave(path, "a running crawl writes it")
        else:
            yield path


def files_being_written(connection: Connection, own_crawl: int | None = None) -> frozenset[str]:
    """The capture files of crawls that run in other processes."""
    crawls, rows = table(Crawl), table(Capture).c
    now = datetime.now(UTC)
    running = connection.execute(select(crawls).where(crawls.c.status == "running")).mappings()
    others = (row for row in running if row["id"] != own_crawl)
    alive = [row["id"] for row in others if is_alive(row["owner"], row["seen_alive_at"], now)]
    named = select(rows.warc_path).where(rows.crawl_id.in_(alive), rows.warc_path.is_not(None)).distinct()
    return frozenset(connection.execute(named).scalars()) if alive else frozenset()


def _take_out(
    engine: Engine, root: Path, name: str, swept: Swept, needed: Mapping[str, Path], *, damaged: bool
) -> None:
    rows = table(Capture).c
    with reading(engine) as connection:
        kept = select(rows.id, rows.warc_offset, rows.expired_at).where(rows.warc_path == name)
        here = list(connection.execute(kept))
    expired = [row.id for row in here if row.expired_at is not None]
    # A replay names the records that a crawl wrote: one goes when nothing that stays names it.
    staying: dict[int, list[int]] = {}
    for row in here:
        if row.expired_at is None:
            staying.setdefault(row.warc_offset, []).append(row.id)
    going = {row.warc_offset for row in here} - staying.keys()
    old = root / name
    size = old.stat().st_size if old.exists() and name not in needed else 0
    if not staying or not old.exists():
        _move(engine, {}, expired, stale=name)
    elif not going:
        _move(engine, {}, expired)
        size = 0
    else:
        target = old.with_name(sibling_name(old.name))
        beside = f"{name.rpartition('/')[0]}/{target.name}".lstrip("/")
        note_stale(engine, beside)
        written = rewrite_without(old, going, target=target, known_only=False)
        if written.damages and not damaged:
            swept.leave(name, f"it is damaged at byte {written.damages[0].offset}")
            delete_stale(engine, root, needed)
            return
        places = _places(beside, staying, written)
        lost = [row for offset, rows in staying.items() if offset not in written.moved for row in rows]
        _move(engine, places, [*expired, *lost], stale=name, no_longer_stale=beside)
        size -= target.stat().st_size if size else 0
    swept.captures += len(expired)
    swept.bytes += size
    delete_stale(engine, root, needed)


def _places(name: str, staying: Mapping[int, list[int]], written: Rewritten) -> dict[int, tuple[str, int]]:
    """Where each capture that stays is now, by its row."""
    return {
        row: (name, written.moved[offset])
        for offset, rows in staying.items()
        if offset in written.moved
        for row in rows
    }


def _move(
    engine: Engine,
    places: Mapping[int, tuple[str, int]],
    gone: Collection[int],
    *,
    stale: str | None = None,
    no_longer_stale: str | None = None,
) -> None:
    """All places of one file change together; from then on the old file (`stale`) is the one that nobody needs."""
    captures, files = table(Capture), table(StaleFile)
    with writing(engine) as connection:
        take_turn(connection)
        if places:
            moved = update(captures).where(captures.c.id == bindparam("row_id"))
            moved = moved.values(warc_path=bindparam("path"), warc_offset=bindparam("offset"))
            given = [{"row_id": row, "path": path, "offset": offset} for row, (path, offset) in places.items()]
            connection.execute(moved, given)
        if gone:
            at = datetime.now(UTC)
            cleared = update(captures).where(captures.c.id == bindparam("row_id"))
            rows = [{"row_id": row} for row in gone]
            connection.execute(cleared.where(captures.c.expired_at.is_(None)).values(expired_at=at), rows)
            connection.execute(cleared.values(_NOWHERE), rows)
        if stale is not None:
            connection.execute(delete(files).where(files.c.path.in_([stale, no_longer_stale or stale])))
            connection.execute(insert(files), {"path": stale})


def note_stale(engine: Engine, name: str) -> None:
    """Note that no row needs a file yet, before it is made."""
    with writing(engine) as connection:
        take_turn(connection)
        connection.execute(insert(table(StaleFile)), {"path": name})


def delete_stale(engine: Engine, root: Path, needed: Mapping[str, Path] | None = None) -> None:
    """Delete the files that no row needs, but those that archives beside do (`needed`, asked for where not given)."""
    names = _stale(engine)
    if names and needed is None:
        needed = living_beside(engine, root)
    names = [name for name in names if name not in (needed or {})]
    for name in names:
        path = root / name
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    if names:
        files = table(StaleFile)
        with writing(engine) as connection:
            take_turn(connection)
            connection.execute(delete(files).where(files.c.path.in_(names)))


def _stale(engine: Engine, among: Collection[str] | None = None) -> list[str]:
    with reading(engine) as connection:
        names = list(connection.execute(select(table(StaleFile).c.path)).scalars())
    return names if among is None else sorted(name for name in names if name in among)
