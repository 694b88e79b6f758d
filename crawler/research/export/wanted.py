"""What an export is to hold, and what went wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from crawler.research.filters import Filters

TextWanted = Literal["none", "excerpt", "full"]


@dataclass(slots=True, frozen=True)
class Wanted:
    """Which articles, how much of their text, and whether numbers that name a person are masked."""

    filters: Filters = field(default_factory=Filters)
    text: TextWanted = "excerpt"
    masked: bool = True


@dataclass(slots=True, frozen=True)
class Progress:
    """How far an export is: `done` of `total`, and of what."""

    step: str
    done: int
    total: int


Report = Callable[[Progress], None]


class ExportFailure(ValueError):
    """An export that cannot be made; the text is one sentence that says what to do."""
