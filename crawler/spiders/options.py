"""What the user of one crawl asked for, as given on a command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self


@dataclass(slots=True, frozen=True)
class CrawlOptions:
    """Options of one crawl; `resume_within` is how old an interrupted crawl may be to be continued."""

    max_pages: int | None = None
    since: date | None = None
    full: bool = False
    resume_within: timedelta = timedelta(hours=24)

    @classmethod
    def read(cls, arguments: dict[str, Any]) -> Self:
        """Take the options out of a spider's arguments, which are text on `scrapy crawl`. Raises ValueError."""
        given = arguments.pop("options", None)
        if isinstance(given, cls):
            return given
        since, pages = arguments.pop("since", None), arguments.pop("max_pages", None)
        full = str(arguments.pop("full", "")).lower() in ("1", "true", "yes")
        return cls(int(pages) if pages else None, date.fromisoformat(since) if since else None, full)
