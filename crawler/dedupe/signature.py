"""What a text is reduced to: a digest, a MinHash to look its like up by, and its figures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash  # type: ignore[import-untyped]

from crawler.dedupe import figures
from crawler.dedupe.fold import Folded

Words = NDArray[np.uint64]

# Measured on articles of this register: two texts on different subjects share .01 of their runs of 3 characters, a copy
# with 15 % of its characters edited .39-.55. Three hashes a band tell these apart in an archive of any size; two find
# more, and their bands are full sooner (see `crawler.archive.candidates`).
SHINGLE = 3
WIDTHS = (3,) * 20 + (2,) * 8
PERMUTATIONS = sum(WIDTHS)
SEED = 20_260_301

# A summary mostly begins as the article begins, and is too short to be found by its bands.
HEAD = 16

# Of SKETCHED bytes two texts on different subjects share two once in fifty times; a copy with 15 % of its characters
# edited shares fewer once in a thousand, texts that are hardly NEAR once in forty.
SKETCHED = 16
SKETCHED_ALIKE = 2

_AT_ONCE = 4_096  # pairs: what is compared of them fits a few MiB

_WIDTH = np.array(WIDTHS)
_FIRST = np.cumsum(_WIDTH) - _WIDTH
_CHARACTER = np.uint64(21)  # bits of a code point: three fill 63
_ONE, _TWO, _THREE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Signature(NamedTuple):
    """What the archive keeps of a text. `length` counts its shingles; a short text has no bands.

    `minhash` holds PERMUTATIONS numbers of 32 bits, `figures` a sorted number of 32 bits for each figure, both
    little-endian; `head` stands for the first characters.
    """

    text_digest: str
    minhash: bytes
    figures: bytes
    length: int
    head: int | None

    @property
    def sketch(self) -> bytes:
        """The lowest byte of each of the first SKETCHED hashes."""
        return self.minhash[: 4 * SKETCHED : 4]


def bands_of(signatures: Sequence[Signature]) -> list[list[int]]:
    """The values to look texts up by, none for a short one: signed, 64 bits."""
    long = [each for each in signatures if each.head is not None]
    values = iter(_band_values(b"".join(each.minhash for each in long)))
    return [[] if each.head is None else [each.head, *next(values)] for each in signatures]


def sign(texts: Sequence[Folded]) -> list[Signature]:
    """The signatures of texts, in their order. Many at once cost less each."""
    packed = [packed_shingles(each.words) for each in texts]
    hashes = minhashes(packed)
    return [_signature(text, len(each), row) for text, each, row in zip(texts, packed, hashes, strict=True)]


def _signature(text: Folded, length: int, minhash: NDArray[np.uint32]) -> Signature:
    digest = f"sha256:{hashlib.sha256(text.text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    numbers = figures.packed(text.figures).tobytes()
    if text.short:
        return Signature(digest, b"", numbers, 0, None)
    return Signature(digest, minhash.tobytes(), numbers, length, _head(text.text))


def packed_shingles(text: str) -> Words:
    """All runs of SHINGLE characters, each as the number that its code points make: no two share one."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(len(points) - SHINGLE + 1, 0)
    packed = points[:count].copy()
    for place in range(1, SHINGLE):
        packed = (packed << _CHARACTER) | points[place : place + count]
    return packed


def minhashes(packed: Sequence[Words]) -> NDArray[np.uint32]:
    """The MinHash of each text, a row each."""
    offsets = [0]
    for each in packed:
        offsets.append(offsets[-1] + len(each))
    mixed = _mixed(np.concatenate(packed)) if packed else np.empty(0, np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(mixed, offsets, PERMUTATIONS, SEED)
    return np.array(matrix.to_rows(), "<u4").reshape(len(packed), PERMUTATIONS)


def _band_values(minhashes_: bytes) -> list[list[int]]:
    """The value of each band of MinHashes, a row each."""
    rows = np.frombuffer(minhashes_, "<u4").astype(np.uint64).reshape(-1, PERMUTATIONS)
    values = np.tile(np.arange(1, len(WIDTHS) + 1, dtype=np.uint64), (len(rows), 1))
    for place in range(max(WIDTHS)):
        wide = place < _WIDTH
        values[:, wide] = _mixed(values[:, wide] * _THREE + rows[:, _FIRST[wide] + place])
    signed: list[list[int]] = values.view(np.int64).tolist()
    return signed


def estimated_jaccard(minhash: bytes, others: Sequence[bytes]) -> NDArray[np.float64]:
    """The similarity of a text to others as their MinHashes tell it; the standard error is below .06."""
    if not others:
        return np.empty(0)
    mine = np.frombuffer(minhash, "<u4")
    theirs: Any = np.frombuffer(b"".join(others), "<u4").reshape(len(others), PERMUTATIONS)
    equal: NDArray[np.float64] = (theirs == mine).mean(axis=1)
    return equal


def estimated_jaccards(pairs: Sequence[tuple[Signature, Signature]]) -> NDArray[np.float64]:
    """The same for many pairs of texts, each with its own."""
    found = [np.empty(0)]
    for start in range(0, len(pairs), _AT_ONCE):
        part = pairs[start : start + _AT_ONCE]
        mine = np.frombuffer(b"".join([left.minhash for left, _ in part]), "<u4")
        theirs = np.frombuffer(b"".join([right.minhash for _, right in part]), "<u4")
        found.append((mine == theirs).reshape(len(part), PERMUTATIONS).mean(axis=1))
    return np.concatenate(found)


def sketched_alike(pairs: Sequence[tuple[bytes, bytes]]) -> list[bool]:
    """Which pairs of sketches may be of texts that have to do with each other."""
    mine = np.frombuffer(b"".join([left for left, _ in pairs]), np.uint8)
    theirs = np.frombuffer(b"".join([right for _, right in pairs]), np.uint8)
    shared = (mine == theirs).reshape(len(pairs), SKETCHED).sum(axis=1)
    alike: list[bool] = (shared >= SKETCHED_ALIKE).tolist()
    return alike


def _head(text: str) -> int:
    raw = hashlib.blake2b(text[:HEAD].encode("utf-8", "surrogatepass"), digest_size=8, person=b"head").digest()
    return int.from_bytes(raw, "little", signed=True)


def _mixed(numbers: Words) -> Words:
    """Numbers whose every bit depends on all of theirs (splitmix64): MinHash wants no pattern in what it is given."""
    numbers = numbers + _ONE
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _TWO
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _THREE
    mixed: Words = numbers ^ (numbers >> np.uint64(31))
    return mixed
