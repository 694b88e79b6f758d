"""The sources there are: those of the registry's files, and those only the archive knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.archive import ArchiveMissing
from crawler.research import Archive, SourceRecord
from crawler.sources import Registry, SourceError


@dataclass(slots=True, frozen=True)
class SourceLine:
    """One source of the list; `file` says whether the registry has a file for it."""

    id: str
    name: str
    region: str | None
    kind: str
    schedule: str | None
    articles: int
    last_crawl_at: datetime | None
    last_status: str | None
    homepage: str
    file: bool


def list_sources(archive: str | None) -> list[SourceLine]:
    """All sources, by id. A file that cannot be read is listed with its error in place of the name."""
    archived = _archived(archive)
    registry = Registry()
    lines = []
    for source_id in sorted({*registry.ids(), *archived}):
        row = archived.get(source_id)
        counts = (row.articles, row.last_crawl_at, row.last_status) if row else (0, None, None)
        if source_id not in registry:
            assert row is not None
            lines.append(SourceLine(row.id, row.name, row.region, row.kind, None, *counts, row.homepage, False))
            continue
        try:
            source = registry[source_id]
        except SourceError as error:
            lines.append(SourceLine(source_id, f"! {error}", None, "", None, *counts, "", True))
            continue
        own = (source.id, source.name, source.region, source.kind, source.schedule)
        lines.append(SourceLine(*own, *counts, source.homepage, True))
    return lines


def _archived(archive: str | None) -> dict[str, SourceRecord]:
    try:
        with Archive(archive) as opened:
            return {row.id: row for row in opened.sources()}
    except ArchiveMissing:
        return {}
