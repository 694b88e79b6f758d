"""Every response a crawl used is kept, byte for byte, where the archive says it is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.capture import Record, iter_records
from tests.capture.harness import member_at, records, warcio_check
from tests.support import FIXTURES, command, environment, expected, rows, served, zhaoshang

SITE = "dedecms-xuchang"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site crawled twice."""
    made = tmp_path_factory.mktemp("captures")
    with served([SITE], made / "sources"):
        for _ in range(2):
            crawl(made)
        yield made


def crawl(folder: Path, *settings: str, archive: str = "archive.db") -> None:
    env = {"ZHAOSHANG_SOURCES": str(folder / "sources")}
    given = [f"--set={setting}" for setting in settings]
    done = zhaoshang("--archive", archive, "crawl", SITE, "--json", *given, cwd=folder, env=env)
    assert done.code == 0, done.err


def raw(folder: Path, uid: str) -> bytes:
    line = command("show", uid, "--raw")
    return subprocess.run(line, cwd=folder, env=environment(), capture_output=True, timeout=60, check=True).stdout


def test_raw_response_is_what_the_server_sent(folder: Path) -> None:
    found = rows(folder / "archive.db", "SELECT uid, url FROM article ORDER BY uid")[:4]
    for row in found:
        path = row["url"].split("/", 3)[3]
        head, _, body = raw(folder, row["uid"]).partition(b"\r\n\r\n")
        assert body == (FIXTURES / SITE / "pages" / path).read_bytes()
        assert head.startswith(b"HTTP/1.1 200 ")


def test_each_page_of_a_crawl_has_its_capture(folder: Path) -> None:
    pages = expected(SITE)["pages"]
    page = "url NOT LIKE '%/robots.txt'"
    kept = rows(
        folder / "archive.db", f"SELECT crawl_id, count(warc_path) AS n FROM capture WHERE {page} GROUP BY crawl_id"
    )
    assert [tuple(row) for row in kept] == [(1, pages), (2, pages)]


def test_the_robots_txt_that_a_crawl_keeps_to_has_its_capture(folder: Path) -> None:
    kept = rows(folder / "archive.db", "SELECT url FROM capture WHERE url LIKE '%/robots.txt' AND warc_path > ''")
    assert len(kept) == 2


def test_the_metadata_of_a_page_says_where_its_link_was_found(folder: Path) -> None:
    listing = rows(folder / "archive.db", "SELECT DISTINCT listing_url FROM article")[0]["listing_url"]
    records = [each for path in (folder / "warc").rglob("*.gz") for each in iter_records(path)]
    notes = [each.payload.decode() for each in records if isinstance(each, Record) and each.kind == "metadata"]
    assert any(f"via: {listing}\r\n" in each for each in notes)


def test_a_body_seen_before_is_kept_as_a_revisit(folder: Path) -> None:
    sizes = rows(folder / "archive.db", "SELECT revisit, sum(warc_length) AS n FROM capture GROUP BY revisit")
    by_kind = {row["revisit"]: row["n"] for row in sizes}
    assert set(by_kind) == {0, 1}
    assert by_kind[1] < by_kind[0] / 2
    twice = rows(folder / "archive.db", "SELECT DISTINCT crawl_id, revisit FROM capture ORDER BY 1")
    assert [tuple(row) for row in twice] == [(1, 0), (2, 1)]


def test_everything_kept_reads_back(folder: Path) -> None:
    done = zhaoshang("verify", "--json", cwd=folder)
    assert (done.code, done.json["problems"]) == (0, [])


def test_files_pass_the_check_of_warcio_and_each_member_is_whole(folder: Path) -> None:
    files = list((folder / "warc").rglob("*.warc.gz"))
    assert len(files) == 2
    for file in files:
        assert warcio_check(file) == 0
        for record in records(file):
            assert record.length is not None
            assert member_at(file, record.offset, record.length).startswith(b"WARC/1.1\r\n")


def test_damage_is_named_with_file_and_byte(folder: Path, tmp_path: Path) -> None:
    zhaoshang("backup", tmp_path / "copy", cwd=folder)
    copy = tmp_path / "copy"
    row = rows(copy / "archive.db", "SELECT warc_path, warc_offset, warc_length FROM capture ORDER BY id LIMIT 1")[0]
    file = copy / "warc" / row["warc_path"]
    content = bytearray(file.read_bytes())
    content[row["warc_offset"] + row["warc_length"] // 2] ^= 0xFF
    file.unlink()  # it is a link to the archive's own
    file.write_bytes(content)
    done = zhaoshang("verify", "--json", cwd=copy)
    assert done.code == 1
    assert any(str(row["warc_offset"]) in problem["where"] for problem in done.json["problems"])
    assert all(row["warc_path"] in problem["where"] for problem in done.json["problems"])


def test_a_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    zhaoshang("backup", tmp_path / "copy", cwd=folder)
    file = next((tmp_path / "copy" / "warc").rglob("*.warc.gz"))
    file.unlink()
    done = zhaoshang("verify", "--json", cwd=tmp_path / "copy")
    assert any(file.name in problem["where"] for problem in done.json["problems"])


def test_a_backup_is_whole_and_can_be_crawled_into(folder: Path, tmp_path: Path) -> None:
    zhaoshang("backup", tmp_path / "copy", cwd=folder)
    done = zhaoshang("verify", "--json", cwd=tmp_path / "copy")
    assert (done.code, done.json["problems"]) == (0, [])
    again = zhaoshang("backup", tmp_path / "copy", cwd=folder)
    assert again.code == 3
    assert "exists already" in again.err


@pytest.mark.parametrize(("policy", "kept"), [("off", 0), ("articles", 12)])
def test_captures_can_be_left_out(folder: Path, policy: str, kept: int) -> None:
    archive = folder / f"{policy}.db"
    crawl(folder, f"CAPTURES={policy}", f"CAPTURE_ROOT={folder / policy}", archive=str(archive))
    counted = rows(archive, "SELECT count(DISTINCT url) AS n FROM capture WHERE warc_path IS NOT NULL")[0]["n"]
    assert counted == kept + (policy == "articles")  # one article continues on a second page


def test_an_unknown_policy_is_refused(folder: Path) -> None:
    env = {"ZHAOSHANG_SOURCES": str(folder / "sources")}
    done = zhaoshang("crawl", SITE, "--set=CAPTURES=some", cwd=folder, env=env)
    assert done.code == 3
    assert "all, articles, off" in done.err
    assert "Traceback" not in done.err
