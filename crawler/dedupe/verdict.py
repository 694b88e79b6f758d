"""Whether two texts tell one story: exact similarity on shingles, then their figures.

1. The shorter holds less than SHORTENED of the longer's shingles: where the longer holds CONTAINED of the shorter's, it
   `contains` it; else they have nothing to do with each other.
2. The Jaccard similarity is below NEAR: two stories.
3. Fewer than half of the figures are shared: two stories, however alike the words. A copy that was edited lost figures
   as it lost words: how many words outside of figures survived tells how many figures can be expected to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crawler.dedupe.fold import Folded
from crawler.dedupe.signature import SHINGLE, Signature, Words, packed_figures, packed_shingles

Kind = Literal["near", "contains"]
Figures = NDArray[np.uint32]

NEAR = 0.3
SHORTENED = 0.75
CONTAINED = 0.7
SMALLEST_PART = 30  # shingles: what is shorter is in many texts by chance

SAME_FIGURES = 0.5
# Where the words are the same, the figures alone were changed.
SAME_WORDS = 0.995
# Where they are not, a loss of figures that edits bring about more often than this is no sign of another story.
UNLIKELY = 0.002
FIGURE_LENGTH = 2.5

_FIGURE = re.compile(r"\d[\d|]*")


@dataclass(slots=True, frozen=True)
class Verdict:
    """How two texts are related. `contains`: the longer holds the text of the shorter, which is then `similarity` 1."""

    kind: Kind
    similarity: float


@dataclass(frozen=True)
class Text:
    """A folded text that is compared with others; what it is compared by is computed once."""

    folded: Folded
    shingles: Words = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shingles", np.unique(packed_shingles(self.folded.text)))

    @cached_property
    def figures(self) -> Figures:
        """Its figures, sorted."""
        return packed_figures(self.folded.figures)

    @cached_property
    def words(self) -> Words:
        """Its shingles with every figure read as the same."""
        return np.unique(packed_shingles(_FIGURE.sub("0", self.folded.text)))


def compare(left: Text, right: Text) -> Verdict | None:
    """How two texts that are not equal are related, None where they are not. The order does not matter."""
    small, large = sorted((len(left.shingles), len(right.shingles)))
    if not small:
        return None
    common = _common(left.shingles, right.shingles)
    if small < SHORTENED * large:
        contained = common / small
        if contained < CONTAINED or small < SMALLEST_PART or _tell_other_figures(left, right, part=True):
            return None
        return Verdict("contains", contained)
    similarity = common / (small + large - common)
    if similarity < NEAR or _tell_other_figures(left, right):
        return None
    return Verdict("near", similarity)


def _tell_other_figures(left: Text, right: Text, *, part: bool = False) -> bool:
    words = _common(left.words, right.words)
    fewer, more = sorted((len(left.words), len(right.words)))
    edited = words / fewer if part else words / (fewer + more - words)
    survival = edited if part else 2 * edited / (1 + edited)
    lengths = [len(figure) for text in (left, right) for figure in text.folded.figures]
    length = sum(lengths) / len(lengths) if lengths else FIGURE_LENGTH
    return other_figures(left.figures, right.figures, survival ** (1 / SHINGLE), part=part, length=length)


def other_figures(
    left: Figures, right: Figures, kept: float, *, part: bool = False, length: float = FIGURE_LENGTH
) -> bool:
    """Whether fewer than half of the figures are shared, and edits do not explain it.

    `kept` is the share of characters that the edits left as they were, `length` of how many a figure has on average;
    `part` says that one text is a part of the other, and may leave figures out.
    """
    # Edits put digits between the words too; where the words are the same, one figure more is another figure.
    total = max(len(left), len(right)) if kept >= SAME_WORDS and not part else min(len(left), len(right))
    if not total:
        return False
    shared = shared_of_sorted(left, right)
    expected = kept**length
    if shared >= SAME_FIGURES * expected * total:
        return False
    if kept >= SAME_WORDS:
        return True
    lost = 1 - expected
    chance: float = sum(comb(total, some) * expected**some * lost ** (total - some) for some in range(shared + 1))
    return chance < UNLIKELY


def shared_of_sorted(left: Figures, right: Figures) -> int:
    """How many figures two sorted rows have in common, counted as often as they occur in both."""
    ours, our_counts = np.unique(left, return_counts=True)
    theirs, their_counts = np.unique(right, return_counts=True)
    _, mine, yours = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    return int(np.minimum(our_counts[mine], their_counts[yours]).sum())


def _common(left: Words, right: Words) -> int:
    return len(np.intersect1d(left, right, assume_unique=True))


# What a story's lead has less than this in common with has drifted too far from it.
DRIFTED = 0.15
# What MinHash may be wrong by, with two standard errors.
DOUBT = 0.12


def has_drifted(lead: Figures, other: Figures, similarity: float) -> bool:
    """Whether a text at the end of a chain of edits is no longer the lead's story, by its estimated similarity."""
    kept = (2 * similarity / (1 + similarity)) ** (1 / SHINGLE)
    return similarity < DRIFTED or other_figures(lead, other, min(kept, SAME_WORDS - DOUBT))


def may_be_related(left: Signature, right: Signature, estimate: float) -> bool:
    """Whether two texts are worth comparing, by what MinHash says of their similarity."""
    small, large = sorted((left.length, right.length))
    if small >= SHORTENED * large:
        return estimate >= NEAR - DOUBT
    contained = estimate * (small + large) / ((1 + estimate) * max(small, 1))
    return left.head == right.head or contained >= CONTAINED - 2 * DOUBT
