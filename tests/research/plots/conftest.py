"""Archives for these tests, in SQLite and in a real PostgreSQL."""

from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql

__all__ = ["address", "archive_file", "empty_archive", "engine", "postgresql"]
