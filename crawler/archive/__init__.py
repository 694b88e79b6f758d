"""The archive: tables, transactions, history. The only writer of the database."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.archive.engine import archive_name, archive_url, open_archive, reading, writing
    from crawler.archive.errors import ArchiveBusy, ArchiveError, ArchiveFull, ArchiveMissing, SourceBusy

__all__ = [
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveFull",
    "ArchiveMissing",
    "SourceBusy",
    "archive_name",
    "archive_url",
    "open_archive",
    "reading",
    "writing",
]


def __getattr__(name: str) -> object:
    """Loaded when first asked for: a search needs `crawler.archive.version` only, and SQLAlchemy takes long to load."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module("crawler.archive.errors" if name[0].isupper() else "crawler.archive.engine")
    return getattr(module, name)
