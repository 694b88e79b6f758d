"""Replaying a fixture site, or captures of a source, into an archive to look at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.operate.crawl import replay_crawls
from crawler.operate.replayed import Replayed, read_replayed
from crawler.research import Archive
from crawler.sources import Source, SourceError, load_source
from crawler.spiders.options import CrawlOptions


@contextmanager
def replayed(
    path: Path,
    source: Source | None = None,
    *,
    archive: Path | None = None,
    options: CrawlOptions | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Iterator[Replayed]:
    """Replay a fixture site (its `source.yaml` says how), or captures as this source; gives what came of it.

    The archive is a throw-away one unless one is given, and keeps no captures unless `settings` say so. Raises
    SourceError, SiteError, ReplayError or ArchiveError.
    """
    chosen = source or site_source(path)
    with tempfile.TemporaryDirectory(prefix="zhaoshang-") as scratch:
        where = archive or Path(scratch) / "archive.db"
        given = {"CAPTURES": "off", **(settings or {})}
        (report,) = replay_crawls([chosen], path, archive=str(where), options=options, settings=given)
        if report.crawl_id is None:
            raise SourceError(f"{path} could not be replayed: {report.failure}.")
        with Archive(where) as opened:
            yield read_replayed(opened, report)


def site_source(folder: Path) -> Source:
    """The source of a fixture site. Raises SourceError without one."""
    path = folder / "source.yaml"
    if not path.is_file():
        raise SourceError(f"{folder} holds no source.yaml, which says what to crawl there.")
    return load_source(path)
