"""Scrapy's own command finds what its users expect: the spider, its arguments, settings and feeds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.cli.conftest import Place
from tests.cli.pages import ROWS
from tests.support import ROOT, Result, finished, rows


def scrapy(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    """Run `scrapy` in the project's root, where its `scrapy.cfg` is."""
    return finished([sys.executable, "-m", "scrapy", *map(str, arguments)], cwd=ROOT, env=env)


def test_spider_is_listed() -> None:
    assert scrapy("list").out.split() == ["source"]


def test_source_is_crawled_with_feeds(fresh: Place) -> None:
    out = fresh.folder / "out.jl"
    arguments = ("-a", "id=moushi", "-s", f"ARCHIVE={fresh.archive}", "-O", out)
    result = scrapy("crawl", "source", *arguments, env=fresh.env)
    assert result.code == 0, result.err
    assert "Traceback" not in result.err
    assert fresh.titles() == [title for _, title, _ in ROWS]
    items = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {item["title"] for item in items if "body" in item} == {title for _, title, _ in ROWS}


def test_url_is_crawled_without_a_source(fresh: Place) -> None:
    arguments = ("-a", f"url={fresh.listing}", "-a", "since=2026-02-03", "-s", f"ARCHIVE={fresh.archive}")
    assert scrapy("crawl", "source", *arguments).code == 0
    assert len(fresh.titles()) == 2


def test_archive_may_be_named_by_the_environment(fresh: Place) -> None:
    env = {**fresh.env, "ZHAOSHANG_ARCHIVE": str(fresh.archive)}
    assert scrapy("crawl", "source", "-a", "id=moushi", "-a", "max_pages=2", env=env).code == 0
    assert rows(fresh.archive, "SELECT status FROM crawl")[0]["status"] == "finished"


def test_captures_are_replayed_where_a_setting_names_them(fresh: Place) -> None:
    arguments = ("-a", "id=moushi", "-s", f"ARCHIVE={fresh.archive}", "-s", f"REPLAY={fresh.server.folder}")
    result = scrapy("crawl", "source", *arguments, env=fresh.env)
    assert result.code == 0, result.err
    assert fresh.titles() == [title for _, title, _ in ROWS]
    assert (fresh.server.requests, rows(fresh.archive, "SELECT kind FROM crawl")[0]["kind"]) == ([], "replay")
