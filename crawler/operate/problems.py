"""What verifying finds, and what its checks share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

Report = Callable[[str, int], None]


@dataclass(slots=True, frozen=True)
class Problem:
    """One thing that is not as it should be. `rebuildable` says that `verify --repair` can put it right."""

    check: str
    where: str
    problem: str
    rebuildable: bool = False


@dataclass(slots=True)
class Reading:
    """An archive that is read back: how much of it was, and notes on what is no damage."""

    engine: Engine
    root: Path
    tell: Report
    revisions: int = 0
    captures: int = 0
    files: int = 0
    bytes: int = 0
    notes: list[str] = field(default_factory=list)
