"""`search`, `sql` and `reindex`: what they print, and what they say of wrong input."""

from __future__ import annotations

import csv
import io
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.cli.pages import ROWS
from tests.support import command, finished


def test_search_prints_results_and_counts(crawled: Place) -> None:
    done = crawled.run("search", "签约", "--json")
    assert done.code == 0
    found = done.json
    assert {"total", "results", "facets"} <= set(found)
    assert found["total"] == len(found["results"]) > 0
    fields = {"uid", "title", "url", "published_on", "source", "snippet", "score"}
    assert all(fields <= set(each) for each in found["results"])
    assert set(found["facets"]) == {"source", "region", "year", "industry", "event"}
    assert found["facets"]["source"] == {"moushi": found["total"]}


def test_search_in_words(crawled: Place) -> None:
    done = crawled.run("search", "签约", "--limit", "1")
    assert done.code == 0
    assert "«签约»" in done.out and "articles" in done.out and "moushi" in done.out


def test_what_is_left_out_may_stand_first_behind_two_dashes(crawled: Place) -> None:
    found = crawled.run("search", "--json", "--", "-签约")
    assert found.code == 0, found.err
    rest = crawled.run("search", "--source", "moushi", "--json").json["total"]
    assert found.json["total"] == rest - crawled.run("search", "签约", "--json").json["total"]


def test_a_reader_that_has_seen_enough_is_no_error(crawled: Place) -> None:
    line = f"{shlex.join(command('search', '签约'))} | true"
    result = finished(["bash", "-o", "pipefail", "-c", line], cwd=crawled.folder)
    assert (result.code, result.err) == (0, "")


def test_filters_without_words(crawled: Place) -> None:
    found = crawled.run("search", "--source", "moushi", "--json").json
    assert found["total"] == len(ROWS)
    days = [each["published_on"] for each in found["results"]]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (['"签约'], "quotation mark"),
        (["AND"], "stands alone"),
        (["签" * 10_000], "at most 1,000"),
        ([], "Say what to search for"),
        (["  "], "Say what to search for"),
        (["签约", "--region", "999999"], "no region 999999"),
        (["签约", "--from", "yesterday"], "no date"),
        (["签约", "--from", "2025-02-30"], "no such day"),
        (["签约", "--sort", "best"], "no order 'best'"),
        (["签约", "--event", "party"], "no event"),
        (["签约", "--source", "nobody"], "no source 'nobody'"),
        (["签约", "--min-amount", "many"], "no amount"),
        (["签约", "-培训"], "write NOT 培训, or -- before the query: search -- -培训"),
        (["-LNG"], "write NOT LNG, or -- before the query"),
        (["签约", "--sorte", "date"], "No such option: --sorte"),
    ],
)
def test_wrong_searches_are_one_sentence(crawled: Place, arguments: list[str], said: str) -> None:
    done = crawled.run("search", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1


def test_sql_in_three_forms(crawled: Place) -> None:
    statement = "SELECT title, published_on FROM article ORDER BY published_on"
    as_json = crawled.run("sql", statement, "--format", "json").json
    assert [row["title"] for row in as_json] == [title for _, title, _ in sorted(ROWS, key=lambda row: row[2])]
    rows = list(csv.reader(io.StringIO(crawled.run("sql", statement, "--format", "csv").out)))
    assert rows[0] == ["title", "published_on"] and len(rows) == len(ROWS) + 1
    assert as_json[0]["title"] in crawled.run("sql", statement).out
    assert crawled.run("sql", statement, "--json").json == as_json


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["DELETE FROM article"], "Only statements that read"),
        (["SELECT * FROM nowhere"], "no such table: nowhere"),
        (["SELECT 1", "--format", "xml"], "no format 'xml'"),
    ],
)
def test_wrong_sql_is_one_sentence(crawled: Place, arguments: list[str], said: str) -> None:
    done = crawled.run("sql", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err and done.err.count("\n") == 1


@pytest.mark.parametrize("command", [["search", "签约"], ["sql", "SELECT 1"]])
def test_archive_that_is_not_there(tmp_path: Path, crawled: Place, command: list[str]) -> None:
    done = crawled.run("--archive", str(tmp_path / "none.db"), *command)
    assert (done.code, done.out) == (3, "")
    assert "There is no archive" in done.err


def test_index_is_made_anew_and_verified(known: Place) -> None:
    assert known.run("reindex", "--search", "--json").json == {"search": len(ROWS)}
    assert problems_of_index(known) == []
    generation = next(path for path in (known.folder / "archive.index").iterdir() if path.is_dir())
    postings = next(generation.glob("*.pos"))
    content = bytearray(postings.read_bytes())
    content[len(content) // 3] ^= 0xFF
    postings.unlink()
    postings.write_bytes(content)
    assert [each["rebuildable"] for each in problems_of_index(known)] == [True]
    known.run("verify", "--repair")
    assert problems_of_index(known) == []


def problems_of_index(place: Place) -> list[dict[str, Any]]:
    """What verifying says of the index and the database; the copied archive has no captures."""
    problems = place.run("verify", "--json").json["problems"]
    return [each for each in problems if each["check"] in ("search index", "database")]


def test_fts_table_answers_plain_sql_and_follows_the_articles(known: Place) -> None:
    assert known.run("reindex", "--fts", "--json").json == {"fts": len(ROWS)}
    title = ROWS[0][1]
    match = f"SELECT title FROM article_fts WHERE article_fts MATCH '\"{title[:4]}\"'"
    assert title in [row["title"] for row in known.run("sql", match, "--json").json]
    with closing(sqlite3.connect(known.archive)) as connection, connection:
        connection.execute("UPDATE article SET title = '改成了另一个题目' WHERE title = ?", (title,))
        assert connection.execute("SELECT rowid FROM article_fts WHERE article_fts MATCH '另一个题'").fetchall()
        connection.execute("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')")
    assert known.run("reindex", "--fts").out == f"{len(ROWS)} articles in the FTS5 table\n"


def test_reindex_needs_to_know_what(crawled: Place) -> None:
    done = crawled.run("reindex")
    assert (done.code, done.out) == (2, "")
    assert "--search" in done.err and "--fts" in done.err


def test_takedown_reaches_the_indexes(known: Place) -> None:
    known.run("reindex", "--search", "--fts")
    title = ROWS[2][1]
    uid = known.run("search", f'title:"{title}"', "--json").json["results"][0]["uid"]
    before = {path.name for path in (known.folder / "archive.index").iterdir()}
    done = known.run("takedown", uid, "--reason", "当事人要求", "--json")
    assert (done.code, done.json["left"]) == (0, [])
    assert {path.name for path in (known.folder / "archive.index").iterdir()} != before
    assert known.run("search", f'title:"{title}"', "--json").json["total"] == 0
    needle = title[:3].encode()
    assert needle not in known.archive.read_bytes()
    assert problems_of_index(known) == []
