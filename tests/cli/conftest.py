"""What tests of the command share: a small site that is served, and an archive that was crawled from it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.operate.fixture_server import FixtureServer
from tests.cli.pages import ROWS, site
from tests.support import Result, rows, small_site, write_source, zhaoshang


class Place(NamedTuple):
    """A working folder with sources and an archive, and the site that is crawled."""

    folder: Path
    server: FixtureServer

    @property
    def archive(self) -> Path:
        return self.folder / "archive.db"

    @property
    def env(self) -> dict[str, str]:
        return {"ZHAOSHANG_SOURCES": str(self.folder / "sources")}

    @property
    def listing(self) -> str:
        return f"{self.server.base_url}/zsdt/"

    def run(self, *arguments: str | Path) -> Result:
        return zhaoshang(*arguments, cwd=self.folder, env=self.env)

    def crawl(self, *arguments: str | Path) -> Result:
        """Crawl the site out of its folder: what is tested is not how bytes arrive."""
        return self.run("crawl", "moushi", "--replay", self.server.folder, *arguments)

    def page(self, path: str) -> Path:
        """The file behind a path of the site."""
        return self.server.folder / "pages" / path

    def titles(self) -> list[str]:
        return [row["title"] for row in rows(self.archive, "SELECT title FROM article ORDER BY published_on DESC")]


@contextmanager
def served_place(folder: Path, pages: Mapping[str, str | bytes] | None = None) -> Iterator[Place]:
    """A working folder whose only source, `moushi`, is a site of these pages, else of four articles."""
    with small_site(folder / "moushi", pages or site(ROWS)) as server:
        homepage = f"{server.base_url}/"
        source = {"id": "moushi", "name": "某市招商局", "homepage": homepage, "start_urls": ["zsdt/"], "kind": "bureau"}
        write_source(folder / "sources", source)
        yield Place(folder, server)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Place]:
    """A site of four articles, not crawled yet."""
    with served_place(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same site after one crawl; tests only read."""
    with served_place(tmp_path_factory.mktemp("crawled")) as done:
        assert done.run("crawl", "moushi").code == 0
        yield done


@pytest.fixture
def known(crawled: Place, tmp_path: Path) -> Iterator[Place]:
    """The crawled site with a copy of its archive: a test may change both. The pages are put back afterwards."""
    pages = crawled.server.folder / "pages"
    kept = {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()}
    shutil.copytree(crawled.folder / "sources", tmp_path / "sources")
    with closing(sqlite3.connect(crawled.archive)) as source, closing(sqlite3.connect(tmp_path / "archive.db")) as copy:
        source.backup(copy)
    yield Place(tmp_path, crawled.server)
    for path, content in kept.items():
        path.write_bytes(content)
