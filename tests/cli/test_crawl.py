"""`crawl` and `import` as a user runs them: what they archive, what they report, and their exit codes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from crawler.sources import load_source
from tests.cli.conftest import Place
from tests.cli.pages import BODY, ROWS, article_page, site
from tests.support import ROOT, expected, rows, served, small_site, zhaoshang


def test_crawl_archives_the_site_and_reports_on_it(fresh: Place) -> None:
    result = fresh.crawl()
    assert result.code == 0
    assert fresh.titles() == [title for _, title, _ in ROWS]
    assert "moushi" in result.out and "finished" in result.out
    assert "[1/1] moushi: 5 pages, 4 articles, 0 rejected" in result.err
    assert "zhaoshang show" in result.err


def test_report_as_json_is_one_document_and_nothing_else(fresh: Place) -> None:
    (report,) = fresh.crawl("--json").json
    counts = {name: report[name] for name in ("pages", "new", "changed", "unchanged", "duplicate", "rejected")}
    assert counts == {"pages": 5, "new": 4, "changed": 0, "unchanged": 0, "duplicate": 0, "rejected": 0}
    assert (report["source"], report["status"], report["warnings"], report["failure"]) == (
        "moushi",
        "finished",
        [],
        None,
    )


def test_second_crawl_finds_what_changed(known: Place) -> None:
    url, title, day = ROWS[1]
    known.page(f"zsdt/{url}").write_text(article_page(title, day, BODY[::-1]), encoding="utf-8")
    (report,) = known.crawl("--json").json
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 1, 3)


def test_dry_run_reports_and_changes_nothing(known: Place) -> None:
    before = hashlib.sha256(known.archive.read_bytes()).hexdigest()
    url, title, day = ROWS[1]
    known.page(f"zsdt/{url}").write_text(article_page(title, day, BODY[::-1]), encoding="utf-8")
    (report,) = known.crawl("--dry-run", "--json").json
    assert (report["changed"], report["unchanged"]) == (1, 3)
    assert hashlib.sha256(known.archive.read_bytes()).hexdigest() == before


def test_dry_run_makes_no_archive(fresh: Place) -> None:
    (report,) = fresh.crawl("--dry-run", "--json").json
    assert report["new"] == 4
    assert not fresh.archive.exists()


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_all_says_which_sources_it_leaves_out_and_why(tmp_path: Path, more: tuple[str, ...]) -> None:
    result = zhaoshang("--archive", tmp_path / "archive.db", "crawl", "--all", "--json", *more, cwd=ROOT)
    assert (result.code, result.json) == (0, [])
    assert "Left out: aspnet-jiaxing, " in result.err and "(fixture sites, which --demo crawls)." in result.err
    assert "Left out: hubei-portal (no start_urls; fed by import)." in result.err


def test_older_entries_are_not_followed(fresh: Place) -> None:
    (report,) = fresh.crawl("--since", "2026-02-03", "--json").json
    assert (report["pages"], report["new"]) == (3, 2)
    assert len(rows(fresh.archive, "SELECT 1 FROM entry")) == 4


def test_crawl_ends_after_the_pages_it_was_given(fresh: Place) -> None:
    result = fresh.run("crawl", "moushi", "--max-pages", "3", "--json")
    (report,) = result.json
    assert (report["pages"], report["status"]) == (3, "finished")
    assert len([seen for seen in fresh.server.requests if seen.target != "/robots.txt"]) == 3


@pytest.mark.parametrize("name", ["trs-huangshi", "vsb-mianyang"])
def test_listing_is_crawled_by_its_url_alone(tmp_path: Path, name: str) -> None:
    with served([name], tmp_path / "sources") as servers:
        source = load_source(tmp_path / "sources" / f"{name}.yaml")
        assert source.homepage == f"{servers[name].base_url}/"
        result = zhaoshang("crawl", source.listing_urls[0], "--json", cwd=tmp_path)
    (report,) = result.json
    want = [article for article in expected(name)["articles"] if article["url"]]
    assert (report["status"], report["new"]) == ("finished", len(want))
    found = rows(tmp_path / "archive.db", "SELECT title FROM article")
    assert sorted(row["title"] for row in found) == sorted(article["title"] for article in want)


def test_host_that_does_not_answer(tmp_path: Path) -> None:
    result = zhaoshang("crawl", "http://127.0.0.1:1/zsdt/", "--json", cwd=tmp_path)
    (report,) = result.json
    assert (result.code, report["status"], report["new"]) == (1, "failed", 0)
    assert "http://127.0.0.1:1/" in report["failure"]
    assert "Traceback" not in result.err


def test_missing_article_is_rejected_and_the_others_are_archived(fresh: Place) -> None:
    fresh.page("zsdt/t3.html").unlink()
    result = fresh.crawl("--json")
    (report,) = result.json
    assert (report["new"], report["rejected"], report["status"]) == (3, 1, "finished")
    shown = fresh.run("runs", "--rejections", str(report["crawl"]), "--json").json
    assert [(row["url"].rpartition("/")[2], row["stage"], "404" in row["reason"]) for row in shown] == [
        ("t3.html", "fetch", True)
    ]
    # One page of five is no more than the fifth that a source allows.
    assert result.code == 0


def test_more_rejected_than_allowed_needs_a_look(fresh: Place) -> None:
    for name in ("t2.html", "t3.html"):
        fresh.page(f"zsdt/{name}").unlink()
    assert fresh.crawl().code == 1


def test_scrapy_settings_can_be_given_and_its_log_be_seen(fresh: Place) -> None:
    result = fresh.run("crawl", "moushi", "--max-pages", "1", "--set", "USER_AGENT=Pruefer/1.0", "--verbose")
    assert "'USER_AGENT': 'Pruefer/1.0'" in result.err


def test_demo_crawls_the_fixture_sites_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "fixtures").mkdir()
    with small_site(tmp_path / "fixtures" / "moushi", site(ROWS)):
        pass
    source = "id: moushi\nname: 某市\nhomepage: http://127.0.0.1/\nstart_urls: [zsdt/]\n"
    (tmp_path / "fixtures" / "moushi" / "source.yaml").write_text(source, encoding="utf-8")
    (report,) = zhaoshang("crawl", "--demo", "--json", cwd=tmp_path).json
    assert (report["source"], report["new"]) == ("moushi", 4)


def test_due_crawls_what_the_schedule_says(fresh: Place) -> None:
    path = fresh.folder / "sources" / "moushi.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "schedule: daily\n", encoding="utf-8")
    first = fresh.run("crawl", "--due", "--json")
    again = fresh.run("crawl", "--due", "--json")
    assert [report["new"] for report in first.json] == [4]
    assert (again.code, again.json) == (0, [])


LISTING = """-
武汉签约
十二个项目落户光谷，总投资一百二十亿元。
2026-02-01
-
只有标题
-
黄石推介
珠三角企业反响热烈。
2026-02-02
"""


def test_import_reports_and_archives(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LISTING.replace("-\n只有标题\n", ""), encoding="utf-8")
    result = zhaoshang("import", "a.txt", "--source", "hubei-portal", "--json", cwd=tmp_path)
    assert (result.code, result.err) == (0, "")
    assert (result.json["source"], result.json["new"], result.json["rejected"]) == ("hubei-portal", 2, 0)


def test_import_with_too_much_rejected_needs_a_look(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LISTING, encoding="utf-8")
    result = zhaoshang("import", "a.txt", "--source", "hubei-portal", cwd=tmp_path)
    assert result.code == 1
    shown = zhaoshang("runs", "--rejections", "1", cwd=tmp_path)
    assert "line 6: the record has no body" in shown.out


def test_import_of_an_empty_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\n")
    result = zhaoshang("import", "a.txt", "--source", "hubei-portal", cwd=tmp_path)
    assert (result.code, result.err) == (2, "zhaoshang: a.txt is empty: there is nothing to import.\n")
