"""How alike two texts are, and whether they tell of the same figures."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

SHINGLE = 4
_BLANK = re.compile(r"\s+")
_FIGURE = re.compile(r"\d[\d.,]{0,20}")


def shingles(text: str, size: int = SHINGLE) -> set[str]:
    """All runs of `size` characters in a text, white space and character width folded."""
    folded = _BLANK.sub("", unicodedata.normalize("NFKC", text))
    if not folded:
        return set()
    return {folded[start : start + size] for start in range(max(1, len(folded) - size + 1))}


def jaccard(left: set[str], right: set[str]) -> float:
    """The share of shingles two texts have in common, 0 to 1; two empty texts are equal."""
    if not left and not right:
        return 1.0
    return len(left & right) / len(left | right)


def shared_figures(left: str, right: str) -> float:
    """The share of figures two texts have in common, counted as often as they occur; 1 where neither has any."""
    ours = Counter(_FIGURE.findall(unicodedata.normalize("NFKC", left)))
    theirs = Counter(_FIGURE.findall(unicodedata.normalize("NFKC", right)))
    larger = max(ours.total(), theirs.total())
    return 1.0 if not larger else (ours & theirs).total() / larger
