"""How well the rules read the labelled set, and within 0.04 of it the set kept apart."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.facts.scoring import Report, read_gold, score, sets
from tests.support import ROOT

# Precision and recall asked of each type.
REACH = {"regions": (0.97, 0.95), "amounts": (0.98, 0.98), "organizations": (0.92, 0.88), "events": (0.92, 0.90)}


@cache
def reports() -> dict[str, Report]:
    texts = sets()
    rules = [each for name, some in texts.items() if name != "apart" for each in some]
    return {"gold": score(rules, read_gold), "apart": score(texts["apart"], read_gold)}


@pytest.mark.parametrize("kind", REACH)
def test_the_labelled_set_is_read_as_promised(kind: str) -> None:
    found = reports()["gold"].scores[kind]
    assert found.precision >= REACH[kind][0], found
    assert found.recall >= REACH[kind][1], found


@pytest.mark.parametrize("kind", REACH)
def test_the_set_kept_apart_is_read_nearly_as_well(kind: str) -> None:
    gold, apart = reports()["gold"].scores[kind], reports()["apart"].scores[kind]
    assert apart.precision >= min(gold.precision, REACH[kind][0]) - 0.04, apart
    assert apart.recall >= min(gold.recall, REACH[kind][1]) - 0.04, apart


def test_the_right_division_is_among_the_first_two() -> None:
    assert reports()["gold"].industry_share >= 0.85
    assert reports()["apart"].industry_share >= 0.81


def test_nothing_is_read_where_a_trap_says_there_is_none() -> None:
    assert reports()["gold"].trapped == 0


def promised() -> list[tuple[str, str, float, float]]:
    """The rows of the table under `Measured` in docs/facts.md."""
    rows = re.findall(
        r"^\| (gold|apart) \| (\w+) \| ([\d.]+) \| ([\d.]+) \|$", (ROOT / "docs/facts.md").read_text("utf-8"), re.M
    )
    return [(name, kind, float(precision), float(recall)) for name, kind, precision, recall in rows]


@pytest.mark.parametrize(("name", "kind", "precision", "recall"), promised())
def test_the_documented_figures_hold(name: str, kind: str, precision: float, recall: float) -> None:
    found = reports()[name].scores[kind]
    assert found.precision >= precision, found
    assert found.recall >= recall, found
