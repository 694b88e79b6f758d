"""Every fixture site, crawled over HTTP by the command, yields what its `expected.json` says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import SITES, expected, rows, served, zhaoshang

pytestmark = pytest.mark.xdist_group("fixture-sites")


class Crawled(NamedTuple):
    """The nine sites after a first and a second crawl into one archive."""

    archive: Path
    first: dict[str, dict[str, Any]]
    second: dict[str, dict[str, Any]]
    bases: dict[str, str]
    asked: dict[str, list[str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("sites")
    env = {"ZHAOSHANG_SOURCES": str(folder / "sources")}
    with served(SITES, folder / "sources") as servers:
        first = zhaoshang("crawl", *SITES, "--json", cwd=folder, env=env).json
        asked = {name: [seen.target for seen in server.requests] for name, server in servers.items()}
        second = zhaoshang("crawl", *SITES, "--json", cwd=folder, env=env).json
        bases = {name: server.base_url for name, server in servers.items()}
        yield Crawled(
            folder / "archive.db",
            {report["source"]: report for report in first},
            {report["source"]: report for report in second},
            bases,
            asked,
        )


def articles(crawled: Crawled, site: str) -> list[dict[str, Any]]:
    found = rows(crawled.archive, "SELECT * FROM article WHERE source_id = ?", site)
    return [dict(row) for row in found]


def by_key(crawled: Crawled, site: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each expected article with the archived one: by URL, else by title and the start of the body."""
    archived = {(row["url"] or row["title"] + row["body"][:20]): row for row in articles(crawled, site)}
    base = crawled.bases[site]
    return [
        (want, archived.get(base + want["url"] if want["url"] else want["title"] + want["body_start"], {}))
        for want in expected(site)["articles"]
    ]


@pytest.mark.parametrize("site", SITES)
def test_all_articles_are_archived_and_nothing_else(crawled: Crawled, site: str) -> None:
    base = crawled.bases[site]
    want = sorted((base + row["url"]) if row["url"] else "" for row in expected(site)["articles"])
    assert sorted(row["url"] or "" for row in articles(crawled, site)) == want


@pytest.mark.parametrize("site", SITES)
def test_titles(crawled: Crawled, site: str) -> None:
    pairs = by_key(crawled, site)
    assert [got.get("title") for _, got in pairs] == [want["title"] for want, _ in pairs]


@pytest.mark.parametrize("site", SITES)
def test_dates(crawled: Crawled, site: str) -> None:
    pairs = by_key(crawled, site)
    assert [got.get("published_on") for _, got in pairs] == [want["published_on"] for want, _ in pairs]


@pytest.mark.parametrize("site", SITES)
def test_origins(crawled: Crawled, site: str) -> None:
    pairs = by_key(crawled, site)
    assert [got.get("origin") for _, got in pairs] == [want["origin"] for want, _ in pairs]


@pytest.mark.parametrize("site", SITES)
def test_bodies_start_and_end_right(crawled: Crawled, site: str) -> None:
    pairs = by_key(crawled, site)
    got = [(row.get("body", "")[:20], row.get("body", "")[-20:]) for _, row in pairs]
    assert got == [(want["body_start"], want["body_end"]) for want, _ in pairs]


@pytest.mark.parametrize("site", SITES)
def test_number_of_pages(crawled: Crawled, site: str) -> None:
    assert crawled.first[site]["pages"] == expected(site)["pages"]


@pytest.mark.parametrize("site", SITES)
def test_every_entry_is_kept(crawled: Crawled, site: str) -> None:
    found = rows(crawled.archive, "SELECT * FROM entry WHERE source_id = ?", site)
    assert len(found) == expected(site)["entries"]
    external = {row["url"]: row["title"] for row in found if row["external"]}
    assert external == {row["url"]: row["title"] for row in expected(site).get("external", [])}


@pytest.mark.parametrize("site", SITES)
def test_entries_are_tied_to_their_articles(crawled: Crawled, site: str) -> None:
    loose = rows(crawled.archive, "SELECT * FROM entry WHERE source_id = ? AND article_id IS NULL", site)
    assert [row["url"] for row in loose] == [row["url"] for row in expected(site).get("external", [])]


@pytest.mark.parametrize("site", SITES)
def test_no_page_is_fetched_twice(crawled: Crawled, site: str) -> None:
    pages = [target for target in crawled.asked[site] if target != "/robots.txt"]
    # ASP.NET posts each page of its listing to one address.
    assert len(pages) == expected(site)["pages"]


@pytest.mark.parametrize("site", SITES)
def test_crawl_ends_well(crawled: Crawled, site: str) -> None:
    report = crawled.first[site]
    assert (report["status"], report["rejected"], report["warnings"]) == ("finished", 0, [])


@pytest.mark.parametrize("site", SITES)
def test_second_crawl_finds_nothing_new(crawled: Crawled, site: str) -> None:
    counts = {name: crawled.second[site][name] for name in ("new", "changed", "unchanged")}
    assert counts == {"new": 0, "changed": 0, "unchanged": len(expected(site)["articles"])}


def test_every_article_has_one_revision_with_provenance_and_capture(crawled: Crawled) -> None:
    found = rows(
        crawled.archive,
        "SELECT article.uid, count(*) AS n, min(length(provenance)) AS p, min(capture_id) AS c"
        " FROM article JOIN revision ON revision.article_id = article.id GROUP BY article.id",
    )
    assert len(found) == sum(len(expected(site)["articles"]) for site in SITES)
    assert all(row["n"] == 1 and row["p"] > 2 and row["c"] is not None for row in found)


CONTENT = (
    "uid, source_id, url, title, published_on, published_at, body, author, origin, column_name, summary, listing_url"
)


@pytest.fixture(scope="module")
def imported(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive made of the capture files of both crawls, with the source of each host."""
    folder = tmp_path_factory.mktemp("imported")
    files = sorted((crawled.archive.parent / "warc").rglob("*.warc.gz"))
    env = {"ZHAOSHANG_SOURCES": str(crawled.archive.parent / "sources")}
    done = zhaoshang("import", *files, "--source", "auto", "--json", cwd=folder, env=env)
    assert (done.code, done.json["damaged"]) == (0, [])
    return folder / "archive.db"


@pytest.mark.parametrize("site", SITES)
def test_captures_of_a_crawl_make_the_same_archive(crawled: Crawled, imported: Path, site: str) -> None:
    content = f"SELECT {CONTENT} FROM article WHERE source_id = ? ORDER BY uid"
    made = [tuple(row) for row in rows(imported, content, site)]
    assert made == [tuple(row) for row in rows(crawled.archive, content, site)]


@pytest.mark.parametrize("site", SITES)
def test_captures_of_a_crawl_show_the_same_entries(crawled: Crawled, imported: Path, site: str) -> None:
    shown = "SELECT key, listing_url, url, title, published_on, external FROM entry WHERE source_id = ? ORDER BY key"
    made = [tuple(row) for row in rows(imported, shown, site)]
    assert made == [tuple(row) for row in rows(crawled.archive, shown, site)]


def test_second_crawl_among_the_captures_adds_no_revision(imported: Path) -> None:
    assert {row[0] for row in rows(imported, "SELECT revision_count FROM article")} == {1}
