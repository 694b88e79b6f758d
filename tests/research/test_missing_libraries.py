"""What needs the extra `research` says so in one sentence where it is not installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.research import Archive, Filters
from crawler.research.export.wanted import Wanted
from crawler.research.export.writing import export_table
from crawler.research.frames import MissingLibrary
from crawler.research.plots.drawing import draw
from crawler.research.sql_pages import sql_pages
from tests.archive.harness import crawl, page

SAID = r"^[^\n]+ needs? more libraries: pip install 'zhaoshang\[research\]'\.$"


@pytest.fixture
def archive(archive_file: Path) -> Any:
    from crawler.archive import open_archive

    engine = open_archive(str(archive_file), write=True)
    crawl(engine, page("a.html", "甲"))
    engine.dispose()
    with Archive(archive_file) as opened:
        yield opened


@pytest.mark.parametrize(
    ("library", "wish"),
    [
        ("pyarrow", lambda archive, folder: archive.articles().to_pandas()),
        ("polars", lambda archive, folder: archive.articles().to_polars()),
        ("pandas", lambda archive, folder: archive.sql("SELECT 1").to_pandas()),
        ("polars", lambda archive, folder: archive.sql("SELECT 1").to_polars()),
        ("pyarrow", lambda archive, folder: export_table(archive.engine, Wanted(), "parquet", folder / "a.parquet")),
        ("altair", lambda archive, folder: draw(archive.engine, "articles", Filters(), folder / "a.svg")),
        ("vl_convert", lambda archive, folder: draw(archive.engine, "articles", Filters(), folder / "a.svg")),
        ("datasette.app", lambda archive, folder: sql_pages(archive.name)),
    ],
)
def test_a_missing_library_is_named_with_its_remedy(
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    library: str,
    wish: Callable[[Archive, Path], Any],
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibrary, match=SAID):
        wish(archive, tmp_path)
    assert not [path for path in tmp_path.iterdir() if "partial" in path.name]


def test_rows_of_sql_become_frames_with_their_columns_also_where_there_are_none(archive: Archive) -> None:
    found = archive.sql("SELECT title, 1 AS one FROM article")
    assert found.to_pandas().to_dict("records") == found.to_polars().to_dicts() == [{"title": "甲", "one": 1}]
    empty = archive.sql("SELECT title, 1 AS one FROM article WHERE 0")
    assert list(empty.to_pandas().columns) == empty.to_polars().columns == ["title", "one"]
