"""How articles are named by their URLs: twins are one article; a `rel=canonical` that cannot be right names nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from crawler.archive.naming import uid_of
from crawler.archive.types import uid_of_url
from crawler.extract.urls import canonical_url
from tests.archive.harness import SITE, Clock, column, counted, crawl, page

HOST = SITE.homepage.removesuffix("/")

BELIEVED = [
    ("a page of its own", "/m/a.html", "/2026/a.html"),
    ("a twin of the host", "/a.html", "https://m.shifan.example/2026/a.html"),
    ("a subdomain", "/a.html", "http://zs.shifan.example/2026/a.html"),
    ("another form of a dynamic page", "/show.aspx?id=5", "/show-5.html"),
    ("a dynamic page", "/a5.html", "/show.aspx?id=5"),
    ("a static page without a parameter", "/a.html?channel=app", "/a.html"),
    ("the folder it is the index of", "/2026/index.html", "/2026/"),
]
NOT_BELIEVED = [
    ("another site", "/a.html", "http://www.other.example/a.html"),
    ("the home page", "/a.html", "/"),
    ("the listing", "/a.html", "/zsdt/index.html"),
    ("a folder above", "/zwgk/2026/a.html", "/zwgk/"),
    ("the page without what chooses the article", "/show.aspx?id=5", "/show.aspx"),
    ("no address", "/a.html", "javascript:void(0)"),
]


def name_of(path: str, named: str) -> str | None:
    return uid_of(page(HOST + path, canonical_url=HOST + named if named.startswith("/") else named))


@pytest.mark.parametrize(("path", "named"), [case[1:] for case in BELIEVED], ids=[case[0] for case in BELIEVED])
def test_canonical_link_names_the_article(path: str, named: str) -> None:
    whole = HOST + named if named.startswith("/") else named
    assert name_of(path, named) == uid_of_url(canonical_url(whole))


@pytest.mark.parametrize(("path", "named"), [case[1:] for case in NOT_BELIEVED], ids=[case[0] for case in NOT_BELIEVED])
def test_canonical_link_is_not_believed(path: str, named: str) -> None:
    assert name_of(path, named) == uid_of_url(canonical_url(HOST + path))


def test_article_archived_under_earlier_rules_is_met_and_keeps_its_name(engine: Engine) -> None:
    clock, url = Clock(), f"{HOST}//zsdt//a.html"
    crawl(engine, page(url), clock=clock)
    former = uid_of_url(canonical_url(url, rules=1))
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET uid = :uid"), {"uid": former})
    clock.move(days=1)
    again = crawl(engine, page(url), clock=clock)
    assert (counted(again), column(engine, "SELECT uid FROM article")) == ({"unchanged": 1}, [former])
