"""A WACZ of the archive's captures: a zip of WARC files with their index, the pages and their texts.

The layout is that of https://specs.webrecorder.net/wacz/1.1.1/. The same state of the archive gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import ColumnElement, Engine, func, select

from crawler import __version__
from crawler.archive import reading
from crawler.archive.captures import capture_root
from crawler.archive.models import Article, Capture, Crawl, Revision, table
from crawler.capture import Damage, Record, iter_records
from crawler.research.export.wanted import ExportFailure, Progress, Report

WACZ_VERSION = "1.1.1"
_INDEX, _INDEX_OF_INDEX = "indexes/index.cdx.gz", "indexes/index.idx"
_PAGES = "pages/pages.jsonl"
_LINES = 1024  # of the index in one gzip member
_COPIED = 1024 * 1024
_THEN = (1980, 1, 1, 0, 0, 0)  # zip's own beginning of time: the members have no dates of their own


@dataclass(slots=True)
class ExportedWacz:
    """What a WACZ holds. `damaged` counts the captures that were left out because they cannot be read whole."""

    captures: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0
    damaged: int = 0


def export_wacz(
    engine: Engine, out: Path, *, sources: Sequence[str] | None = None, on_progress: Report | None = None
) -> ExportedWacz:
    """Write the captures of all sources, or of these, into a WACZ.

    Only exchanges that the archive names get in, with what their revisits refer to: nothing that expired or was taken
    down. The file is whole when it appears under its name. Raises ExportFailure.
    """
    tell = on_progress or (lambda progress: None)
    partial = out.with_name(f".{out.name}.partial")
    made = ExportedWacz()
    try:
        with zipfile.ZipFile(partial, "w", allowZip64=True) as opened:
            created = _newest(engine, sources)
            _write_warcs(engine, opened, sources, made, tell)
            _write_index(opened, tell)
            _write_pages(engine, opened, sources, made, tell)
            _write_package(opened, created)
        made.bytes = partial.stat().st_size
        partial.replace(out)
    except OSError as error:
        raise ExportFailure(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return made


def _kept(sources: Sequence[str] | None) -> ColumnElement[bool]:
    """The captures of these sources that are kept, but for revisits of what is not."""
    rows, crawls = table(Capture), table(Crawl)
    originals = table(Capture).alias("original")
    mine = rows.c.warc_path.is_not(None) & rows.c.expired_at.is_(None)
    if sources is not None:
        mine &= rows.c.crawl_id.in_(select(crawls.c.id).where(crawls.c.source_id.in_(sources)))
    whole = (
        select(originals.c.id)
        .where(originals.c.payload_digest == rows.c.payload_digest, originals.c.revisit.is_(False))
        .where(originals.c.warc_path.is_not(None), originals.c.expired_at.is_(None))
    )
    return mine & (rows.c.revisit.is_not(True) | whole.exists())


def _wanted(sources: Sequence[str] | None) -> ColumnElement[bool]:
    """The captures that get in: those of the sources, and those that hold what their revisits refer to."""
    rows = table(Capture)
    kept = _kept(sources)
    if sources is None:
        return kept
    referred = select(rows.c.payload_digest).where(kept, rows.c.revisit.is_(True))
    holds = rows.c.revisit.is_(False) & rows.c.warc_path.is_not(None) & rows.c.expired_at.is_(None)
    return kept | (holds & rows.c.payload_digest.in_(referred.correlate(None)))


def _newest(engine: Engine, sources: Sequence[str] | None) -> datetime:
    rows = table(Capture).c
    with reading(engine) as connection:
        newest: datetime | None = connection.execute(select(func.max(rows.fetched_at)).where(_kept(sources))).scalar()
    if newest is None:
        whose = "The archive" if sources is None else f"Source {', '.join(sources)}"
        raise ExportFailure(f"{whose} holds no captures; a crawl keeps them unless CAPTURES is off.")
    return newest


def _write_warcs(
    engine: Engine, opened: zipfile.ZipFile, sources: Sequence[str] | None, made: ExportedWacz, tell: Report
) -> None:
    root, rows = capture_root(engine), table(Capture).c
    wanted = _wanted(sources)
    with reading(engine) as connection:
        names = list(
            connection.execute(select(rows.warc_path).where(wanted).distinct().order_by(rows.warc_path)).scalars()
        )
    sizes = [_size(root / name) for name in names]
    for at, name in enumerate(names):
        tell(Progress(f"copying {name}", sum(sizes[:at]), sum(sizes)))
        with reading(engine) as connection:
            placed = select(rows.warc_offset).where(wanted, rows.warc_path == name)
            offsets = set(connection.execute(placed).scalars())
        with opened.open(_member(f"archive/{PurePosixPath(name).name}"), "w", force_zip64=True) as target:
            copied = _copy(root / name, offsets, target)
        made.captures += copied
        made.damaged += len(offsets) - copied
        made.files += 1
    tell(Progress("copied", sum(sizes), sum(sizes)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise ExportFailure(
            f"The capture file {path} cannot be read; `zhaoshang verify` tells what is lost."
        ) from error


def _copy(path: Path, offsets: set[int], target: IO[bytes]) -> int:
    """Copy these exchanges byte by byte, with the record that begins the file; gives how many responses there were."""
    copied, names = 0, ""
    with path.open("rb") as file:
        for record in iter_records(path):
            if isinstance(record, Damage):
                continue
            if record.offset in offsets:
                copied += 1
                names = record.record_id or ""
            elif record.kind != "warcinfo" and not (names and record.field("WARC-Concurrent-To") == names):
                continue
            _copy_member(file, record, target)
    return copied


def _copy_member(file: IO[bytes], record: Record, target: IO[bytes]) -> None:
    if record.length is None:
        raise ExportFailure(f"{file.name} has several records in one gzip member at byte {record.offset}.")
    file.seek(record.offset)
    for at in range(0, record.length, _COPIED):
        target.write(file.read(min(_COPIED, record.length - at)))


def _write_index(opened: zipfile.ZipFile, tell: Report) -> None:
    """The index of all WARC files in the zip: sorted lines in gzip members, and where each of these begins."""
    try:
        with warnings.catch_warnings(action="ignore"):  # Python says of a library below it what is its maker's matter
            from cdxj_indexer.main import CDXJIndexer, CompressedWriter, SortingWriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise ExportFailure("Writing a WACZ needs more libraries: pip install 'zhaoshang[research]'.") from error
    members = [each for each in opened.infolist() if each.filename.startswith("archive/")]
    total = sum(each.file_size for each in members)
    with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as blocks:
        text = TextIOWrapper(blocks, "utf-8", newline="\n", write_through=True)
        compressed = CompressedWriter(text, lines, num_lines=_LINES, data_out_name=PurePosixPath(_INDEX).name)
        output = SortingWriter(compressed)
        indexer = CDXJIndexer(None, [], post_append=True)
        done = 0
        for member in members:
            tell(Progress(f"indexing {member.filename}", done, total))
            with opened.open(member) as file:
                indexer.process_one(file, output, member.filename)
            done += member.file_size
        output.flush()
        for name, content in ((_INDEX, lines), (_INDEX_OF_INDEX, blocks)):
            content.seek(0)
            with opened.open(_member(name), "w", force_zip64=True) as target:
                while piece := content.read(_COPIED):
                    target.write(piece)
        text.detach()
    tell(Progress("indexed", total, total))


def _write_pages(
    engine: Engine, opened: zipfile.ZipFile, sources: Sequence[str] | None, made: ExportedWacz, tell: Report
) -> None:
    """The pages that articles were read from, with the title and text of the revision each gave."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
    with opened.open(_member(_PAGES, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as target:
        target.write(_line(head))
        for page in _pages(engine, sources):
            target.write(_line(page))
            made.pages += 1
            if made.pages % 1000 == 0:
                tell(Progress("writing pages", made.pages, made.captures))
    tell(Progress("pages written", made.pages, made.pages))


def _pages(engine: Engine, sources: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    rows, states, articles = table(Capture), table(Revision), table(Article)
    columns = (articles.c.uid, states.c.number, rows.c.url, rows.c.fetched_at, states.c.title, states.c.body)
    joined = states.join(rows, rows.c.id == states.c.capture_id).join(articles, articles.c.id == states.c.article_id)
    statement = select(*columns).select_from(joined).where(_kept(sources)).order_by(rows.c.fetched_at, states.c.id)
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=500).execute(statement):
            ts = row.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            name = f"{row.uid}-{row.number}"
            yield {"id": name, "url": row.url, "ts": ts, "title": row.title, "text": row.body}


def _write_package(opened: zipfile.ZipFile, created: datetime) -> None:
    resources = [
        {"name": PurePosixPath(each.filename).name.lower(), "path": each.filename, **_measured(opened, each)}
        for each in opened.infolist()
    ]
    package = {
        "profile": "data-package",
        "resources": resources,
        "title": "Zhaoshang archive",
        # When the newest exchange in it was fetched: the day of the export would make each copy another file.
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wacz_version": WACZ_VERSION,
        "software": f"Zhaoshang {__version__}",
    }
    text = json.dumps(package, indent=2).encode()
    opened.writestr(_member("datapackage.json"), text)
    signed = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    opened.writestr(_member("datapackage-digest.json"), json.dumps(signed, indent=2).encode())


def _measured(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict[str, Any]:
    hasher = hashlib.sha256()
    with opened.open(member) as file:
        while piece := file.read(_COPIED):
            hasher.update(piece)
    return {"hash": f"sha256:{hasher.hexdigest()}", "bytes": member.file_size}


def _member(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """A member of the zip. WARC files and their index are stored: they are compressed, and read from the middle."""
    member = zipfile.ZipInfo(name, _THEN)
    member.compress_type = compression
    member.external_attr = 0o644 << 16
    return member


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
