"""An article that its site dropped is looked at again when no listing shows it, and marked gone after a day."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.operate.fixture_server import FixtureServer
from tests.support import FIXTURES, rows, write_source, zhaoshang

SITE = "vsb-mianyang"


def crawl(folder: Path, server: FixtureServer) -> dict[str, Any]:
    source = {"id": "site", "name": "示例", "homepage": f"{server.base_url}/", "start_urls": ["/xwzx/tzgg.htm"]}
    write_source(folder / "sources", source)
    report: dict[str, Any] = zhaoshang(
        "crawl", "site", "--json", cwd=folder, env={"ZHAOSHANG_SOURCES": str(folder / "sources")}
    ).json[0]
    return report


def a_day_passes(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE article SET missing_since = strftime('%Y-%m-%dT%H:%M:%SZ', missing_since, '-1 day')")


@pytest.mark.parametrize("how", ["deleted", "sent home"])
def test_dropped_article_is_marked_gone_and_kept(tmp_path: Path, how: str) -> None:
    site = tmp_path / "site"
    shutil.copytree(FIXTURES / SITE, site)
    archive = tmp_path / "archive.db"
    article = next(path for path in sorted((site / "pages/info").rglob("*.htm")))
    name = article.relative_to(site / "pages").as_posix()
    with FixtureServer(site, 0) as server:
        crawl(tmp_path, server)
        port = server.port
    article.unlink()
    for listing in (site / "pages/xwzx").rglob("*.htm"):
        text = listing.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if Path(name).name not in line]
        listing.write_text("\n".join(kept), encoding="utf-8")
    if how == "sent home":
        manifest = site / "site.yaml"
        route = f"  - {{path: /{name}, status: 302, headers: {{Location: /}}}}\n"
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(text.replace("routes:\n", f"routes:\n{route}"), encoding="utf-8")
    with FixtureServer(site, port) as server:
        crawl(tmp_path, server)
        assert rows(archive, "SELECT gone_at FROM article WHERE gone_at IS NOT NULL") == []
        a_day_passes(archive)
        crawl(tmp_path, server)
    gone = rows(archive, "SELECT url, body FROM article WHERE gone_at IS NOT NULL")
    assert [row["url"].partition(f":{port}/")[2] for row in gone] == [name]
    assert gone[0]["body"]
