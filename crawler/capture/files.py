"""One growing WARC file: named as no other ever is, written a whole record at a time, synced on demand."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

_SUFFIX = re.compile(r"(?:-[0-9a-f]{8})?(\.warc(?:\.gz)?)?\Z")
_EXCLUSIVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def file_name(source_id: str, at: datetime, serial: int) -> str:
    """A name that sorts by time, then by serial, and that no other process chooses."""
    stamp = at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
    return f"{source_id}-{stamp}-{serial:05d}-{secrets.token_hex(4)}.warc.gz"


def sibling_name(name: str) -> str:
    """A name of its own for a file that is written anew, beside the old one in every listing."""
    match = _SUFFIX.search(name)
    stem, extension = (name[: match.start()], match[1] or "") if match else (name, "")
    return f"{stem}-{secrets.token_hex(4)}{extension}"


class GrowingFile:
    """A new file. Its name is final from the start: records are placed in it before it is closed.

    Every method raises OSError. What a failed write left behind is cut off again, as far as the disk lets it.
    """

    def __init__(self, path: Path) -> None:
        _make_folder(path.parent)
        self.path = path
        self.size = 0
        self._synced = -1
        self._descriptor = os.open(path, _EXCLUSIVE, 0o644)

    def append(self, content: bytes) -> int:
        """Write records and return the offset they begin at. They last a power cut after `sync` only."""
        offset = self.size
        left = memoryview(content)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, offset)
            raise
        self.size = offset + len(content)
        return offset

    def sync(self) -> None:
        """Return when everything written is on the disk, and so is the file's name."""
        if self._synced == self.size:
            return
        os.fsync(self._descriptor)
        if self._synced < 0:
            sync_folder(self.path.parent)
        self._synced = self.size

    def close(self) -> None:
        """Give the file back to the system; it is not synced."""
        os.close(self._descriptor)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each with its name on the disk."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
