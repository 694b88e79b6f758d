"""Archives for tests: each test gets one of its own, in SQLite and in a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.archive.engine import open_archive
from crawler.archive.models import Base
from tests.archive.postgresql import ServerUnavailable, database_url, postgresql_server


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with its tables and nothing in them; tests work on copies."""
    path = tmp_path_factory.mktemp("template") / "archive.db"
    open_archive(str(path), create=True).dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server; gives the URL of its archive, which tests empty after themselves."""
    try:
        with postgresql_server() as folder:
            url = database_url(folder, "postgres")
            open_archive(url, create=True).dispose()
            yield url
    except ServerUnavailable as error:
        pytest.skip(f"no PostgreSQL to test with: {error}")


@pytest.fixture
def archive_file(tmp_path: Path, empty_archive: Path) -> Path:
    """A SQLite archive of this test's own."""
    path = tmp_path / "archive.db"
    shutil.copy(empty_archive, path)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an archive of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('archive_file')}"
        return
    url: str = request.getfixturevalue("postgresql")
    yield url
    engine = open_archive(url, write=True)
    with engine.begin() as connection:
        for emptied in reversed(Base.metadata.sorted_tables):
            connection.execute(emptied.delete())
    engine.dispose()


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    """An archive opened for writing."""
    opened = open_archive(address, write=True)
    yield opened
    opened.dispose()
