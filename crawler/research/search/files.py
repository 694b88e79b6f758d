"""The index's files beside what tantivy wrote: each ends with a footer that holds the checksum of what is before it.

The footer is a JSON object, its length and a fixed number, both of four bytes, little-endian (directory/footer.rs of
tantivy).
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_PARTS = (".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term")
_END = struct.Struct("<II")
_NUMBER = 1337
_CHUNK = 1 << 20


def damaged_files(folder: Path) -> Iterator[str]:
    """The files of a generation that are not as they were written, or are missing."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        segments = [str(segment["segment_id"]).replace("-", "") for segment in meta["segments"]]
    except (OSError, ValueError, KeyError, TypeError):
        yield "meta.json"
        return
    for segment in segments:
        for part in _PARTS:
            path = folder / f"{segment}{part}"
            if not _is_whole(path):
                yield path.name


def _is_whole(path: Path) -> bool:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(size - _END.size)
            length, number = _END.unpack(file.read())
            body = size - _END.size - length
            if number != _NUMBER or body < 0:
                return False
            file.seek(body)
            expected = json.loads(file.read(length))["crc"]
            file.seek(0)
            found = 0
            while body:
                chunk = file.read(min(_CHUNK, body))
                found = zlib.crc32(chunk, found)
                body -= len(chunk)
        return bool(found == expected)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
