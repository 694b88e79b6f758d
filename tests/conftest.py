"""Options of the tests."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes what the extractor sees now into the golden files; git then shows the difference."""
    parser.addoption("--update-golden", action="store_true", help="write tests/extract/golden/ anew")
