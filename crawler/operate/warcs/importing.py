"""Importing WARC and WACZ files: what they hold is indexed first, then read source by source."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from crawler.archive.run import Run
from crawler.capture import Damage, Record
from crawler.operate.failure import ImportFailure
from crawler.operate.imports import start_import
from crawler.operate.warcs.files import MAX_RECORD, WarcFile, open_files
from crawler.operate.warcs.hosts import hosts_of, sources_of
from crawler.operate.warcs.index import WarcIndex
from crawler.operate.warcs.reading import SourceReading
from crawler.operate.warcs.rules import role_of
from crawler.sources import Source

Now = Callable[[], datetime]
Report = Callable[["Progress"], None]
_NAMED_HOSTS = 5
_EVERY = 100  # records between two reports
_BESIDE = frozenset({"request", "metadata", "warcinfo", "conversion", "continuation"})


@dataclass(slots=True, frozen=True)
class Progress:
    """How far an import is: `done` of `total` bytes (indexing) or pages (reading), and of what."""

    step: str
    done: int
    total: int


@dataclass(slots=True)
class Imported:
    """What came of one source."""

    source: Source
    run: Run


@dataclass(slots=True)
class WarcImport:
    """What came of an import. `passed_over` counts records that are no pages of the sources, by why."""

    sources: list[Imported] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    damages: list[Damage] = field(default_factory=list)


def import_warcs(
    engine: Engine,
    paths: Sequence[Path],
    source: Source | None,
    *,
    registry: Iterable[Source] = (),
    on_progress: Report | None = None,
    now: Now = lambda: datetime.now(UTC),
) -> WarcImport:
    """Import WARC and WACZ files into a source, or with None into a source for each host, known ones from `registry`.

    Pages are read as a crawl reads them, kept in the archive's own WARC files, and dated by their captures. What is
    damaged is named in the result, and what follows it is read. An exchange that the archive holds is not read into
    it again. Raises ImportFailure before anything is written where a file cannot be used, SourceBusy, ArchiveError.
    """
    tell = on_progress or (lambda progress: None)
    result = WarcImport()
    with tempfile.TemporaryDirectory(prefix="zhaoshang-import-") as folder:
        files = open_files(paths, Path(folder))
        with WarcIndex(Path(folder), files, now()) as index:
            _index(index, files, result, tell)
            for chosen, host in _chosen(index, source, registry, result):
                _read(engine, index, chosen, host, result, tell, now)
    return result


def _index(index: WarcIndex, files: Sequence[WarcFile], result: WarcImport, tell: Report) -> None:
    total = sum(file.bytes for file in files)
    before = 0
    for number, file in enumerate(files):
        try:
            for at, found in enumerate(file.records()):
                if at % _EVERY == 0:
                    tell(Progress(f"indexing {file.name}", before + max(0, found.offset - file.start), total))
                _note(index, number, found, result)
        except OSError as error:
            raise ImportFailure(f"{file.name} cannot be read: {error.strerror}.") from error
        before += file.bytes
    index.complete()
    tell(Progress("indexed", total, total))


def _note(index: WarcIndex, number: int, found: Record | Damage, result: WarcImport) -> None:
    if isinstance(found, Damage):
        if found.oversized:
            result.passed_over[f"larger than {MAX_RECORD // 1024**2} MB"] += 1
        else:
            result.damages.append(found)
    elif found.kind in _BESIDE:
        if found.kind == "request":
            index.add_request(found)
        result.passed_over[found.kind] += 1
    else:
        role = role_of(found)
        index.add(number, found, role)
        if role not in ("page", "data"):
            result.passed_over[role] += 1


def _chosen(
    index: WarcIndex, source: Source | None, registry: Iterable[Source], result: WarcImport
) -> list[tuple[Source, str | None]]:
    """The sources to read, each with its host in the index; pages of other hosts are counted."""
    counted = index.hosts()
    if source is None:
        chosen: list[tuple[Source, str | None]] = list(sources_of(index, registry))
        left = {host: pages for host, pages in index.hosts().items() if host not in {name for _, name in chosen}}
    else:
        own = hosts_of(source, counted)
        chosen = [(source, index.join_hosts(own) if own else None)]
        left = {host: pages for host, pages in counted.items() if host not in own}
    if left:
        result.passed_over["other hosts"] += sum(left.values())
    return chosen


def _read(
    engine: Engine, index: WarcIndex, source: Source, host: str | None, result: WarcImport, tell: Report, now: Now
) -> None:
    run = start_import(engine, source, now)
    result.sources.append(Imported(source, run))
    total = index.hosts().get(host or "", 0)
    read = 0

    def on_page() -> None:
        nonlocal read
        read += 1
        if read % _EVERY == 0:
            tell(Progress(f"reading {source.id}", min(read, total), total))

    try:
        if host is None:
            run.warn(_nothing_of(source, list(index.hosts())))
        else:
            reading = SourceReading(index, source, host, run, on_page)
            reading.read()
            result.passed_over.update(reading.passed_over)
        run.flush()
        if older := run.stats["older"]:
            run.warn(
                f"{older} pages show an earlier state than the archive holds of their articles: they are kept as"
                " captures, the articles stay as they are"
            )
    except KeyboardInterrupt:
        run.finish("interrupted")
        raise
    run.finish("finished")
    tell(Progress(f"read {source.id}", total, total))


def _nothing_of(source: Source, hosts: Sequence[str]) -> str:
    named = ", ".join(hosts[:_NAMED_HOSTS]) + (", …" if len(hosts) > _NAMED_HOSTS else "")
    if not hosts:
        return "the files hold no page"
    return f"the files hold no page of {source.id}, but of {named}: name them under `follow`, or use --source auto"
