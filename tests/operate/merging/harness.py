"""What tests of merging share: two archives that crawl, and what one holds of the other afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from crawler.archive.models import Base
from crawler.archive.run import Run, SourceRow
from crawler.items import Rejection, Visit
from crawler.operate.merge import Merged, merge, open_other
from crawler.operate.verify import verify
from tests.archive.harness import OTHER, SITE, Clock, Item, listing, page, shown
from tests.archive.kept import keeping_crawl, kept_page, response

FIRST = "今天上午，全市招商引资项目集中签约仪式在会展中心举行，现场签约十二个项目。"
SECOND = "高新区三个重点项目开工建设，总投资三十亿元，计划年内完成主体结构。"


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


def fill(two: Two) -> None:
    """Both archives know one source; one article is in both, and each has more."""
    refused = Rejection(f"{SITE.homepage}x.html", "validate", "no title", visit=Visit(capture=response("x", "x")))
    two.crawl_here(kept_page("a.html", "甲", FIRST), kept_page("here.html", "此处", "只在这里。"))
    two.clock.move(hours=1)
    two.crawl_there(
        listing(shown("a.html", "甲"), shown("there.html", "彼处")),
        kept_page("a.html", "甲", FIRST),
        kept_page("there.html", "彼处", SECOND, parts=("第二页",), hops=1),
        refused,
    )
    two.clock.move(hours=1)
    two.crawl_there(page("http://www.linjie.example/c.html", "丙"), source=OTHER)
