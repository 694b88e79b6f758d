"""Digests of records: making them, and comparing with those that a record claims."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

# What WARC writers use; any other name is passed over, for nothing can be said of it.
_ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s"})


def payload_digest(payload: bytes) -> str:
    """The digest of a payload as the archive writes digests: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def differs(claimed: str, contents: Iterable[bytes]) -> bool:
    """Whether a labelled digest (`sha1:` in base 32, hexadecimal or base 64) fits none of these contents.

    There may be several, because writers differ in what they take as payload: with its chunks, or without.
    False where the digest cannot be read: then nothing is known to be wrong.
    """
    algorithm, _, value = claimed.strip().partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in _ALGORITHMS:
        return False
    wanted = _read(value, hashlib.new(name, usedforsecurity=False).digest_size)
    if wanted is None:
        return False
    return all(hashlib.new(name, content, usedforsecurity=False).digest() != wanted for content in contents)


def _read(value: str, size: int) -> bytes | None:
    """The bytes of a digest value, whose length tells its base."""
    bare = value.rstrip("=")
    try:
        if len(bare) == size * 2:
            return bytes.fromhex(bare)
        if len(bare) == (size * 8 + 4) // 5:
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == (size * 4 + 2) // 3:
            return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        pass
    return None
