"""Captures: each is met by its crawl, URLs, moment and body; the records of new ones are copied into files of ours.

A file is copied whole or in part under a lock that sweeps take too, noted as stale before it is made, and synced
before the transaction commits that names it: a crash at any moment leaves a file that the next sweep deletes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from crawler.archive.merging.merge import Merge, Row, add, copied, rows_of
from crawler.archive.models import Capture, Crawl, StaleFile, table
from crawler.archive.removal import alone, delete_stale, note_stale
from crawler.archive.tombstones import url_marks
from crawler.capture import Place, copy_records, sibling_name

TOGETHER = 2_000
NOWHERE = {"warc_path": None, "warc_offset": None, "warc_length": None}
_NAMES = ("url", "requested_url", "fetched_at", "status", "body_digest")


@dataclass(slots=True)
class _Group:
    """Captures of one crawl in one of their files: those that are new here, and those that are here without bytes."""

    path: str | None
    new: list[Row] = field(default_factory=list)
    out: dict[int, datetime] = field(default_factory=dict)
    bare: dict[int, int] = field(default_factory=dict)
    wanted: list[Row] = field(default_factory=list)


def merge_captures(merge: Merge) -> None:
    """Bring captures, and the files that hold them. Raises CaptureError where a file of ours cannot be written."""
    merge.root.mkdir(parents=True, exist_ok=True)
    with alone(merge.root):
        delete_stale(merge.engine, merge.root)
    rows, crawls = table(Capture).c, table(Crawl).c
    seen: set[str] = set()
    for crawl_id in list(merge.theirs.execute(select(crawls.id).order_by(crawls.id)).scalars()):
        known = _known(merge, crawl_id)
        statement = select(table(Capture)).where(rows.crawl_id == crawl_id).order_by(rows.warc_path, rows.id)
        paths = set()
        for path, captures in groupby(merge.stream(statement), key=lambda row: row["warc_path"]):
            for part in _parts(captures, whole=path is not None):
                _bring(merge, _sorted_out(merge, path, part, known), again=path in seen)
                merge.on_rows(len(part))
            if path is not None:
                paths.add(path)
        seen |= paths


def _parts(rows: Iterable[Row], *, whole: bool) -> Iterator[list[Row]]:
    """The captures of a file together; those that are in none, some at a time."""
    if whole:
        yield list(rows)
        return
    rest = iter(rows)
    while part := list(islice(rest, TOGETHER)):
        yield part


def _known(merge: Merge, crawl_id: int) -> defaultdict[Any, deque[tuple[int, bool]]]:
    """Our captures of one of their crawls by what names them, each with whether its bytes could still be brought."""
    rows = table(Capture).c
    columns = (rows.id, *(rows[name] for name in _NAMES), rows.warc_path, rows.expired_at)
    here = select(*columns).where(rows.crawl_id == merge.ours(Crawl, crawl_id)).order_by(rows.id)
    known: defaultdict[Any, deque[tuple[int, bool]]] = defaultdict(deque)
    with merge.engine.connect() as connection:
        for row in connection.execution_options(yield_per=500).execute(here).mappings():
            known[_key(row)].append((row["id"], row["warc_path"] is None and row["expired_at"] is None))
    return known


def _key(row: Row) -> int:
    """What names a capture within its crawl, short: a crawl may have many."""
    return hash(tuple(row[name] for name in _NAMES))


def _sorted_out(
    merge: Merge, path: str | None, rows: Sequence[Row], known: Mapping[Any, deque[tuple[int, bool]]]
) -> _Group:
    group, places = _Group(path), merge.place_for(Capture)
    for row in rows:
        out = merge.kept_out.since(url_marks((row["url"], row["requested_url"])), row["payload_digest"])
        if out is not None:
            merge.out_captures.add(row["id"])
        has_bytes = path is not None and row["expired_at"] is None and out is None
        same = known[_key(row)]
        if same:
            places[row["id"]], is_bare = same.popleft()
            merge.count("captures", "met")
            if is_bare and has_bytes:
                group.bare[row["id"]] = places[row["id"]]
                group.wanted.append(row)
            continue
        group.new.append(row)
        if out is not None:
            group.out[row["id"]] = out
        elif has_bytes:
            group.wanted.append(row)
    return group


def _bring(merge: Merge, group: _Group, *, again: bool) -> None:
    """Write what is new of a group; `again` says that an earlier crawl has records in the file too."""
    found = _shared(merge, group) if again and group.wanted else {}
    missing = [row for row in group.wanted if row["id"] not in found]
    if not missing:
        _write(merge, group, found, None)
        return
    with alone(merge.root):
        target, copies = _copy(merge, group.path or "", missing)
        _write(merge, group, found | copies, target)


def _shared(merge: Merge, group: _Group) -> dict[int, Place]:
    """Where records are that captures of an earlier crawl name as well: a replay names what it read."""
    rows, places = table(Capture).c, merge.place_for(Capture)
    named = select(rows.id, rows.warc_offset).where(rows.warc_path == group.path).order_by(rows.id)
    offsets = {row["warc_offset"] for row in group.wanted}
    ours = {
        row["warc_offset"]: places[row["id"]]
        for row in merge.stream(named)
        if row["warc_offset"] in offsets and places[row["id"]]
    }
    with merge.engine.connect() as connection:
        held = rows_of(connection, Capture, "id", ours.values())
    found = {}
    for row in group.wanted:
        for our in held.get(ours.get(row["warc_offset"], 0), ()):
            if our["warc_path"] is not None and our["payload_digest"] == row["payload_digest"]:
                found[row["id"]] = Place(our["warc_path"], our["warc_offset"], our["warc_length"])
    return found


def _copy(merge: Merge, path: str, rows: Sequence[Row]) -> tuple[str | None, dict[int, Place]]:
    """Copy the records of these captures into a new file of ours; gives its name, and where each record is now."""
    wanted = {row["warc_offset"]: row["payload_digest"] for row in rows}
    if not _is_below(path):
        merge.lost.append(f"{path}: the file is not below {merge.their_root}")
        merge.lost_count += len(rows)
        return None, {}
    name = path
    while (target := merge.root / name).exists():
        name = str(PurePosixPath(path).with_name(sibling_name(PurePosixPath(path).name)))
    note_stale(merge.engine, name)
    written = copy_records(merge.their_root / path, wanted, target)
    moved = written.moved
    merge.lost += map(str, written.damages)
    merge.lost_count += sum(row["warc_offset"] not in moved for row in rows)
    if moved:
        merge.files += 1
        merge.bytes += target.stat().st_size
    places = {row["id"]: (row["warc_offset"], row["warc_length"]) for row in rows if row["warc_offset"] in moved}
    return name, {their_id: Place(name, moved[offset], length) for their_id, (offset, length) in places.items()}


def _write(merge: Merge, group: _Group, found: Mapping[int, Place], target: str | None) -> None:
    """One transaction: new captures, places of captures that had none, and the file that holds them is needed."""
    filled = {our: found[theirs] for theirs, our in group.bare.items() if theirs in found}
    if not (group.new or filled or target):
        return
    with merge.writing() as connection:
        ids = add(connection, Capture, [_row(merge, row, group, found) for row in group.new])
        _fill(connection, filled)
        if target is not None:
            _settle(connection, target, merge.root, is_needed=any(place.path == target for place in found.values()))
    places = merge.place_for(Capture)
    for row, our in zip(group.new, ids, strict=True):
        places[row["id"]] = our
    merge.count("captures", "new", len(ids))
    merge.count("captures", "changed", len(filled))


def _row(merge: Merge, row: Row, group: _Group, found: Mapping[int, Place]) -> dict[str, Any]:
    place = found.get(row["id"])
    where = {"warc_path": place.path, "warc_offset": place.offset, "warc_length": place.length} if place else NOWHERE
    expired = row["expired_at"] or group.out.get(row["id"])
    return copied(row, crawl_id=merge.ours(Crawl, row["crawl_id"]), expired_at=expired, **where)


def _fill(connection: Connection, filled: Mapping[int, Place]) -> None:
    if filled:
        rows = table(Capture)
        statement = update(rows).where(rows.c.id == bindparam("row_id"))
        statement = statement.values(
            warc_path=bindparam("path"), warc_offset=bindparam("offset"), warc_length=bindparam("length")
        )
        given = [
            {"row_id": our, "path": place.path, "offset": place.offset, "length": place.length}
            for our, place in filled.items()
        ]
        connection.execute(statement, given)


def _settle(connection: Connection, name: str, root: Path, *, is_needed: bool) -> None:
    """The file is needed from now on; one that was not made is forgotten."""
    if is_needed or not (root / name).exists():
        connection.execute(delete(table(StaleFile)).where(table(StaleFile).c.path == name))


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and path != ""
