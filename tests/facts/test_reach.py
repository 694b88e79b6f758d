"""How well the rules read the labelled set, and within 0.04 of it the set kept apart."""

from __future__ import annotations

from functools import cache

import pytest

from tests.facts.scoring import Report, read_gold, score, sets

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


@pytest.mark.parametrize("kind", ["amounts", "organizations", "events"])
def test_the_set_kept_apart_is_read_nearly_as_well(kind: str) -> None:
    gold, apart = reports()["gold"].scores[kind], reports()["apart"].scores[kind]
    assert apart.precision >= min(gold.precision, REACH[kind][0]) - 0.04, apart
    assert apart.recall >= min(gold.recall, REACH[kind][1]) - 0.04, apart
