"""Checks of the capture files: each is read once, from start to end, and holds what the archive says it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from crawler.archive import ArchiveError, reading
from crawler.archive.beside import known_beside, living_beside
from crawler.archive.models import Capture, StaleFile, table
from crawler.archive.types import digest
from crawler.capture import Damage, Record, iter_records, payload_of
from crawler.operate.problems import Problem, Reading

_Wanted = Mapping[int, Row[*tuple[Any, ...]]]


def captures(seen: Reading) -> Iterator[Problem]:
    """Every capture stands where the archive says, and its payload and body fit their digests."""
    rows = table(Capture).c
    columns = (rows.warc_offset, rows.warc_length, rows.url, rows.payload_digest, rows.body_digest)
    with reading(seen.engine) as connection:
        named = select(rows.warc_path).where(rows.warc_path.is_not(None), rows.expired_at.is_(None)).distinct()
        paths = list(connection.execute(named.order_by(rows.warc_path)).scalars())
    for name in paths:
        with reading(seen.engine) as connection:
            there = select(*columns).where(rows.warc_path == name, rows.expired_at.is_(None))
            wanted = {row.warc_offset: row for row in connection.execute(there)}
        seen.files += 1
        seen.captures += len(wanted)
        seen.tell(name, seen.captures)
        try:
            yield from _file(seen.root / name, name, wanted)
            seen.bytes += (seen.root / name).stat().st_size
        except OSError as error:
            yield Problem("capture file", name, f"cannot be read ({error.strerror}); {len(wanted)} captures are in it")


def _file(path: Path, name: str, wanted: _Wanted) -> Iterator[Problem]:
    found: set[int] = set()
    for record in iter_records(path):
        if isinstance(record, Damage):
            yield Problem("capture file", f"{name}, byte {record.offset}", record.reason)
            continue
        row = wanted.get(record.offset)
        if row is None:
            continue
        found.add(record.offset)
        if record.length != row.warc_length or record.field("WARC-Payload-Digest") != row.payload_digest:
            yield Problem("capture", f"{name}, byte {record.offset}", "is not the record that the archive names")
        elif _is_another_body(record, row):
            yield Problem("capture", f"{name}, byte {record.offset}", "its decoded body does not fit its digest")
    for offset in sorted(wanted.keys() - found):
        yield Problem("capture", f"{name}, byte {offset}", f"is not there: {wanted[offset].url}")


def _is_another_body(record: Record, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether undoing the encoding gives something else than it gave the crawl.

    Where nothing was encoded, the payload's digest has been checked already; what cannot be decoded whole says nothing.
    """
    if record.kind != "response" or record.truncated or row.body_digest == row.payload_digest:
        return False
    payload = payload_of(record)
    return payload.flaw is None and digest(payload.body) != row.body_digest


def revisits(seen: Reading) -> Iterator[Problem]:
    """Every revisit finds the payload that it refers to."""
    whole = aliased(Capture)
    original = select(whole.id).where(
        whole.payload_digest == Capture.payload_digest,
        whole.revisit.is_(False),
        whole.expired_at.is_(None),
        whole.warc_path.is_not(None),
    )
    lost = select(Capture.id, Capture.url, Capture.warc_path, Capture.warc_offset).where(
        Capture.revisit.is_(True), Capture.expired_at.is_(None), Capture.warc_path.is_not(None), ~original.exists()
    )
    with reading(seen.engine) as connection:
        for row in connection.execution_options(yield_per=500).execute(lost):
            where = f"{row.warc_path}, byte {row.warc_offset}"
            yield Problem("revisit", where, f"refers to a payload that is not kept: {row.url}")


def left_over(seen: Reading) -> Iterator[Problem]:
    """What a killed run left: expired captures still on the disk (rebuildable), files that no row names (a note)."""
    rows = table(Capture).c
    with reading(seen.engine) as connection:
        expired = select(rows.warc_path, func.count()).where(rows.expired_at.is_not(None), rows.warc_path.is_not(None))
        for name, number in connection.execute(expired.group_by(rows.warc_path)):
            if (seen.root / name).exists():
                yield Problem("expired", name, f"{number} captures expired and are still on the disk", rebuildable=True)
        needed, known = _beside(seen)
        for name in connection.execute(select(table(StaleFile).c.path)).scalars():
            if name in needed:
                seen.notes.append(f"{name} was given up here and stays: {needed[name]} needs it")
            elif (seen.root / name).exists():
                yield Problem("stale file", name, "is needed by nothing and was to be deleted", rebuildable=True)
        known |= set(connection.execute(select(rows.warc_path).where(rows.warc_path.is_not(None)).distinct()).scalars())
        known |= set(connection.execute(select(table(StaleFile).c.path)).scalars())
    for path in sorted(seen.root.rglob("*.warc*")) if seen.root.is_dir() else ():
        name = path.relative_to(seen.root).as_posix()
        if name not in known:
            seen.notes.append(f"{name} is named by no capture: a crawl writes it, or was killed before it committed")


def _beside(seen: Reading) -> tuple[dict[str, Path], set[str]]:
    """The files that archives beside this one need, and those that they know of."""
    try:
        return living_beside(seen.engine, seen.root), known_beside(seen.engine, seen.root)
    except ArchiveError as error:
        seen.notes.append(str(error))
        return {}, set()
