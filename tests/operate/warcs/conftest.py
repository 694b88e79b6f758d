"""Fixtures of the tests of WARC imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operate.warcs.harness import Warcs


@pytest.fixture
def warcs(tmp_path: Path) -> Warcs:
    """An archive that a test imports WARC files into."""
    return Warcs(tmp_path)
