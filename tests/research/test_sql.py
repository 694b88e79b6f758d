"""Free SQL: it reads, and does nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.research import Archive
from crawler.research.search.rows import Rows, rows_of_engine
from crawler.research.sql import SqlError, run_sql
from tests.archive.harness import column, crawl, page


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rows:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    crawl(engine, page("a.html", "甲", "招商100%。"), page("b.html", "乙", "投产。"))
    return rows_of_engine(engine)


def test_rows_with_their_columns(archive: Rows) -> None:
    result = run_sql(
        archive, "SELECT title AS 标题, length(body) AS n FROM article WHERE body LIKE '%招商%' ORDER BY id"
    )
    assert (result.columns, result.rows) == (("标题", "n"), [("甲", 7)])
    assert list(result) == [{"标题": "甲", "n": 7}]


def test_by_the_archive_in_python(archive: Rows, address: str) -> None:
    with Archive(address) as opened:
        assert opened.sql("select count(*) from article").rows == [(2,)]
        found = opened.search("招商", source="shifan", since="2025")
        assert [each.title for each in found] == ["甲"]
        assert list(found.to_pandas()["title"]) == list(found.to_polars()["title"]) == ["甲"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM article",
        "UPDATE article SET title = ''",
        "DROP TABLE article",
        "INSERT INTO source SELECT * FROM source",
        "SELECT 1; DELETE FROM article",
        "SELECT 1; COMMIT; DELETE FROM article",
        "WITH gone AS (DELETE FROM article RETURNING id) SELECT * FROM gone",
        "WITH x AS (SELECT 1) DELETE FROM article",
        "EXPLAIN ANALYZE DELETE FROM article",
        "ATTACH 'other.db' AS other",
        "PRAGMA query_only = OFF",
        "COMMIT",
        "BEGIN",
        "VACUUM",
        "",
        "   ",
        "招商",
        "SELECT * FROM nowhere",
        "SELECT 'unbalanced FROM article",
        "SELECT load_extension('x')",
        "SELECT pg_read_file('nowhere')",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT '\udcff'",
        "SELECT '\0'",
    ],
)
def test_what_is_no_reading_is_one_sentence(engine: Engine, archive: Rows, statement: str) -> None:
    if statement.startswith("EXPLAIN ANALYZE") and engine.dialect.name == "sqlite":
        statement = "EXPLAIN SELECT FROM"
    with pytest.raises(SqlError) as caught:
        run_sql(archive, statement)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert column(engine, "SELECT count(*) FROM article") == [2]


def test_time_limit(archive: Rows) -> None:
    endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"
    began = time.monotonic()
    with pytest.raises(SqlError, match=r"stopped after 0\.2 seconds"):
        run_sql(archive, endless, timeout=0.2)
    assert time.monotonic() - began < 30


def test_reading_goes_on_after_an_error(archive: Rows) -> None:
    with pytest.raises(SqlError):
        run_sql(archive, "SELECT * FROM nowhere")
    assert run_sql(archive, "SELECT 1").rows == [(1,)]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)  # PostgreSQL sees to its own memory
def test_values_that_would_fill_the_memory_are_refused(archive: Rows) -> None:
    with pytest.raises(SqlError, match="larger than"):
        run_sql(archive, "SELECT length(zeroblob(1000000000))")
