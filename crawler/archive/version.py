"""Which archive is meant, and the version of its tables: what is asked before anything large is loaded."""

ARCHIVE_VARIABLE = "ZHAOSHANG_ARCHIVE"
DEFAULT_URL = "sqlite:///archive.db"
HEAD = "0008"  # the newest migration; a test keeps it equal to Alembic's
