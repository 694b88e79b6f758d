"""Fixity: reading the whole archive back, and naming what is broken and what can be rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from crawler.archive.captures import capture_root
from crawler.archive.expiry import expire_captures
from crawler.archive.removal import Swept, sweep
from crawler.operate.problems import Problem, Reading, Report
from crawler.operate.reindex_facts import renew_facts
from crawler.operate.verify_captures import captures, left_over, revisits
from crawler.operate.verify_facts import facts
from crawler.operate.verify_index import rebuild_search_index, search_index
from crawler.operate.verify_rows import articles, database, foreign_keys, repair_articles, revisions, tombstones

Finder = Callable[[Reading], Iterator[Problem]]
Mender = Callable[[Engine, Path], int]


@dataclass(slots=True, frozen=True)
class Check:
    """One thing that is verified, and how what can be rebuilt is: `mend` gives how much it put right."""

    name: str
    find: Finder
    mend: Mender | None = None


CHECKS: tuple[Check, ...] = (
    Check("database", database),
    Check("foreign keys", foreign_keys),
    Check("revisions", revisions),
    Check("articles", articles, lambda engine, root: repair_articles(engine)),
    Check("facts", facts, lambda engine, root: renew_facts(engine)),
    Check("tombstones", tombstones),
    Check("capture files", captures),
    Check("revisits", revisits),
    Check("search index", search_index, lambda engine, root: rebuild_search_index(engine)),
    Check("left over", left_over, lambda engine, root: sweep(engine, root).captures),
)


@dataclass(slots=True)
class Verified:
    """How much was read back, what is wrong with it, and what a reader should know that is no damage (`notes`)."""

    revisions: int = 0
    captures: int = 0
    files: int = 0
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(
    engine: Engine, root: Path | None = None, *, on_progress: Report | None = None, checks: tuple[Check, ...] = CHECKS
) -> Verified:
    """Read every revision and capture back and check digests, offsets, foreign keys and the database itself."""
    seen = Reading(engine, root or capture_root(engine), on_progress or (lambda what, count: None))
    problems = [problem for check in checks for problem in check.find(seen)]
    return Verified(seen.revisions, seen.captures, seen.files, seen.bytes, problems, seen.notes)


def expire(engine: Engine, days: int, root: Path | None = None) -> Swept:
    """Let captures of all sources that are older than so many days go, where nothing needs them."""
    before = datetime.now(UTC) - timedelta(days=days)
    return expire_captures(engine, root or capture_root(engine), before)


def repair(engine: Engine, root: Path | None = None, *, checks: tuple[Check, ...] = CHECKS) -> int:
    """Rebuild what can be rebuilt; originals are not touched. Gives how much was put right."""
    folder = root or capture_root(engine)
    return sum(check.mend(engine, folder) for check in checks if check.mend is not None)
