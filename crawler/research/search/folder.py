"""Where the index is kept, and who may write it.

The folder holds `lock`, which one indexer at a time takes, and generations in numbered folders. A new generation is
made in `building` and renamed when it is whole; readers open the newest and never write.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.research.search.rows import Rows

_BUILDING, _LOCK = "building", "lock"


@dataclass(slots=True, frozen=True)
class IndexFolder:
    """The folder of one archive's index."""

    path: Path

    @classmethod
    def of(cls, rows: Rows) -> IndexFolder:
        """`archive.index` beside `archive.db`; in the user's cache where that cannot be."""
        if rows.file is not None:
            name = rows.file.stem if rows.file.suffix == ".db" else rows.file.name
            beside = rows.file.absolute().with_name(f"{name}.index")
            if beside.is_dir() or os.access(beside.parent, os.W_OK):
                return cls(beside)
        return cls.in_cache(rows)

    @classmethod
    def in_cache(cls, rows: Rows) -> IndexFolder:
        """The folder in the user's cache."""
        from platformdirs import user_cache_path

        key = hashlib.sha256(rows.key.encode()).hexdigest()[:16]
        return cls(user_cache_path("zhaoshang") / "index" / key)

    def newest(self) -> Path | None:
        """The generation that readers use."""
        found = max(self._generations(), default=None)
        return None if found is None else self.path / str(found)

    def building(self) -> Path:
        """Where the next generation is made; what an earlier attempt left is still there."""
        folder = self.path / _BUILDING
        if not folder.is_dir():
            folder.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def clear_building(self) -> None:
        """Give up what was being made."""
        shutil.rmtree(self.path / _BUILDING, ignore_errors=True)

    def publish(self) -> Path:
        """Make what was built the newest generation, and delete those before it."""
        older = sorted(self._generations())
        whole = self.path / str(older[-1] + 1 if older else 1)
        (self.path / _BUILDING).rename(whole)
        for number in older:
            # A reader that has it open goes on reading: the files go when it closes them.
            shutil.rmtree(self.path / str(number), ignore_errors=True)
        return whole

    @contextmanager
    def locked(self, *, wait: bool = False) -> Iterator[bool]:
        """Be the one that writes, until the end; gives False where another is, unless told to wait. Raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / _LOCK).open("ab") as file:
            mine = True
            try:
                # Given back by the system when its process ends, however it ends.
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                mine = False
            try:
                yield mine
            finally:
                if mine:
                    fcntl.flock(file, fcntl.LOCK_UN)

    def _generations(self) -> Iterator[int]:
        with suppress(OSError):
            for each in self.path.iterdir():
                if each.name.isdecimal():
                    yield int(each.name)
