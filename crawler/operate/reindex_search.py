"""The search index, built from nothing."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from crawler.research.search.following import Indexed, rebuild_index
from crawler.research.search.rows import rows_of_engine


def rebuild(engine: Engine, on_progress: Callable[[Indexed], None] | None = None) -> int:
    """Build the search index anew from the archive; gives how many states of articles it holds."""
    return rebuild_index(rows_of_engine(engine), on_progress)
