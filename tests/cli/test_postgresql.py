"""The command on a PostgreSQL archive: the same figures as on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.postgresql import ServerUnavailable, database_url, postgresql_server
from tests.support import expected, served, zhaoshang

pytestmark = pytest.mark.xdist_group("postgresql")
SITES = ["trs-huangshi", "portal-hubei"]


def test_two_crawls_and_verify(tmp_path: Path) -> None:
    env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
    articles = [len(expected(site)["articles"]) for site in SITES]
    try:
        with postgresql_server() as folder, served(SITES, tmp_path / "sources"):
            url = database_url(folder, "postgres")
            first = zhaoshang("--archive", url, "crawl", *SITES, "--json", cwd=tmp_path, env=env)
            second = zhaoshang("--archive", url, "crawl", *SITES, "--json", cwd=tmp_path, env=env)
            verified = zhaoshang("--archive", url, "verify", "--json", cwd=tmp_path, env=env)
            exported = zhaoshang(
                "--archive", url, "export", "--format", "wacz", "--out", "a.wacz", cwd=tmp_path, env=env
            )
            again = zhaoshang("--archive", url, "import", "a.wacz", "--source", "auto", "--json", cwd=tmp_path, env=env)
    except ServerUnavailable as error:
        pytest.skip(f"no PostgreSQL to test with: {error}")
    assert [report["new"] for report in first.json] == articles
    assert [(report["new"], report["changed"], report["unchanged"]) for report in second.json] == [
        (0, 0, number) for number in articles
    ]
    assert (verified.code, verified.json["problems"]) == (0, [])
    assert exported.code == 0
    assert {report["source"]: report["pages"] for report in again.json["sources"]} == dict.fromkeys(SITES, 0)
