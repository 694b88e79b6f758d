"""`show`, `stats`, `runs`, `extract`, `doctor`: what a reader sees, on paper and as JSON."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.version import HEAD
from tests.cli.conftest import Place, served_place
from tests.cli.pages import ROWS, article_page, listing_page
from tests.support import command, environment, finished, rows, zhaoshang

HOSTILE = "签约\x1b]0;owned\x07\x1b[31m仪式\u202e举行"


def newest(crawled: Place) -> dict[str, Any]:
    return dict(rows(crawled.archive, "SELECT * FROM article ORDER BY published_on DESC LIMIT 1")[0])


def test_article_is_shown_by_uid(crawled: Place) -> None:
    article = newest(crawled)
    result = crawled.run("show", article["uid"])
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(ROWS[0][1])
    assert all(str(article[name]) in result.out for name in ("uid", "url", "published_on", "body"))


@pytest.mark.parametrize("how", ["id", "upper"])
def test_article_is_shown_by_id_and_in_capitals(crawled: Place, how: str) -> None:
    article = newest(crawled)
    reference = str(article["id"]) if how == "id" else article["uid"].upper()
    assert crawled.run("show", reference, "--json").json["uid"] == article["uid"]


def test_provenance_names_rules_and_capture(crawled: Place) -> None:
    result = crawled.run("show", newest(crawled)["uid"], "--provenance")
    assert "title" in result.out and "rule" in result.out and "read from capture" in result.out


def test_provenance_names_the_capture_of_each_page(tmp_path: Path) -> None:
    further = '<div class="page"><a href="t4_2.html">下一页</a></div>'
    path, title, day = ROWS[0]
    pages: dict[str, str | bytes] = {
        "zsdt/index.html": listing_page(ROWS[:1]),
        f"zsdt/{path}": article_page(title, day, extra=further),
        "zsdt/t4_2.html": article_page(title, day, ("第二页说明建设进度，目前已经完成地基施工，主体正在施工。",)),
    }
    with served_place(tmp_path, pages) as made:
        assert made.run("crawl", "moushi").code == 0
        shown = made.run("show", "1", "--provenance").out
        parts = made.run("show", "1", "--json").json["revision"]["parts"]
    read = [line.rpartition("/")[2] for line in shown.splitlines() if line.startswith("read from capture ")]
    assert read == [path, "t4_2.html"]
    assert [part["url"].rpartition("/")[2] for part in parts] == ["t4_2.html"]


def test_bytes_are_not_shown_as_json(crawled: Place) -> None:
    done = crawled.run("show", "1", "--raw", "--json")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_upgrade_says_which_version_the_archive_has(known: Place) -> None:
    assert known.run("upgrade", "--json").json == {"archive": "archive.db", "version": HEAD}


def test_what_checks_a_backup_can_be_pasted_into_a_shell(fresh: Place) -> None:
    fresh.crawl()
    (said,) = (line for line in fresh.run("backup", "备份 一").err.splitlines() if line.startswith("Check it with: "))
    line = shlex.split(said.partition(": ")[2])
    assert line[:2] == ["zhaoshang", "--archive"]
    assert fresh.run(*line[1:]).code == 0


def test_earlier_revision_is_shown(known: Place) -> None:
    url, title, day = ROWS[0]
    known.page(f"zsdt/{url}").write_text(article_page(f"更正：{title}", day), encoding="utf-8")
    known.run("crawl", "moushi")
    uid = newest(known)["uid"]
    assert known.run("show", uid).out.startswith("更正：")
    first = known.run("show", uid, "--revision", "1", "--json").json
    assert (first["title"], first["revision"]["number"], first["revision_count"]) == (title, 1, 2)
    missing = known.run("show", uid, "--revision", "3")
    assert (missing.code, missing.err) == (2, f"zhaoshang: Article {uid} has revisions 1 to 2, no 3.\n")


@pytest.mark.parametrize("reference", ["aaaaaaaaaaaaaaaa", "999999", "99999999999999", "招商", "", "-1", "../x"])
def test_missing_article_is_one_sentence(crawled: Place, reference: str) -> None:
    result = crawled.run("show", "--", reference)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "There is no article" in result.err


def test_stats_count_what_is_there(crawled: Place) -> None:
    held = crawled.run("stats", "--json").json
    assert held["totals"]["article"] == 4
    assert (held["by_source"], held["by_year"]) == ({"moushi": 4}, {"2026": 4})
    assert (held["first_published_on"], held["last_published_on"]) == ("2026-02-01", "2026-02-04")
    assert "moushi" in crawled.run("stats").out


def test_runs_tell_how_each_crawl_went(crawled: Place) -> None:
    (crawl,) = crawled.run("runs", "--json").json
    assert (crawl["source"], crawl["kind"], crawl["status"]) == ("moushi", "crawl", "finished")
    assert crawl["started_at"].endswith("Z")
    assert crawl["stats"]["new"] == 4
    assert "finished" in crawled.run("runs").out


@pytest.mark.parametrize(
    "line",
    [
        "stats --json",
        "runs --json",
        "runs --rejections 1 --json",
        "sources list --json",
        "sources show moushi --json",
        "sources check moushi --json",
        "doctor --json",
        "show 1 --json",
        "extract moushi/pages/zsdt/index.html",
        "extract moushi/pages/zsdt/t1.html --json",
    ],
)
def test_json_is_one_document_on_stdout(crawled: Place, line: str) -> None:
    result = crawled.run(*line.split())
    assert json.loads(result.out) is not None
    assert "Traceback" not in result.err


def test_extract_shows_an_article_in_the_form_of_the_contract(crawled: Place) -> None:
    seen = crawled.run("extract", "moushi/pages/zsdt/t1.html", "--url", "http://www.shifan.example/zsdt/t1.html").json
    assert (seen["kind"], seen["listing"]) == ("article", None)
    assert (seen["article"]["title"], seen["article"]["published_at"][:10]) == (ROWS[3][1], "2026-02-01")
    assert seen["article"]["url"] == "http://www.shifan.example/zsdt/t1.html"
    assert "title" in seen["provenance"]


def test_extract_shows_a_listing_in_the_form_of_the_contract(crawled: Place) -> None:
    seen = crawled.run("extract", f"{crawled.listing}").json
    assert (seen["kind"], seen["article"], seen["listing"]["next_page"]) == ("listing", None, None)
    shown = [(entry["title"], entry["published_at"]) for entry in seen["listing"]["entries"]]
    assert shown == [(title, day) for _, title, day in ROWS]


def test_extract_reads_relative_dates_from_when_the_page_was_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(article_page(ROWS[0][1], "3天前"), encoding="utf-8")
    result = zhaoshang("extract", "a.html", "--fetched-at", "2026-02-10T08:00:00", cwd=tmp_path)
    assert result.json["article"]["published_at"][:10] == "2026-02-07"


@pytest.mark.parametrize("content", [b"", b"\0" * 1000, b"%PDF-1.7\n" + bytes(range(256)), b"<div>" * 50_000])
def test_extract_reads_anything(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.html").write_bytes(content)
    result = zhaoshang("extract", "a.html", cwd=tmp_path)
    assert (result.code, result.json["article"]) == (0, None)


def test_terminal_is_never_sent_what_a_page_says(tmp_path: Path) -> None:
    link = "t1.html?\x1b[31m"
    pages = {
        "zsdt/index.html": listing_page(
            [(link, HOSTILE, "2026-02-01"), ("t2.html", ROWS[1][1], "2026-02-02")], "\x1b[2J"
        ),
        "zsdt/t1.html": article_page(HOSTILE, "2026-02-01", (HOSTILE * 5, *("正文。" * 30,) * 3)),
        "zsdt/t2.html": article_page(ROWS[1][1], "2026-02-02"),
    }
    with served_place(tmp_path, pages) as here:
        outputs = [
            here.run("sources", "add", here.listing, "--yes", "--id", "added"),
            here.run("crawl", "moushi"),
            here.run("sources", "check", "moushi"),
            here.run("sources", "check", "moushi", "--json"),
            here.run("runs"),
            *(here.run("show", str(number), "--provenance") for number in (1, 2)),
        ]
    text = "".join(result.out + result.err for result in outputs)
    assert "仪式" in text
    assert not [char for char in text if char in "\x1b\x07\u202e\x9b"]


def test_chinese_is_shown_somehow_on_a_terminal_without_chinese(crawled: Place) -> None:
    line = command("show", "1")
    result = finished(line, cwd=crawled.folder, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert (result.code, result.err) == (0, "")
    assert "\\u" in result.out


def test_doctor_finds_nothing_wrong_where_all_is_well(crawled: Place) -> None:
    result = zhaoshang("doctor", cwd=crawled.folder, env={**crawled.env, "ZHAOSHANG_CONTACT": "crawl@example.org"})
    assert result.code == 0, result.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("runs --source nope", "The archive knows no source 'nope'"),
        ("runs --rejections 999", "There is no crawl 999 in "),
        ("runs --rejections 99999999999", "There is no crawl 99999999999 in "),
        ("show http://a.example/none.html", "There is no article 'http://a.example/none.html' in "),
    ],
)
def test_what_the_archive_does_not_hold_is_refused_in_one_sentence(crawled: Place, line: str, said: str) -> None:
    refused = crawled.run(*line.split())
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert said in refused.err


def test_article_is_shown_by_url(crawled: Place) -> None:
    article = newest(crawled)
    assert crawled.run("show", article["url"], "--json").json["uid"] == article["uid"]


def test_doctor_asks_for_a_look_where_something_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"no database " * 100)
    result = zhaoshang("doctor", cwd=tmp_path)
    assert (result.code, "broken" in result.out) == (1, True)


def test_reader_that_leaves_before_the_last_words_is_no_error(tmp_path: Path) -> None:
    """They wait in a buffer until the end."""
    reads, writes = os.pipe()
    os.close(reads)
    code = "import crawler.cli; crawler.cli.run = lambda line: print('the end') or 0; crawler.cli.main()"
    line, buffered = [sys.executable, "-c", code], environment({"PYTHONUNBUFFERED": ""})
    done = subprocess.run(line, cwd=tmp_path, env=buffered, stdout=writes, stderr=subprocess.PIPE, timeout=60)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, b"")


def test_reader_that_stops_listening_is_no_error(crawled: Place) -> None:
    import shlex

    line = f"{shlex.join(command('stats', '--json'))} | true"
    result = finished(["bash", "-o", "pipefail", "-c", line], cwd=crawled.folder)
    assert (result.code, result.err) == (0, "")


def test_a_corrected_region_is_shown_and_told_in_the_diff(known: Place) -> None:
    uid = newest(known)["uid"]
    known.run("correct", uid, "--region", "江汉区", "--origin", "某市商务局", "--reason", "正文写明")
    assert "region     江汉区 420103" in known.run("show", uid).out
    diff = known.run("show", uid, "--diff").out
    assert "+ region_code: 420103" in diff and "+ origin: 某市商务局" in diff
    known.run("correct", uid, "--title", "某市签约", "--reason", "标题有误")
    assert "region_code" not in known.run("show", uid, "--diff").out


def test_a_correction_that_changes_nothing_is_refused(known: Place) -> None:
    article = newest(known)
    refused = known.run("correct", article["uid"], "--title", article["title"], "--reason", "标题有误")
    assert (refused.code, refused.err.count("\n")) == (2, 1) and "says so already" in refused.err
    assert rows(known.archive, "SELECT * FROM revision WHERE cause = 'manual'") == []


@pytest.mark.parametrize("region", ["999999", "没有的地方", "鼓楼区"])
def test_a_correction_to_no_one_place_is_refused(known: Place, region: str) -> None:
    uid = newest(known)["uid"]
    refused = known.run("correct", uid, "--region", region, "--reason", "正文写明")
    assert (refused.code, refused.err.count("\n")) == (2, 1) and region in refused.err
