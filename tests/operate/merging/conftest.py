"""Two archives: ours, in SQLite and in a real PostgreSQL, and another one, in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.archive.engine import open_archive
from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql
from tests.operate.merging.harness import Two

__all__ = ["address", "archive_file", "empty_archive", "engine", "postgresql"]


@pytest.fixture
def two(engine: Engine, empty_archive: Path, tmp_path: Path) -> Iterator[Two]:
    """Our archive and another one, both empty."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copy(empty_archive, folder / "archive.db")
    other = open_archive(str(folder / "archive.db"), write=True)
    yield Two(engine, other, tmp_path / "warc", folder / "warc")
    other.dispose()
