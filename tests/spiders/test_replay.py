"""A replayed crawl: as of the day of its captures, without a socket, and without touching what real crawls left."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.archive.frontier import Found
from crawler.archive.run import SourceRow
from crawler.archive.starting import start_run
from crawler.capture import Exchange, Record, iter_records
from crawler.operate.due import due_sources
from crawler.operate.pytest_plugin import Replays
from crawler.sources import Source
from tests.cli.pages import ROWS, article_page, listing_page, site
from tests.fetch.replay.warcs import DAY, HOST, page, write
from tests.support import NETWORK, command, finished, rows, served, write_source, zhaoshang

SOURCE = Source(id="moushi", name="某市招商局", homepage=f"{HOST}/", start_urls=("zsdt/",))


def captured(articles: Mapping[str, str] | None = None, listing: str | None = None) -> list[Exchange]:
    """The exchanges of a crawl of the small site, some of its pages replaced."""
    pages = {**site(ROWS), **(articles or {}), **({"zsdt/index.html": listing} if listing else {})}
    return [page(f"/{path.removesuffix('index.html')}", str(text).encode()) for path, text in pages.items()]


def days(archive: Path) -> list[str]:
    return [row["published_on"] for row in rows(archive, "SELECT published_on FROM article ORDER BY published_on")]


def test_captures_of_a_crawl_give_the_same_archive_again(tmp_path: Path) -> None:
    sites = ["aspnet-jiaxing", "hanweb-weihai", "dedecms-xuchang"]
    env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
    sql = "SELECT uid, url, title, published_on, body_digest FROM article ORDER BY uid"
    with served(sites, tmp_path / "sources"):
        assert zhaoshang("crawl", *sites, cwd=tmp_path, env=env).code == 0
    line = command("--archive", "again.db", "crawl", *sites, "--replay", "warc", "--json", first=NETWORK)
    again = finished(line, cwd=tmp_path, env=env)
    assert again.code == 0, again.err
    assert {report["status"] for report in again.json} == {"finished"}
    first, second = (rows(tmp_path / name, sql) for name in ("archive.db", "again.db"))
    assert [tuple(row) for row in second] == [tuple(row) for row in first]
    assert [row["kind"] for row in rows(tmp_path / "again.db", "SELECT DISTINCT kind FROM crawl")] == ["replay"]


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no unshare to take the network away with")
def test_replay_works_where_there_is_no_network(tmp_path: Path) -> None:
    write_source(tmp_path / "sources", SOURCE.model_dump(mode="json", exclude_defaults=True))
    write(tmp_path / "warc", captured())
    line = ["unshare", "--map-root-user", "--net", *command("crawl", "moushi", "--replay", "warc")]
    result = finished(line, cwd=tmp_path, env={"ZHAOSHANG_SOURCES": str(tmp_path / "sources")})
    assert result.code == 0, result.err
    assert len(days(tmp_path / "archive.db")) == len(ROWS)


def test_own_captures_are_pointed_at_and_not_written_again(tmp_path: Path, replay: Replays) -> None:
    file = write(tmp_path / "warc", captured())
    archive = tmp_path / "archive.db"
    outcome = replay(tmp_path / "warc", SOURCE, archive=archive, settings={"CAPTURES": "all"})
    assert list((tmp_path / "warc").rglob("*.warc.gz")) == [file]
    kept = rows(archive, "SELECT warc_path, fetched_at FROM capture")
    assert {(row["warc_path"], row["fetched_at"]) for row in kept} == {(f"moushi/{file.name}", "2026-03-04T05:06:07Z")}
    assert len(kept) == outcome.counts["pages"] == 5
    assert zhaoshang("verify", "--json", cwd=tmp_path).json["problems"] == []


def test_captures_from_elsewhere_are_kept_and_say_what_they_came_from(tmp_path: Path, replay: Replays) -> None:
    file = write(tmp_path / "given", captured())
    replay(file, SOURCE, archive=tmp_path / "archive.db", settings={"CAPTURES": "all"})
    (kept,) = (tmp_path / "warc").rglob("*.warc.gz")
    metadata = [each.payload for each in iter_records(kept) if isinstance(each, Record) and each.kind == "metadata"]
    assert len(metadata) == 5
    assert all(f"replayed-from: {file.name}, byte ".encode() in each for each in metadata)


def test_pages_are_read_as_of_the_day_they_were_captured(tmp_path: Path, replay: Replays) -> None:
    listing = listing_page([(url, title, "03-02") for url, title, _ in ROWS])
    articles = {f"zsdt/{url}": article_page(title, "03月02日") for url, title, _ in ROWS}
    a_year_before = [replace(each, fetched_at=DAY - timedelta(days=365)) for each in captured(articles, listing)]
    write(tmp_path / "given", a_year_before)
    outcome = replay(tmp_path / "given", SOURCE)
    assert {article.published_on.isoformat() for article in outcome.articles if article.published_on} == {"2025-03-02"}


def test_captures_of_another_site_need_a_look(tmp_path: Path, replay: Replays) -> None:
    write(tmp_path / "given", [page("http://www.other.example/zsdt/")])
    outcome = replay(tmp_path / "given", SOURCE)
    assert (outcome.report.needs_a_look, outcome.report.status, outcome.counts["pages"]) == (True, "failed", 0)
    assert outcome.report.failure == f"{HOST}/zsdt/: the replayed captures do not hold this page"


def test_missing_page_is_rejected_without_a_capture_and_not_gone(tmp_path: Path, replay: Replays) -> None:
    archive = tmp_path / "archive.db"
    whole = captured()
    replay(write(tmp_path / "whole", whole), SOURCE, archive=archive)
    part = [each for each in whole if not each.url.endswith("t3.html")]
    outcome = replay(write(tmp_path / "part", part), SOURCE, archive=archive)
    assert [(each.url, each.reason) for each in outcome.rejections] == [
        (f"{HOST}/zsdt/t3.html", "the replayed captures do not hold this page")
    ]
    assert rows(archive, "SELECT 1 FROM article WHERE missing_since IS NOT NULL OR gone_at IS NOT NULL") == []
    assert rows(archive, "SELECT 1 FROM rejection WHERE capture_id IS NOT NULL") == []


def test_damage_is_a_warning_with_file_and_byte(tmp_path: Path, replay: Replays) -> None:
    file = write(tmp_path / "given", captured())
    places = [each.offset for each in iter_records(file) if isinstance(each, Record) and each.kind == "response"]
    content = bytearray(file.read_bytes())
    content[places[2] + 40] ^= 0xFF
    file.write_bytes(content)
    outcome = replay(file, SOURCE)
    assert len(outcome.articles) == len(ROWS) - 1
    assert [warning.partition(": ")[0] for warning in outcome.warnings] == [f"{file}, byte {places[2]}"]
    assert outcome.report.needs_a_look


def test_redirects_in_a_circle_end(tmp_path: Path, replay: Replays) -> None:
    circle = [
        page("/zsdt/", b"", status=302, response_headers=(("Location", f"{HOST}/b"),)),
        page("/b", b"", status=302, response_headers=(("Location", f"{HOST}/zsdt/"),)),
    ]
    outcome = replay(write(tmp_path / "given", circle), SOURCE)
    assert [each.reason for each in outcome.rejections] == ["The server redirected too often."]


def test_redirect_of_a_real_crawl_is_replayed_from_its_captures(tmp_path: Path, replay: Replays) -> None:
    pages = [each for each in captured() if not each.url.endswith("t3.html")]
    moved = page("/new/t3.html", article_page(*ROWS[1][1:]).encode())
    hop = page("/zsdt/t3.html", b"", status=301, response_headers=(("Location", f"{HOST}/new/t3.html"),))
    first = replay(
        write(tmp_path / "given", [*pages, hop, moved]),
        SOURCE,
        archive=tmp_path / "archive.db",
        settings={"CAPTURES": "all"},
    )
    second = replay(tmp_path / "warc", SOURCE)
    assert [article.url for article in second.articles] == [article.url for article in first.articles]
    assert f"{HOST}/new/t3.html" in [article.url for article in second.articles]


def test_robots_txt_of_the_capture_is_obeyed(tmp_path: Path, replay: Replays) -> None:
    robots = page(
        "/robots.txt", b"User-agent: *\nDisallow: /zsdt/t\n", response_headers=(("Content-Type", "text/plain"),)
    )
    outcome = replay(write(tmp_path / "given", [*captured(), robots]), SOURCE)
    assert (len(outcome.articles), {each.stage for each in outcome.rejections}) == (0, {"robots"})


def test_interrupted_crawl_is_neither_resumed_nor_disturbed(tmp_path: Path, replay: Replays) -> None:
    archive = tmp_path / "archive.db"
    engine = open_archive(str(archive), write=True, create=True)
    row = SourceRow(SOURCE.id, SOURCE.name, SOURCE.homepage)
    run = start_run(engine, row)
    run.found(Found(f"{HOST}/zsdt/waiting.html", f"{HOST}/zsdt/waiting.html", "article", meta={"callback": "parse"}))
    run.finish("interrupted")
    outcome = replay(write(tmp_path / "given", captured()), SOURCE, archive=archive)
    assert (outcome.report.resumed, len(outcome.articles)) == (False, len(ROWS))
    resumed = start_run(engine, row, resume_within=timedelta(hours=1))
    assert [waiting.url for waiting in resumed.waiting()] == [f"{HOST}/zsdt/waiting.html"]
    resumed.finish("finished")
    engine.dispose()


def test_replay_does_not_count_for_the_schedule(tmp_path: Path, replay: Replays) -> None:
    archive = tmp_path / "archive.db"
    daily = SOURCE.model_copy(update={"schedule": "daily"})
    replay(write(tmp_path / "given", captured()), daily, archive=archive)
    assert due_sources([daily], str(archive), datetime.now(UTC)) == [daily]


def test_articles_that_are_known_and_settled_are_read_again(tmp_path: Path, replay: Replays) -> None:
    archive, given = tmp_path / "archive.db", write(tmp_path / "given", captured())
    settled = SOURCE.model_copy(update={"limits": SOURCE.limits.model_copy(update={"recheck_days": 0})})
    counts = [replay(given, settled, archive=archive).counts for _ in range(2)]
    assert [(each["pages"], each["new"], each["unchanged"]) for each in counts] == [(5, 4, 0), (5, 0, 4)]
