"""A crawl that is cut off goes on where it was: nothing archived is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.site import listing_path, pages
from crawler.fetch.fixture_pages import Answer
from crawler.operate.fixture_server import FixtureServer
from tests.support import command, environment, rows, write_source, zhaoshang

ARTICLES = 240
BATCH = 5
AT_ONCE = 4


class CountingServer(FixtureServer):
    """A fixture site that calls back when it is asked for its n-th page."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 0)
        self.asked: list[str] = []
        self.at: int | None = None
        self.then = threading.Event()
        self.strike: Any = None
        self._counting = threading.Lock()

    def answer(self, method: str, target: str, form: Mapping[str, str]) -> Answer:
        with self._counting:
            if target != "/robots.txt":
                self.asked.append(target)
            if self.at is not None and len(self.asked) >= self.at and self.strike is not None:
                strike, self.strike = self.strike, None
                strike()
        return super().answer(method, target, form)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountingServer]:
    folder = tmp_path_factory.mktemp("generated")
    for path, body in pages(ARTICLES):
        file = folder / "pages" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    (folder / "site.yaml").write_text("name: generated\ntitle: x\nfamily: TRS WCM\nport: 18799\ncharset: utf-8\n")
    server = CountingServer(folder)
    with server:
        yield server


def settings(folder: Path, server: CountingServer) -> dict[str, str]:
    """A source file for the site, and the environment that finds it."""
    source = {"id": "big", "name": "示例", "homepage": f"{server.base_url}/", "start_urls": [listing_path(0)]}
    write_source(folder / "sources", source)
    return {"ZHAOSHANG_SOURCES": str(folder / "sources")}


def arguments() -> list[str]:
    given = {
        "ARCHIVE_BATCH_PAGES": BATCH,
        "CONCURRENT_REQUESTS": AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
    }
    return ["crawl", "big", "--json", *(f"--set={name}={value}" for name, value in given.items())]


@contextmanager
def crawl_struck(folder: Path, server: CountingServer, after: int, how: int) -> Iterator[subprocess.Popen[str]]:
    """Run the crawl, and send it a signal when it has asked for so many pages more."""
    process = subprocess.Popen(
        command(*arguments()),
        cwd=folder,
        env=environment(settings(folder, server)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server.strike = lambda: os.kill(process.pid, how)
    server.at = len(server.asked) + after
    try:
        yield process
    finally:
        process.communicate(timeout=60)
        server.strike = None


def content(archive: Path) -> dict[str, Any]:
    """What an archive holds, without what depends on the run: ids, times, crawls."""
    articles = "SELECT uid, url, title, published_on, body_digest, revision_count FROM article ORDER BY uid"
    revisions = (
        "SELECT uid, number, revision.body_digest, cause FROM revision JOIN article ON article.id = article_id"
        " ORDER BY uid, number"
    )
    entries = (
        "SELECT key, entry.url, listing_url AS _, entry.title, entry.published_on, uid FROM entry"
        " LEFT JOIN article ON article.id = article_id ORDER BY key"
    ).replace("listing_url AS _", "entry.listing_url")
    return {name: [tuple(row) for row in rows(archive, sql)] for name, sql in
            (("articles", articles), ("revisions", revisions), ("entries", entries))}  # fmt: skip


def killed_again_and_again(folder: Path, server: CountingServer, kills: int, seed: int) -> None:
    """Kill one crawl at random moments, go on each time, and check what must hold after each kill and at the end."""
    undisturbed = folder / "undisturbed"
    undisturbed.mkdir(parents=True)
    whole = zhaoshang(*arguments(), cwd=undisturbed, env=settings(undisturbed, server))
    assert whole.json[0]["new"] == ARTICLES
    chance = random.Random(seed)
    archive = folder / "archive.db"
    archived: set[str] = set()
    done: set[str] = set()
    for _ in range(kills):
        before = len(server.asked)
        with crawl_struck(folder, server, chance.randint(1, ARTICLES // kills), signal.SIGKILL) as process:
            process.wait(timeout=60)
        assert process.returncode == -signal.SIGKILL
        asked = {server.base_url + target for target in server.asked[before:]}
        assert not done & asked, "a finished page was fetched again"
        now = {row["uid"] for row in rows(archive, "SELECT uid FROM article")}
        assert archived <= now, "an archived article was lost"
        archived = now
        finished = {row["url"] for row in rows(archive, "SELECT url FROM frontier WHERE state = 'done'")}
        assert done <= finished, "a finished page was forgotten"
        done = finished
        # In flight: one batch that is not full, what is on the wire, and what has arrived and waits to be read.
        assert len(asked - finished) <= BATCH + 2 * AT_ONCE, "more must be fetched again than was in flight"
    last = zhaoshang(*arguments(), cwd=folder, env=settings(folder, server))
    assert last.code == 0
    assert last.json[0]["resumed"]
    assert content(archive) == content(undisturbed / "archive.db")
    assert zhaoshang("verify", "--json", cwd=folder).json["problems"] == [], "a committed page has lost its capture"
    states = rows(archive, "SELECT status, count(*) AS n FROM crawl GROUP BY status ORDER BY status")
    assert [tuple(row) for row in states] == [("finished", 1), ("interrupted", kills)]


def test_twenty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path, site: CountingServer) -> None:
    killed_again_and_again(tmp_path, site, kills=20, seed=2026)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_kills(tmp_path: Path, site: CountingServer, seed: int) -> None:
    killed_again_and_again(tmp_path, site, kills=20, seed=seed)


def test_ctrl_c_ends_cleanly_and_the_next_crawl_goes_on(tmp_path: Path, site: CountingServer) -> None:
    before = len(site.asked)
    with crawl_struck(tmp_path, site, ARTICLES // 2, signal.SIGINT) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "goes on from here" in err
    archive = tmp_path / "archive.db"
    assert [row["status"] for row in rows(archive, "SELECT status FROM crawl")] == ["interrupted"]
    asked = {site.base_url + target for target in site.asked[before:]}
    finished = {row["url"] for row in rows(archive, "SELECT url FROM frontier WHERE state = 'done'")}
    assert asked == finished, "everything fetched is committed"
    middle = len(site.asked)
    zhaoshang(*arguments(), cwd=tmp_path, env=settings(tmp_path, site))
    again = {site.base_url + target for target in site.asked[middle:]}
    assert not again & finished
    assert len(rows(archive, "SELECT uid FROM article")) == ARTICLES


def test_full_starts_anew(tmp_path: Path, site: CountingServer) -> None:
    with crawl_struck(tmp_path, site, 20, signal.SIGKILL) as process:
        process.wait(timeout=60)
    report = zhaoshang(*arguments(), "--full", cwd=tmp_path, env=settings(tmp_path, site)).json[0]
    assert not report["resumed"]
    assert report["pages"] == ARTICLES + len([path for path, _ in pages(ARTICLES) if "index" in path])
