"""What tests of merging share: two archives that crawl, and what one holds of the other afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler.archive.models import Base
from crawler.archive.run import Run, SourceRow
from crawler.operate.merge import Merged, merge, open_other
from crawler.operate.verify import verify
from tests.archive.harness import SITE, Clock, Item
from tests.archive.kept import keeping_crawl


@dataclass
class Two:
    """Our archive and another one, on one clock."""

    ours: Engine
    other: Engine
    root: Path
    other_root: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def other_file(self) -> Path:
        return Path(str(self.other.url.database))

    def crawl_here(self, *items: Item, source: SourceRow = SITE) -> Run:
        return keeping_crawl(self.ours, self.root, *items, source=source, clock=self.clock)

    def crawl_there(self, *items: Item, source: SourceRow = SITE) -> Run:
        return keeping_crawl(self.other, self.other_root, *items, source=source, clock=self.clock)

    def merge(self) -> Merged:
        """Bring the other archive in, opened as the command opens it."""
        opened = open_other(str(self.other_file))
        try:
            return merge(self.ours, opened, root=self.root, other_root=self.other_root, now=self.clock)
        finally:
            opened.dispose()

    def problems(self) -> list[Any]:
        """What verifying our archive finds, notes included."""
        seen = verify(self.ours, self.root)
        return [*seen.problems, *seen.notes]


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            each.name: sorted(map(repr, connection.execute(each.select())))  # an order that both databases have
            for each in Base.metadata.sorted_tables
        }


def fingerprint(folder: Path) -> dict[str, str]:
    """The files below a folder but for SQLite's own beside a database, each with its digest."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def new(merged: Merged) -> dict[str, int]:
    """How many rows of each kind were new, where any was."""
    return {name: counted["new"] for name, counted in merged.counts.items() if counted["new"]}


def changed(merged: Merged) -> dict[str, int]:
    """How many rows of each kind changed, where any did."""
    return {name: counted["changed"] for name, counted in merged.counts.items() if counted["changed"]}
