"""A fixture site answers a replay as its server would; a recorded one under its own addresses alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.fetch.replay import opened
from tests.fetch.replay.warcs import HOST, ask, body_of
from tests.support import saved_site

RECORDED = """
name: moushi
origin: http://zs.moushi.example
charset: null
recorded_at: 2025-03-04T05:06:07Z
routes:
  - {url: "http://zs.moushi.example/list.aspx", file: list.html, recorded_at: 2025-03-01T00:00:00Z}
  - {url: "http://zs.moushi.example/list.aspx?page=2", file: list-2.html}
  - {url: "http://zs.moushi.example/list.aspx", method: POST, form: {page: "3"}, file: list-3.html}
  - {url: "http://zs.moushi.example/moved", status: 301, headers: {Location: "http://zs.moushi.example/list.aspx"}}
  - {path: /dropped, drop: true}
"""


def recorded(folder: Path) -> Path:
    pages = {"list.html": b"1", "list-2.html": b"2", "list-3.html": "三".encode("gbk"), "by-hand.html": b"hand"}
    site = saved_site(folder / "moushi", pages)
    (site / "site.yaml").write_text(RECORDED, encoding="utf-8")
    return site


def test_hand_written_site_answers_by_path_alone(tmp_path: Path) -> None:
    site = saved_site(tmp_path / "moushi", {"zsdt/index.html": "列表"})
    assert body_of(site, "http://127.0.0.1:18799/zsdt/") == body_of(site, "/zsdt/") == "列表".encode()


def test_recorded_address_answers_its_own_query(tmp_path: Path) -> None:
    site = recorded(tmp_path)
    assert [body_of(site, f"/list.aspx{query}") for query in ("", "?page=2", "?page=9")] == [b"1", b"2", None]


def test_recorded_form_is_answered_with_its_bytes(tmp_path: Path) -> None:
    assert body_of(recorded(tmp_path), "/list.aspx", "POST", b"page=3") == "三".encode("gbk")


def test_recorded_site_answers_for_no_other_host(tmp_path: Path) -> None:
    site = recorded(tmp_path)
    assert body_of(site, "http://other.example/list.aspx") is None
    assert body_of(site, "http://other.example/by-hand.html") is None
    assert body_of(site, "https://www.zs.moushi.example/list.aspx") == b"1"


def test_page_added_by_hand_answers(tmp_path: Path) -> None:
    assert body_of(recorded(tmp_path), "/by-hand.html") == b"hand"


def test_dropped_connection_is_no_answer(tmp_path: Path) -> None:
    assert body_of(recorded(tmp_path), "/dropped") is None


def test_recorded_redirect_and_its_day(tmp_path: Path) -> None:
    with opened(recorded(tmp_path)) as answers:
        moved, listing = ask(answers, "/moved"), ask(answers, "/list.aspx")
    assert moved is not None and listing is not None
    assert (moved.status, dict(moved.headers)["Location"]) == (301, f"{HOST}/list.aspx")
    assert moved.fetched_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert listing.fetched_at == datetime(2025, 3, 1, tzinfo=UTC)
