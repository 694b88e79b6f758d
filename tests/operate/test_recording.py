"""A small site is recorded with a real crawl over HTTP, as files that a person can open, and replays as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.fetch.record import file_name
from crawler.operate.fixture_server import FixtureServer
from crawler.operate.pytest_plugin import Replays
from crawler.operate.replayed import differences, read_expected
from tests.cli.pages import ROWS, article_page, site
from tests.support import FIXTURES, NETWORK, command, finished, saved_site, small_site, write_source, zhaoshang

HTML = "text/html; charset=utf-8"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded site of GBK pages, one of them behind a redirect."""
    folder = tmp_path_factory.mktemp("recording")
    pages = {path: str(text).replace("utf-8", "gbk").encode("gbk") for path, text in site(ROWS).items()}
    pages["new/t3.html"] = article_page(*ROWS[1][1:]).replace("utf-8", "gbk").encode("gbk")
    del pages["zsdt/t3.html"]
    moved = {"path": "/zsdt/t3.html", "status": 301, "headers": {"Location": "/new/t3.html"}}
    saved_site(folder / "moushi", pages, [moved])
    (folder / "moushi" / "site.yaml").write_text(
        yaml.safe_dump({"name": "moushi", "charset": "gbk", "routes": [moved]}), encoding="utf-8"
    )
    with FixtureServer(folder / "moushi", 0) as server:
        (folder / "base").write_text(server.base_url, encoding="utf-8")
        source = {"id": "bureau", "name": "某市招商局", "homepage": f"{server.base_url}/", "start_urls": ["zsdt/"]}
        write_source(folder / "sources", source)
        env = {"ZHAOSHANG_SOURCES": str(folder / "sources")}
        result = zhaoshang("fixture", "record", "bureau", "--out", "fixtures/small", cwd=folder, env=env)
        assert result.code == 0, result.err
        again = zhaoshang("fixture", "record", "bureau", "--out", "fixtures/small", cwd=folder, env=env)
        assert (again.code, again.err.count("\n")) == (2, 1)
        assert "is not empty: name a new folder" in again.err
    return folder / "fixtures" / "small"


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((folder / "site.yaml").read_text(encoding="utf-8"))
    return content


def test_pages_are_files_with_readable_names_and_their_own_bytes(recorded: Path) -> None:
    names = sorted(path.relative_to(recorded / "pages").as_posix() for path in (recorded / "pages").rglob("*.html"))
    assert names == ["new/t3.html", "zsdt/index.html", "zsdt/t1.html", "zsdt/t2.html", "zsdt/t4.html"]
    assert "招商动态".encode("gbk") in (recorded / "pages/zsdt/index.html").read_bytes()


def test_manifest_names_what_was_recorded(recorded: Path) -> None:
    base = (recorded.parents[1] / "base").read_text(encoding="utf-8")
    routes = {route["url"].removeprefix(base): route for route in manifest(recorded)["routes"]}
    listing, moved = routes["/zsdt/"], routes["/zsdt/t3.html"]
    assert (listing["file"], listing["content_type"], listing["charset"]) == (
        "zsdt/index.html",
        "text/html; charset=gbk",
        "gb18030",
    )
    assert listing["recorded_at"].endswith("Z")
    assert (moved["status"], moved["headers"], "file" in moved) == (301, {"Location": "/new/t3.html"}, False)
    assert routes["/robots.txt"]["status"] == 404


def test_source_is_named_for_its_folder_and_holds_wherever_it_is_served(recorded: Path) -> None:
    source = yaml.safe_load((recorded / "source.yaml").read_text(encoding="utf-8"))
    assert (source["id"], source["start_urls"]) == ("small", ["/zsdt/"])


def test_recording_replays_as_its_first_expected_json_says(recorded: Path, replay: Replays) -> None:
    outcome = replay(recorded)
    assert sorted(article.title for article in outcome.articles) == sorted(title for _, title, _ in ROWS)
    expected = read_expected(recorded)
    assert expected is not None
    assert differences(outcome, expected) == []
    assert (expected["pages"], len(expected["articles"])) == (5, 4)


def test_recording_is_served_on_loopback(recorded: Path, tmp_path: Path) -> None:
    with FixtureServer(recorded, 0) as server:
        result = zhaoshang("crawl", f"{server.base_url}/zsdt/", "--json", cwd=tmp_path)
    assert [report["new"] for report in result.json] == [4]


def test_captures_can_be_made_a_fixture_too(recorded: Path, tmp_path: Path, replay: Replays) -> None:
    base = (recorded.parents[1] / "base").read_text(encoding="utf-8")
    line = command("fixture", "record", f"{base}/zsdt/", "--out", "copy", "--replay", recorded, first=NETWORK)
    result = finished(line, cwd=tmp_path)
    assert result.code == 0, result.err
    first, second = manifest(recorded)["routes"], manifest(tmp_path / "copy")["routes"]
    assert {each["url"]: each for each in second} == {each["url"]: each for each in first}


def test_number_of_pages_can_be_limited(tmp_path: Path) -> None:
    with small_site(tmp_path / "moushi", site(ROWS)) as server:
        listing = f"{server.base_url}/zsdt/"
        result = zhaoshang("fixture", "record", listing, "--out", "few", "--max-pages", "2", "--json", cwd=tmp_path)
    assert (result.code, result.json["counts"]["pages"]) == (0, 2)
    assert len(manifest(tmp_path / "few")["routes"]) == 3  # robots.txt is one
    again = zhaoshang("fixture", "replay", "few", cwd=tmp_path)
    assert (again.code, "rejected" in again.err) == (0, False), again.err


def test_site_that_does_not_answer_leaves_no_recording(tmp_path: Path) -> None:
    result = zhaoshang("fixture", "record", "http://127.0.0.1:1/zsdt/", "--out", "none", cwd=tmp_path)
    assert (result.code, result.out) == (1, "")
    assert "http://127.0.0.1:1/" in result.err
    assert not (tmp_path / "none").exists()


def test_replay_of_fixtures_says_what_differs(tmp_path: Path) -> None:
    site_folder = FIXTURES / "portal-hubei"
    same = zhaoshang("fixture", "replay", site_folder, cwd=tmp_path)
    assert (same.code, "all as expected.json says" in same.err) == (0, True)
    assert "宜昌船舶制造绿色转型结硕果" in same.out
    for name in ("site.yaml", "source.yaml"):
        (tmp_path / name).write_bytes((site_folder / name).read_bytes())
    (tmp_path / "pages").symlink_to(site_folder / "pages")
    expected = json.loads((site_folder / "expected.json").read_text(encoding="utf-8"))
    expected["articles"][0]["published_on"] = "2026-03-19"
    (tmp_path / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    other = zhaoshang("fixture", "replay", ".", "--json", cwd=tmp_path)
    assert other.code == 1
    (outcome,) = other.json
    assert len(outcome["differences"]) == 1
    assert "published_on is '2026-03-18' instead of '2026-03-19'" in outcome["differences"][0]


@pytest.mark.parametrize(
    ("url", "content_type", "form", "name"),
    [
        ("http://a.example/", HTML, {}, "index.html"),
        ("http://a.example/col/", HTML, {}, "col/index.html"),
        ("http://a.example/col/t1.shtml", HTML, {}, "col/t1.html"),
        ("http://a.example/show.aspx?id=5&p=2", HTML, {}, "show_id-5_p-2.html"),
        ("http://a.example/list.aspx", HTML, {"__VIEWSTATE": "x" * 400, "page": "2"}, "list_post_2.html"),
        ("http://a.example/api/list", "application/json", {}, "api/list.json"),
        ("http://a.example/%E6%96%B0%E9%97%BB/1.html", HTML, {}, "新闻/1.html"),
        ("http://a.example/../../etc/passwd", HTML, {}, "etc/passwd.html"),
        ("http://a.example/a%2F..%2F..%2Fb", HTML, {}, "a/b.html"),
        ("http://a.example/a:b|c.html", HTML, {}, "a_b_c.html"),
        ("http://a.example/file.pdf", "application/pdf", {}, "file.pdf"),
    ],
)
def test_names_tell_the_address_and_open_in_a_browser(
    url: str, content_type: str, form: dict[str, str], name: str
) -> None:
    assert file_name(url, content_type, form) == name
