"""`--source auto`: a source for each host that has something to read, known ones of the registry first."""

from __future__ import annotations

import pytest

from crawler.operate.warcs.hosts import hosts_of
from crawler.sources import Source
from tests.operate.warcs.harness import LISTING, SOURCE, THEN, URL, Warcs, article, listing

OTHER = "https://www.other.example.cn:8443/zsdt/t1.html"


def test_each_host_becomes_a_source(warcs: Warcs) -> None:
    path = warcs.foreign().page(URL, article()).page(OTHER, article("另一个项目在高新区开工建设")).write()
    done = warcs.load(path, source=None)
    assert [each.source.id for each in done.sources] == ["other.example.cn-8443", "zsj.example.cn"]
    assert warcs.rows("SELECT id, name, homepage FROM source ORDER BY id") == [
        {
            "id": "other.example.cn-8443",
            "name": "www.other.example.cn:8443",
            "homepage": "https://www.other.example.cn:8443/",
        },
        {"id": "zsj.example.cn", "name": "zsj.example.cn", "homepage": "http://zsj.example.cn/"},
    ]


def test_source_of_the_registry_is_taken(warcs: Warcs) -> None:
    done = warcs.load(warcs.foreign().page(URL, article()).write(), source=None, registry=[SOURCE])
    assert [each.source for each in done.sources] == [SOURCE]


def test_source_whose_listings_are_there_is_taken_where_two_share_a_host(warcs: Warcs) -> None:
    column = Source(id="column", name="政策", homepage=SOURCE.homepage, start_urls=("zcwj/",))
    path = warcs.foreign().page(LISTING, listing()).page(URL, article()).write()
    done = warcs.load(path, source=None, registry=[column, SOURCE])
    assert [each.source.id for each in done.sources] == ["zsj"]


def test_twins_of_a_host_are_one_source(warcs: Warcs) -> None:
    file = warcs.foreign().page("http://www.a.example.cn/t1.html", article())
    path = file.page("https://m.a.example.cn/t2.html", article("另一个项目在高新区开工建设")).write()
    (only,) = warcs.load(path, source=None).sources
    assert (only.source.id, only.run.counts["new"]) == ("a.example.cn", 2)


def test_host_of_a_counter_makes_no_source(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, article()).page("http://count.example.net/frame", b"<html><body>1</body></html>")
    done = warcs.load(file.write(), source=None)
    assert [each.source.id for each in done.sources] == ["zsj.example.cn"]
    assert done.passed_over["other hosts"] == 1


def test_home_page_that_lists_news_tells_what_it_knows(warcs: Warcs) -> None:
    links = "".join(f'<a href="/c{number}/">栏目{number}</a>' for number in range(12))
    home = listing().replace(b'<div class="nav">', f'<div class="nav">{links}'.encode())
    undated = article(day="").replace("发布时间：".encode(), b"")
    home = home.replace(b'href="t', b'href="/zsdt/t')
    warcs.load(warcs.foreign().page("http://zsj.example.cn/", home).page(URL, undated).write(), source=None)
    assert warcs.rows("SELECT published_on FROM article") == [{"published_on": "2026-02-01"}]


@pytest.mark.parametrize(
    ("homepage", "hosts", "own"),
    [
        (
            "http://www.a.example.cn/",
            ["a.example.cn", "zs.a.example.cn", "b.example.cn"],
            ["a.example.cn", "zs.a.example.cn"],
        ),
        ("http://127.0.0.1:8000/", ["127.0.0.1:9000", "127.0.0.2:8000"], ["127.0.0.1:9000"]),
        ("http://a.gov.cn/", ["gov.cn", "b.gov.cn"], []),
    ],
)
def test_hosts_of_a_source(homepage: str, hosts: list[str], own: list[str]) -> None:
    assert hosts_of(Source(id="a", name="a", homepage=homepage), hosts) == own


def test_files_without_a_page_make_no_source(warcs: Warcs) -> None:
    done = warcs.load(warcs.foreign().page(URL, b"{}", at=THEN, Content_Type="image/png").write(), source=None)
    assert (done.sources, warcs.rows("SELECT 1 FROM source")) == ([], [])
