"""What a text is looked up by."""

from __future__ import annotations

from random import Random

import pytest

from crawler.dedupe.fold import Folded, fold
from crawler.dedupe.signature import (
    PERMUTATIONS,
    WIDTHS,
    Signature,
    bands_of,
    estimated_jaccard,
    packed_shingles,
    sign,
    sketched_alike,
)
from tests.dedupe.texts import edited, shuffled, story


def signed(*bodies: str) -> list[Signature]:
    return sign([text for body in bodies if (text := fold("标题", body))])


def test_no_two_shingles_share_a_number() -> None:
    assert packed_shingles("一二三四").tolist() == [
        (ord(a) << 42) | (ord(b) << 21) | ord(c) for a, b, c in ("一二三", "二三四")
    ]
    assert packed_shingles("一二").tolist() == []


def test_signature_does_not_depend_on_what_is_signed_with_it() -> None:
    alone = signed(story(1)) + signed(story(2))
    assert signed(story(1), story(2)) == alone
    assert sign([]) == []


def test_signature_is_what_archives_hold() -> None:
    """Whatever changes these values must make old archives compare their articles anew."""
    (signature,) = sign([Folded("投资促进" * 20, ("12",))])
    assert bands_of([signature])[0][:3] == [-7542691713065505943, 3766932608625607408, -1195087471020714211]
    assert len(signature.minhash) == 4 * PERMUTATIONS
    assert len(bands_of([signature])[0]) == 1 + len(WIDTHS)
    assert all(-(2**63) <= value < 2**63 for value in bands_of([signature])[0])


@pytest.mark.parametrize("share, found", [(0.0, 1.0), (0.01, 1.0), (0.05, 1.0), (0.15, 0.95)])
def test_edited_copies_share_a_band(share: float, found: float) -> None:
    originals = signed(*(story(seed) for seed in range(100)))
    copies = signed(*(edited(story(seed), share, seed) for seed in range(100)))
    met = sum(bool({*left} & {*right}) for left, right in zip(bands_of(originals), bands_of(copies), strict=True))
    assert met >= 100 * found


def test_summaries_are_found_by_how_they_begin() -> None:
    whole, summary = signed(story(3), story(3)[:90])
    assert whole.head == summary.head


def test_similarity_is_estimated() -> None:
    left, right, other = signed(story(4), shuffled(story(4)), story(5))
    near, far = estimated_jaccard(left.minhash, [right.minhash, other.minhash]).tolist()
    assert near > 0.75
    assert far < 0.35


def test_sketches_tell_edited_copies_from_other_texts() -> None:
    bodies, chance = [story(seed) for seed in range(100)], Random(1)
    originals, copies = (signed(*each) for each in (bodies, [edited(body, 0.15, 3) for body in bodies]))
    assert all(sketched_alike([(left.sketch, right.sketch) for left, right in zip(originals, copies, strict=True)]))
    strangers = signed(*("".join(chr(0x4E00 + chance.randrange(20_000)) for _ in range(300)) for _ in range(100)))
    pairs = [(left.sketch, right.sketch) for left in originals for right in strangers]
    assert 0 < sum(sketched_alike(pairs)) < len(pairs) / 20
    assert sketched_alike([]) == []
