"""How a SQLite file is opened to be read, also where neither it nor its folder may be written to."""

from __future__ import annotations

import os
from pathlib import Path


def read_address(file: Path) -> str:
    """The SQLite URI to read a file by.

    Reading makes journal files where there are none. In a folder that may not be written to, one without a journal is
    read as a file that does not change; a journal that is there is read with it.
    """
    name = file.resolve()
    if not os.access(name.parent, os.W_OK):
        journal = name.with_name(f"{name.name}-wal")
        unwritten = journal.exists() and journal.stat().st_size > 0
        return f"{name.as_uri()}?{'mode=ro' if unwritten else 'immutable=1'}"
    return f"{name.as_uri()}?{'mode=rw' if os.access(name, os.W_OK) else 'mode=ro'}"
