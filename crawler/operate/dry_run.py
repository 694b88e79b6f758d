"""A copy of the archive that a dry run may write to."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.archive import ArchiveError, archive_url
from crawler.archive.address import read_address


@contextmanager
def scratch_archive(given: str | None) -> Iterator[str]:
    """The URL of a throw-away copy of an archive, as it was at one moment. SQLite only; raises ArchiveError else."""
    url = archive_url(given)
    if url.get_backend_name() != "sqlite":
        raise ArchiveError("A dry run works on a copy, which is made of SQLite archives only; name one with --archive.")
    with tempfile.TemporaryDirectory(prefix="zhaoshang-") as folder:
        copy = Path(folder) / "archive.db"
        original = Path(url.database or "")
        if original.is_file():
            try:
                source = sqlite3.connect(read_address(original), uri=True)
                with closing(source), closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
            except sqlite3.Error as error:
                raise ArchiveError(f"The archive {original} cannot be copied: {error}.") from error
        yield f"sqlite:///{copy}"
