"""The pytest plugin as another project uses it: one fixture, one flag, and no cost for who uses neither."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support import FIXTURES, Result, finished

SITE = FIXTURES / "dedecms-xuchang"
TESTS = f"""
import sys

def test_nothing_is_loaded_until_it_is_asked_for():
    assert not {{"scrapy", "twisted", "sqlalchemy", "lxml", "yaml", "pydantic"}} & set(sys.modules)

def test_site(replay):
    outcome = replay({str(SITE)!r})
    assert outcome.counts["new"] == len(outcome.articles) == 12
    assert [entry.title for entry in outcome.entries] and not outcome.rejections
    assert next(iter(outcome.archive.articles())).uid
    replay.check(outcome, "golden/site.json")

def test_sites_follow_each_other(replay):
    assert len(replay({str(SITE)!r}).articles) == 12

def test_a_source_is_named_by_its_id(replay, monkeypatch):
    monkeypatch.setenv("ZHAOSHANG_SOURCES", {str(FIXTURES)!r})
    assert replay({str(SITE)!r}, "dedecms-xuchang").source.id == "dedecms-xuchang"
"""


def run(folder: Path, *options: str) -> Result:
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "crawler.operate.pytest_plugin"]
    return finished([*line, *options, "test_site.py"], cwd=folder)


def test_replays_and_golden_files(tmp_path: Path) -> None:
    (tmp_path / "test_site.py").write_text(TESTS, encoding="utf-8")
    golden = tmp_path / "golden" / "site.json"
    written = run(tmp_path, "--update-golden")
    assert written.code == 0, written.out
    golden.write_text(golden.read_text(encoding="utf-8").replace("许昌招商网", "别的网"), encoding="utf-8")
    changed = run(tmp_path, "-k", "test_site")
    assert changed.code == 1
    assert "--update-golden accepts what is seen now" in changed.out
    assert "别的网" in changed.out and "许昌招商网" in changed.out
