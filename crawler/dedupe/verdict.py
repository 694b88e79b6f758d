"""Whether two texts tell one story: the exact similarity of their words, then their figures.

1. The shorter has less than SHORTENED of the longer's shingles: where the longer holds CONTAINED of the shorter's, it
   `contains` it; else they have nothing to do with each other.
2. The Jaccard similarity of their shingles is below NEAR: two stories.
3. Fewer than half of the figures are shared: two stories, however alike the words (see `crawler.dedupe.figures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from crawler.dedupe import figures
from crawler.dedupe.fold import Folded
from crawler.dedupe.signature import SHINGLE, Signature, Words, estimated_jaccard, estimated_jaccards, packed_shingles

Kind = Literal["near", "contains"]

NEAR = 0.3
SHORTENED = 0.75
CONTAINED = 0.7
SMALLEST_PART = 30  # shingles: what is shorter is in many texts by chance
# What a story's lead has less than this in common with has drifted too far from it.
DRIFTED = 0.15
# Two texts with so much in common are twins: one is the other, or tells it with other figures.
TWINS = 0.9
# Of a story of very many texts the first ones are compared with each.
MOST_COMPARED = 64
# What an estimate may be wrong by, with two standard errors.
DOUBT = 0.12


@dataclass(slots=True, frozen=True)
class Verdict:
    """How two texts are related; the `similarity` of `contains` is the share of the shorter that the longer holds."""

    kind: Kind
    similarity: float


@dataclass(slots=True)
class Text:
    """A folded text that is compared with others; what it is compared by is computed once."""

    folded: Folded
    shingles: Words = field(init=False)
    figures: figures.Figures = field(init=False)

    def __post_init__(self) -> None:
        self.shingles = np.unique(packed_shingles(self.folded.words))
        self.figures = figures.packed(self.folded.figures)


def compare(left: Text, right: Text) -> Verdict | None:
    """How two texts that are not equal are related, None where they are not. The order does not matter."""
    small, large = sorted((len(left.shingles), len(right.shingles)))
    if not small:
        return None
    common = len(np.intersect1d(left.shingles, right.shingles, assume_unique=True))
    part = small < SHORTENED * large
    likeness = common / small if part else common / (small + large - common)
    if likeness < (CONTAINED if part else NEAR) or (part and small < SMALLEST_PART):
        return None
    (shared,) = figures.shared(left.figures, [right.figures])
    if figures.are_others(shared, len(left.figures), len(right.figures), kept(likeness, part=part), part=part):
        return None
    return Verdict("contains" if part else "near", likeness)


def similarity(left: Text, right: Text) -> float:
    """The Jaccard similarity of the words of two texts, 0 to 1."""
    common = len(np.intersect1d(left.shingles, right.shingles, assume_unique=True))
    return common / max(len(left.shingles) + len(right.shingles) - common, 1)


def kept(likeness: float, *, part: bool = False) -> float:
    """The share of characters that edits left as they were, by how alike they left its shingles."""
    survived = likeness if part else 2 * likeness / (1 + likeness)
    return float(max(survived, 0.0) ** (1 / SHINGLE))


def likely(pairs: Sequence[tuple[Signature, Signature]]) -> list[bool]:
    """Which pairs are worth comparing, by their signatures alone: few that are not, none too few."""
    return [
        _is_likely(mine, other, estimate)
        for (mine, other), estimate in zip(pairs, estimated_jaccards(pairs).tolist(), strict=True)
    ]


def _is_likely(mine: Signature, other: Signature, estimate: float) -> bool:
    small, large = sorted((mine.length, other.length))
    if small < SHORTENED * large:
        contained = estimate * (small + large) / ((1 + estimate) * max(small, 1))
        return mine.head == other.head or contained >= CONTAINED - 2 * DOUBT
    if estimate < NEAR - DOUBT:
        return False
    own, theirs = figures.unpacked(mine.figures), figures.unpacked(other.figures)
    (common,) = figures.shared(own, [theirs])
    return not figures.are_others(common, len(own), len(theirs), kept(estimate - DOUBT))


def fits(taken: Sequence[Signature], member: Signature, *, beside: bool) -> bool:
    """Whether a text belongs to a story whose texts before it are `taken`, the lead first; all by their signatures.

    One that is not `beside` the lead, verified as near to it, has drifted too far where they have too little in common.
    And of two texts in nearly the same words with other figures only the earlier one belongs, whatever joins them: a
    copy that lost its figures to edits is near to both.
    """
    earlier = [each for each in taken[:MOST_COMPARED] if each.minhash]
    if not earlier or not member.minhash:
        return True
    estimates = estimated_jaccard(member.minhash, [other.minhash for other in earlier]).tolist()
    if not beside and estimates[0] < DRIFTED:
        return False
    own = figures.unpacked(member.figures)
    theirs = [figures.unpacked(other.figures) for other in earlier]
    shared = figures.shared(own, theirs)
    return not any(
        figures.are_others(common, len(own), len(other), kept(estimate))
        for place, (other, common, estimate) in enumerate(zip(theirs, shared, estimates, strict=True))
        if estimate >= TWINS or (place == 0 and not beside)
    )
