"""What tests of searching share: archives with articles, each with an index of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.research.search.rows import Rows, rows_of_engine
from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql

__all__ = ["address", "archive_file", "empty_archive", "engine", "postgresql"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes that are kept in the user's cache are kept here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def archive(engine: Engine) -> Rows:
    """The archive as a search reads it."""
    return rows_of_engine(engine)
