"""The archive: tables, transactions, history. The only writer of the database."""

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
