"""Listings that show nothing, repeat themselves or lead in circles: the crawl ends, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.operate.pytest_plugin import Replays
from crawler.operate.replayed import Replayed
from crawler.sources import source_from_url
from tests.cli.pages import ROWS, listing_page, site
from tests.support import rows, saved_site

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8
ZIP = b"PK\x03\x04\x14\x00\x00\x00" + bytes(range(256)) * 8
BASE = "http://zs.moushi.example"


def crawl(replay: Replays, folder: Path, pages: dict[str, str | bytes], path: str) -> Replayed:
    return replay(saved_site(folder / "moushi", pages), source_from_url(f"{BASE}{path}"), archive=folder / "archive.db")


def asked(folder: Path) -> list[str]:
    return [row["url"].removeprefix(BASE) for row in rows(folder / "archive.db", "SELECT url FROM capture ORDER BY id")]


@pytest.mark.parametrize(
    ("page", "content"),
    [
        ("index.html", listing_page([])),
        ("index.html", "<html><body></body></html>"),
        ("index.html", ""),
        ("list.pdf", PDF),
        ("list.zip", ZIP),
        ("list.html", PDF),
        ("list.json", "{not json"),
        ("list.xml", "<a><b>"),
    ],
    ids=["no rows", "no text", "nothing", "pdf", "zip", "pdf as html", "json", "xml"],
)
def test_page_that_shows_no_entries_needs_a_look(
    replay: Replays, tmp_path: Path, page: str, content: str | bytes
) -> None:
    outcome = crawl(replay, tmp_path, {page: content}, f"/{page}")
    assert (outcome.report.needs_a_look, len(outcome.articles)) == (True, 0)
    assert outcome.warnings or outcome.report.failure or outcome.rejections


@pytest.mark.parametrize("following", ["index.html", "/zsdt/?utm_source=x"])
def test_listing_whose_next_page_is_itself_is_read_once(replay: Replays, tmp_path: Path, following: str) -> None:
    outcome = crawl(replay, tmp_path, {**site(ROWS), "zsdt/index.html": listing_page(ROWS, following)}, "/zsdt/")
    assert (len(outcome.articles), outcome.report.status) == (4, "finished")
    assert [path for path in asked(tmp_path) if "/t" not in path] == ["/robots.txt", "/zsdt/"]


def test_listings_that_lead_to_each_other_end(replay: Replays, tmp_path: Path) -> None:
    pages = {
        **site(ROWS),
        "zsdt/index.html": listing_page(ROWS[:2], "p2.html"),
        "zsdt/p2.html": listing_page(ROWS[2:], "index.html"),
    }
    outcome = crawl(replay, tmp_path, pages, "/zsdt/index.html")
    assert (len(outcome.articles), outcome.counts["pages"], outcome.report.status) == (4, 6, "finished")
