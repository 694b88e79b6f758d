"""Fixtures of the operator's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operate.importing import Imports


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    """An archive that a test imports into."""
    return Imports(tmp_path)
