"""Which sources are due by their schedule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.archive import ArchiveMissing
from crawler.research import Archive
from crawler.sources import Source

_WORDS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
_WORDS["monthly"] = timedelta(days=30)


def interval(schedule: str) -> timedelta:
    """The time between two crawls: hourly, daily, weekly, monthly (30 days), or a number with h or d."""
    if schedule in _WORDS:
        return _WORDS[schedule]
    number, unit = re.fullmatch(r"(\d+)([hd])", schedule).groups()  # type: ignore[union-attr]
    return timedelta(hours=int(number)) if unit == "h" else timedelta(days=int(number))


def due_sources(sources: Sequence[Source], archive: str | None, now: datetime | None = None) -> list[Source]:
    """The scheduled sources whose last crawl began longer ago than their schedule says."""
    try:
        with Archive(archive) as opened:
            last = {row.id: row.last_crawl_at for row in opened.sources()}
    except ArchiveMissing:
        last = {}
    at = now or datetime.now(UTC)
    return [
        source
        for source in sources
        if source.schedule and ((before := last.get(source.id)) is None or at - before >= interval(source.schedule))
    ]
