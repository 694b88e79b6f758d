"""No regular expression of the extractor takes more than about linear time on the texts that are worst for it."""

from __future__ import annotations

import ast
import inspect
import re
import time

import pytest

from tests.extract.patterns import AnyPattern, Found, all_patterns, modules, worst_texts

SMALL, LARGE = 25_000, 100_000
# Four times the text may take twelve times as long; squared time takes sixteen times.
_GROWTH = 12
# Below this, squared time would not matter at the large size either, and the clock is too coarse for a ratio.
_TINY = 0.004

PATTERNS = all_patterns()


@pytest.mark.parametrize("found", PATTERNS.values(), ids=lambda found: found.name)
def test_time_grows_with_the_text(found: Found) -> None:
    for small, large in zip(worst_texts(found.pattern, SMALL), worst_texts(found.pattern, LARGE), strict=True):
        least = _seconds(found.pattern, small)
        if least > _TINY:
            growth = _seconds(found.pattern, large) / least
            assert growth < _GROWTH, f"{found.pattern.pattern!r} on {small[:80]!r}…: {growth:.0f} times as long"


def test_a_pattern_that_takes_squared_time_is_noticed() -> None:
    with pytest.raises(AssertionError):
        test_time_grows_with_the_text(Found("squared", re.compile(r"\s*x")))


def test_every_pattern_that_is_compiled_is_found() -> None:
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                place = f"{module.__name__}:{node.lineno}"
                assert _names(module.__name__) or place in {found.name for found in PATTERNS.values()}, place


def _names(module: str) -> list[str]:
    return [found.name for found in PATTERNS.values() if found.name.startswith(f"{module}.")]


def _seconds(pattern: AnyPattern, text: str) -> float:
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    began = time.process_time()
    pattern.match(subject)
    pattern.fullmatch(subject)
    pattern.sub(subject[:0], subject)  # searches from the beginning to the end
    return time.process_time() - began
