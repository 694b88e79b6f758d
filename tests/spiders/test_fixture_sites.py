"""Every fixture site, replayed, yields what its `expected.json` says; some are crawled over HTTP as well."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.operate.crawl import CrawlReport, replay_crawls
from crawler.operate.replaying import site_source
from tests.support import FIXTURES, SITES, expected, rows, served, zhaoshang

pytestmark = pytest.mark.xdist_group("fixture-sites")


class Crawled(NamedTuple):
    """The nine sites after a first and a second crawl into one archive."""

    archive: Path
    first: dict[str, CrawlReport]
    second: dict[str, CrawlReport]
    bases: dict[str, str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    archive = tmp_path_factory.mktemp("sites") / "archive.db"
    sources = {site: site_source(FIXTURES / site) for site in SITES}
    first, second = (
        {site: replay_crawls([source], FIXTURES / site, archive=str(archive))[0] for site, source in sources.items()}
        for _ in range(2)
    )
    return Crawled(archive, first, second, {site: source.homepage[:-1] for site, source in sources.items()})


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
    assert crawled.first[site].counts["pages"] == expected(site)["pages"]


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
def test_crawl_ends_well(crawled: Crawled, site: str) -> None:
    report = crawled.first[site]
    assert (report.status, report.counts["rejected"], report.warnings, report.failure) == ("finished", 0, [], None)


@pytest.mark.parametrize("site", SITES)
def test_second_crawl_finds_nothing_new(crawled: Crawled, site: str) -> None:
    counts = {name: crawled.second[site].counts[name] for name in ("new", "changed", "unchanged")}
    assert counts == {"new": 0, "changed": 0, "unchanged": len(expected(site)["articles"])}


def test_every_article_has_one_revision_with_provenance_and_capture(crawled: Crawled) -> None:
    found = rows(
        crawled.archive,
        "SELECT article.uid, count(*) AS n, min(length(provenance)) AS p, min(capture_id) AS c"
        " FROM article JOIN revision ON revision.article_id = article.id GROUP BY article.id",
    )
    assert len(found) == sum(len(expected(site)["articles"]) for site in SITES)
    assert all(row["n"] == 1 and row["p"] > 2 and row["c"] is not None for row in found)


@pytest.mark.parametrize("site", ["aspnet-jiaxing", "trs-huangshi"])
def test_over_http_no_page_is_fetched_twice_and_all_articles_come(tmp_path: Path, site: str) -> None:
    env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
    with served([site], tmp_path / "sources") as servers:
        (report,) = zhaoshang("crawl", site, "--json", cwd=tmp_path, env=env).json
        pages = [seen for seen in servers[site].requests if seen.target != "/robots.txt"]
    # ASP.NET posts each page of its listing to one address.
    assert len(pages) == len({(seen.target, str(seen.form)) for seen in pages}) == expected(site)["pages"]
    assert (report["status"], report["new"]) == ("finished", len(expected(site)["articles"]))


CONTENT = (
    "uid, source_id, url, title, published_on, published_at, body, author, origin, column_name, summary, listing_url"
)


@pytest.fixture(scope="module")
def imported(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive made of the capture files of both crawls, with the source of each host."""
    folder = tmp_path_factory.mktemp("imported")
    files = sorted((crawled.archive.parent / "warc").rglob("*.warc.gz"))
    sources = tmp_path_factory.mktemp("sources")
    for site in SITES:
        shutil.copy(FIXTURES / site / "source.yaml", sources / f"{site}.yaml")
    env = {"ZHAOSHANG_SOURCES": str(sources)}
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
