"""Opening an archive: the URL, the engine with its safety settings, and its version."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from crawler.archive.address import read_address
from crawler.archive.errors import ArchiveError, ArchiveMissing, explain
from crawler.archive.version import ARCHIVE_VARIABLE, DEFAULT_URL, HEAD

BUSY_SECONDS = 10.0
OURS = frozenset({"alembic_version", "article", "crawl", "source"})


def archive_url(given: str | None = None) -> URL:
    """The archive's URL: what is given, else $ZHAOSHANG_ARCHIVE, else `sqlite:///archive.db`. A bare path is a file."""
    named = given or os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_URL
    if "://" not in named:
        named = f"sqlite:///{named}"
    try:
        url = make_url(named)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ArchiveError(f"{named!r} is no archive; give a file, sqlite:///FILE or postgresql://…") from error
    backend = url.get_backend_name()
    if backend == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise ArchiveError(f"{named!r} is no archive; give a file, sqlite:///FILE or postgresql://…")
    return url


def archive_name(url: URL) -> str:
    """The archive as its user knows it: the file's path, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


def open_archive(given: str | None = None, *, write: bool = False, create: bool = False) -> Engine:
    """Open an archive and bring its tables up to date.

    Readers (`write=False`) cannot change a byte. With `create` a missing archive is made. Raises ArchiveError where
    there is none, or where it is corrupt, locked, read-only, or from a newer version.
    """
    url = archive_url(given)
    name = archive_name(url)
    sqlite_file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    if sqlite_file is not None and not create and not sqlite_file.exists():
        raise ArchiveMissing(
            f"There is no archive {name}; make one with `zhaoshang crawl`, or name another: --archive."
        )
    uri = read_address(sqlite_file) if sqlite_file is not None and not (write or create) else None
    engine = _engine(url, write=write or create, uri=uri)
    try:
        _check_version(engine, name, upgrade=write or create)
    except SQLAlchemyError as error:
        engine.dispose()
        raise explain(error, name) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def open_untouched(given: str) -> Engine:
    """Open another archive so that not a byte of it changes, not even by its journal being tidied up.

    Raises ArchiveError as `open_archive` does.
    """
    url = archive_url(given)
    if url.get_backend_name() != "sqlite" or not url.database:
        return open_archive(given)
    file = Path(url.database).resolve()
    if not file.is_file():
        raise ArchiveMissing(f"There is no archive {archive_name(url)}.")
    # Reading makes SQLite's journal files where there are none; a folder that cannot be written to has no writer.
    how = "mode=ro" if os.access(file.parent, os.W_OK) or _journal(file).exists() else "immutable=1"
    engine = _engine(url, write=False, uri=f"{file.as_uri()}?{how}")
    try:
        _check_version(engine, archive_name(url), upgrade=False)
    except SQLAlchemyError as error:
        engine.dispose()
        raise explain(error, archive_name(url)) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any error; database errors become ArchiveError."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise explain(error, archive_name(engine.url)) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent read; database errors become ArchiveError."""
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise explain(error, archive_name(engine.url)) from error


def take_turn(connection: Connection) -> None:
    """Writers take turns. SQLite's BEGIN IMMEDIATE has seen to that already; PostgreSQL takes a lock of ours."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(0x5A68616F)))


def _engine(url: URL, *, write: bool, uri: str | None = None) -> Engine:
    options: dict[str, Any] = {"json_serializer": lambda value: json.dumps(value, ensure_ascii=False)}
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, **options)
        if not write:
            engine = engine.execution_options(postgresql_readonly=True)
        return engine
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    if uri is not None:
        options["creator"] = lambda: sqlite3.connect(uri, uri=True, **arguments)
    engine = create_engine(url, connect_args=arguments, **options)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        # Transactions are begun below, not by the driver, so that a writer takes its lock before it reads.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        if write:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            # Bands are spread over the whole file: a page that several batches change is brought home once.
            cursor.execute("PRAGMA wal_autocheckpoint = 8000")
            # KiB; room for the newest bands, and for the branches of the tree that holds a million articles'.
            cursor.execute("PRAGMA cache_size = -16000")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _check_version(engine: Engine, name: str, *, upgrade: bool) -> None:
    found = _version(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise ArchiveError(f"The archive {name} is from a newer version of Zhaoshang; upgrade the program to use it.")
    if not upgrade:
        if found is None:
            raise ArchiveMissing(
                f"{name} holds no archive; make one with `zhaoshang crawl`, or name another: --archive."
            )
        raise ArchiveError(
            f"The archive {name} is from an older version; bring it up to date with `zhaoshang upgrade`."
        )
    from crawler.archive.migrate import migrate

    migrate(engine)


def _version(engine: Engine) -> str | None:
    """The archive's migration, None for an empty database. Another program's tables are an error."""
    with engine.connect() as connection:
        tables = set(engine.dialect.get_table_names(connection))
        if tables >= OURS:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        # A PostgreSQL database may be shared with others; a file is somebody's whole.
        foreign = tables if engine.dialect.name == "sqlite" else tables & OURS
        if foreign:
            raise ArchiveError(f"{archive_name(engine.url)} is another program's database; choose another: --archive.")
        return None
