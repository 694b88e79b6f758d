"""The examples of docs/search.md run."""

from __future__ import annotations

import re
import shlex

import pytest

from crawler.research.search.query import parse_query
from tests.cli.conftest import Place
from tests.support import ROOT

GUIDE = (ROOT / "docs/search.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_commands_run(known: Place) -> None:
    (commands,) = blocks("console")
    for line in commands.strip().splitlines():
        done = known.run(*shlex.split(line)[2:])
        assert done.code == 0, done.err


def test_python_runs(known: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    monkeypatch.chdir(known.folder)
    exec(compile(code, "docs/search.md", "exec"), {})


def test_sql_runs(known: Place) -> None:
    known.run("reindex", "--fts")
    (statements,) = blocks("sql")
    for statement in statements.strip().split(";\n"):
        done = known.run("sql", statement, "--json")
        assert done.code == 0, done.err


def test_queries_of_the_table_are_queries() -> None:
    shown = re.findall(r"^\| (`.*?`(?:, `.*?`)*) \|", GUIDE, re.MULTILINE)
    queries = [query for cell in shown for query in re.findall(r"`(.*?)`", cell)]
    assert len(queries) >= 8
    for query in queries:
        if query not in ('"…"', "( … )"):
            assert parse_query(query) is not None
