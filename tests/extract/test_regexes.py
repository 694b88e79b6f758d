"""No regular expression of the extractor takes more than about linear time on the texts that are worst for it."""

from __future__ import annotations

import ast
import inspect
import re
import time
from types import ModuleType

import pytest

from tests.extract.patterns import AnyPattern, Found, Text, all_patterns, modules, worst_texts

SIZES = (6_250, 25_000, 100_000)
# Four times the text may take twelve times as long; squared time takes sixteen times.
_GROWTH = 12
_SURELY_LINEAR = 7
# Where the smallest text takes less, even squared time would not be felt at the largest.
_TINY = 0.001
_QUICK = 40

PATTERNS = list(all_patterns().values())


@pytest.mark.parametrize("found", PATTERNS, ids=lambda found: found.name)
def test_time_grows_with_the_text(found: Found) -> None:
    texts = worst_texts(found.pattern)
    for text in texts[:: 1 + len(texts) // _QUICK]:
        _check(found.pattern, text)


@pytest.mark.nightly
@pytest.mark.parametrize("found", PATTERNS, ids=lambda found: found.name)
def test_time_grows_with_every_bad_text(found: Found) -> None:
    for text in worst_texts(found.pattern):
        _check(found.pattern, text)


@pytest.mark.parametrize("squared", [r"\s*x", r"(?:a|b)+c$", r"[^<]*<x", r"https?://\S+!"])
def test_a_pattern_that_takes_squared_time_is_noticed(squared: str) -> None:
    with pytest.raises(AssertionError):
        for text in worst_texts(re.compile(squared)):
            _check(re.compile(squared), text)


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_patterns_are_compiled_at_import_or_in_a_cached_function(module: ModuleType) -> None:
    for function in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(function, ast.FunctionDef) and "re.compile(" in ast.unparse(function):
            assert [ast.unparse(each) for each in function.decorator_list] == ["cache"], function.name


@pytest.mark.parametrize("place", ["cms.families.", "kinds._phrases", "cms.scripts:", "document._CROWDED_TAG"])
def test_patterns_are_found_in_tables_cached_functions_and_calls(place: str) -> None:
    assert any(found.name.startswith(f"crawler.extract.{place}") for found in PATTERNS)


def _check(pattern: AnyPattern, text: Text) -> None:
    before = _seconds(pattern, text.of(SIZES[0]))
    if before < _TINY:
        return
    for size in SIZES[1:]:
        spent = _seconds(pattern, text.of(size))
        if spent < _SURELY_LINEAR * before:
            return
        spent = min(spent, _seconds(pattern, text.of(size)))  # something else may have run meanwhile
        shown = f"{pattern.pattern!r} on {text.of(80)!r}…"
        assert spent < _GROWTH * before, f"{shown}: {spent / before:.0f} times as long for {size}"
        before = spent


def _seconds(pattern: AnyPattern, text: str) -> float:
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    began = time.process_time()
    pattern.match(subject)
    pattern.fullmatch(subject)
    pattern.sub(subject[:0], subject)  # searches from the beginning to the end
    return time.process_time() - began
