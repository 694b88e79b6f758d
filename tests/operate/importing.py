"""What tests of imports share: a listing written for the test, imported into an archive of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.archive.engine import open_archive
from crawler.archive.run import Run
from crawler.operate.imports import import_files
from crawler.sources import Source
from tests.support import rows

SOURCE = Source(id="portal", name="门户", homepage="http://portal.example/", kind="portal", region="420000")
NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
COUNTS = ("new", "changed", "unchanged", "duplicate", "rejected")


class Imports:
    """An archive, and the files that a test imports into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"

    def write(self, content: str | bytes, name: str = "listing.txt") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def files(self, *paths: Path, source: Source = SOURCE) -> Run:
        engine = open_archive(str(self.archive), create=True)
        try:
            return import_files(engine, paths, source, now=lambda: NOW)
        finally:
            engine.dispose()

    def text(self, content: str | bytes, name: str = "listing.txt") -> dict[str, int]:
        """Import a text; gives the counts that are not zero."""
        run = self.files(self.write(content, name))
        return {count: run.counts[count] for count in COUNTS if run.counts[count]}

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in rows(self.archive, sql, *values)]

    def articles(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM article ORDER BY id")

    def titles(self) -> list[str]:
        return [row["title"] for row in self.articles()]

    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.rows("SELECT reason FROM rejection ORDER BY id")]
