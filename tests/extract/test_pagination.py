"""The way to the next page: links that a page shows, their numbers, and where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.document import open_document
from crawler.extract.pagination import find_next_page
from crawler.items import FieldRule, Selectors
from tests.extract.pager_pages import SITE, address, following, page

RENDERED = [
    ("下一页", '<a href="index_1.html">下一页</a>', "/tzdt/index_1.html"),
    ("下页", '<a href="?page=2">下页</a>', "/tzdt/?page=2"),
    ("with an arrow", '<a href="list2.htm"><span>下一页&gt;&gt;</span></a>', "/tzdt/list2.htm"),
    ("next by title", '<a href="/x/2.html" title="下一页"><img src="n.gif"></a>', "/x/2.html"),
    ("next by class", '<a class="next page-numbers" href="/page/2/">»</a>', "/page/2/"),
    ("next by relation", '<a rel="next" href="/page/2/">older</a>', "/page/2/"),
    ("label inside a list item", '<ul><li><a href="list_12_2.html">下一页</a></li></ul>', "/tzdt/list_12_2.html"),
    (
        "address in a script",
        """<a href="javascript:void(0)" onclick="location.href='/tzdt/index_2.shtml'">下一页</a>""",
        "/tzdt/index_2.shtml",
    ),
    ("counting down", '<span class="p_next"><a href="tzgg/11.htm">下页</a></span>', "/tzdt/tzgg/11.htm"),
]


@pytest.mark.parametrize(("pager", "expected"), [row[1:] for row in RENDERED], ids=[row[0] for row in RENDERED])
def test_rendered_link(pager: str, expected: str) -> None:
    assert address(page(pager)) == expected


def test_rendered_link_goes_before_the_script() -> None:
    pager = '<script>createPageHTML(9, 0, "index", "html");</script><a href="other_2.html">下一页</a>'
    assert address(page(pager)) == "/tzdt/other_2.html"


def test_base_element_moves_relative_links() -> None:
    document = page('<a href="index_1.html">下一页</a>', head='<base href="/other/">')
    assert address(document) == "/other/index_1.html"


LAST = [
    ("no pager", ""),
    ("label without a link", "<span>下一页</span>"),
    ("disabled link", '<a class="disabled" href="index_9.html">下一页</a>'),
    ("link to nothing", '<a href="javascript:void(0)">下一页</a>'),
    ("only the previous page", '<a href="index.html">上一页</a><span>2</span>'),
    ("next article", '<a href="/info/9.html">下一篇</a>'),
]


@pytest.mark.parametrize("pager", [row[1] for row in LAST], ids=[row[0] for row in LAST])
def test_last_page(pager: str) -> None:
    assert following(page(pager)) is None


@pytest.mark.parametrize("href", ["/tzdt/", "index.html", "http://example.gov.cn/tzdt/", "#page=2", "./?from=pager"])
def test_next_page_that_is_the_page_itself(href: str) -> None:
    request, evidence = find_next_page(page(f'<a href="{href}">下一页</a>'), 5)
    assert request is None
    assert "itself" in (evidence.note or "")


NUMBERS = [
    (
        "after the marked one",
        '<a class="on">1</a><a href="list_2.html">2</a><a href="list_3.html">3</a>',
        "/tzdt/list_2.html",
    ),
    ("after the one without a link", '<a href="?page=1">1</a><span>2</span><a href="?page=3">3</a>', "/tzdt/?page=3"),
    ("in brackets", '<b>1</b><a href="p2.htm">[2]</a><a href="p3.htm">[3]</a>', "/tzdt/p2.htm"),
    ("last", '<a href="?page=1">1</a><a href="?page=2">2</a><strong>3</strong>', None),
]


@pytest.mark.parametrize(("links", "expected"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS])
def test_numbered_links(links: str, expected: str | None) -> None:
    assert address(page(f'<div class="pages">{links}</div>')) == expected


def test_numbers_of_a_calendar_are_no_pager() -> None:
    assert (
        following(page('<ul class="cal"><li><a href="/d/1.html">1</a></li><li><a href="/d/2.html">2</a></li></ul>'))
        is None
    )


def test_pager_of_an_unknown_script_says_so() -> None:
    request, evidence = find_next_page(page('<a href="javascript:void(0);" onclick="toPage(2);">下一页</a>'), 5)
    assert request is None
    assert "toPage(2)" in (evidence.note or "")


def test_selector_of_the_source_goes_first() -> None:
    selectors = Selectors(next_page=FieldRule(css="a.more::attr(href)"))
    document = page('<a href="index_1.html">下一页</a><a class="more" href="/m/2.html">加载更多</a>')
    request, _ = find_next_page(document, 5, selectors=selectors)
    assert request is not None
    assert request.url == f"{SITE}/m/2.html"


DATAPROXY = "/module/web/jpage/dataproxy.jsp?page=1&webid=1"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit?paramJson=x"


@given(
    st.text(max_size=300),
    st.sampled_from(["/a/", "/a.htm", "/gkmlpt/index", DATAPROXY, UNIT, "/list.asp?page=x"]),
)
def test_nothing_raises(text: str, url: str) -> None:
    find_next_page(open_document(text.encode("utf-8", "replace"), SITE + url), 3)
    find_next_page(page(f"<script>{text}</script><a href='{text}'>下一页</a>", url), 0)
