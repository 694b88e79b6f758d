"""Fixtures of the operator's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql
from tests.cli.conftest import crawled, known
from tests.operate.importing import Imports

__all__ = ["address", "archive_file", "crawled", "empty_archive", "engine", "imports", "known", "postgresql"]


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    """An archive that a test imports into."""
    return Imports(tmp_path)
