"""What the READMEs show is true: their commands exist, their queries run, both languages say the same."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import yaml

from crawler.archive import open_archive
from crawler.sources import Source
from tests.support import ROOT

READMES = ("README.md", "README.zh.md")
CODE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    # Blocks inside a list are indented.
    return [re.sub(r"(?m)^ {3}", "", body) for kind, body in CODE.findall(text) if kind == language]


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_the_program_is_in_the_table_and_none_else(name: str) -> None:
    from crawler.cli.app import app

    commands = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `zhaoshang (\w+)", text, re.MULTILINE)) == commands


@pytest.mark.parametrize("name", READMES)
def test_queries_run(name: str, tmp_path: Path) -> None:
    open_archive(str(tmp_path / "archive.db"), create=True).dispose()
    queries = [
        query for body in blocks(name, "console") for query in re.findall(r'sqlite3 archive\.db "([^"]+)"', body)
    ]
    assert len(queries) == 2
    connection = sqlite3.connect(tmp_path / "archive.db")
    for query in queries:
        connection.execute(query).fetchall()
    connection.close()


@pytest.mark.parametrize("name", READMES)
def test_source_file_is_valid(name: str) -> None:
    (text,) = blocks(name, "yaml")
    assert Source.model_validate(yaml.safe_load(text)).listing_urls == ("http://127.0.0.1:18704/zsdt/xlist.shtml",)


@pytest.mark.parametrize("language", ["text", "yaml", "python"])
def test_both_languages_show_the_same(language: str) -> None:
    english, chinese = (blocks(name, language) for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_yaml_of_the_source_guide_is_valid() -> None:
    text = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    plain, selectors = (yaml.safe_load(body) for kind, body in CODE.findall(text) if kind == "yaml")
    source = Source.model_validate({**plain, **selectors})
    assert len(source.selectors) == 2
