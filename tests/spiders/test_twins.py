"""One article at several addresses: listings that show twins give it once."""

from __future__ import annotations

from pathlib import Path

from crawler.operate.pytest_plugin import Replays
from crawler.sources import source_from_url
from tests.cli.pages import ROWS, article_page, listing_page, site
from tests.support import rows, saved_site

BASE = "http://www.moushi.example"
FIRST, SECOND = ROWS[0], ROWS[1]
TWINS = (
    "https://www.moushi.example/zsdt/{path}",
    "http://moushi.example/zsdt/{path}",
    "http://m.moushi.example/zsdt/{path}",
    "http://www.moushi.example:80/zsdt/{path}",
    "/zsdt/{path}#top",
    "/zsdt/{path}?utm_source=weixin&from=timeline&isappinstalled=0",
    "/zsdt/{path}?spm=a1.b2&share_token=x-1",
    "/zsdt/{path};jsessionid=0F3A",
    "/zsdt/{path}?PHPSESSID=abcdef0123456789abcdef",
    "//www.moushi.example//zsdt//{path}",
    "/zsdt/../zsdt/./{path}",
)


def test_twins_in_the_listings_of_a_site_are_one_article_each(replay: Replays, tmp_path: Path) -> None:
    path, title, day = FIRST
    first = [(url.format(path=path), title, day) for url in TWINS[:6]]
    second = [(url.format(path=path), title, day) for url in TWINS[6:]]
    pages = {
        **site(ROWS),
        "zsdt/index.html": listing_page([*ROWS, *first], "p2.html"),
        "zsdt/p2.html": listing_page([SECOND, *second]),
    }
    source = source_from_url(f"{BASE}/zsdt/")
    outcome = replay(saved_site(tmp_path / "moushi", pages), source, archive=tmp_path / "archive.db")
    assert sorted(article.title for article in outcome.articles) == sorted(row[1] for row in ROWS)
    assert len({entry.url for entry in outcome.entries}) == len(outcome.entries) == len(ROWS)
    assert outcome.report.status == "finished"
    asked = [row["url"] for row in rows(tmp_path / "archive.db", "SELECT url FROM capture")]
    assert len(asked) == len(set(asked)) == 3 + len(ROWS)  # with robots.txt and two listings


def test_parameters_that_choose_the_article_keep_articles_apart(replay: Replays, tmp_path: Path) -> None:
    shown = [(f"/show.html?id={number}", row[1], row[2]) for number, row in enumerate(ROWS)]
    routes = [
        {"path": "/show.html", "query": {"id": str(number)}, "file": f"{number}.html"} for number in range(len(ROWS))
    ]
    articles = {f"{number}.html": article_page(row[1], row[2]) for number, row in enumerate(ROWS)}
    folder = saved_site(tmp_path / "moushi", {"zsdt/index.html": listing_page(shown), **articles}, routes)
    outcome = replay(folder, source_from_url(f"{BASE}/zsdt/"), archive=tmp_path / "archive.db")
    assert sorted(article.title for article in outcome.articles) == sorted(row[1] for row in ROWS)
