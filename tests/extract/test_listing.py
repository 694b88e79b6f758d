"""Listing pages: the page's own list among others, the fields of its entries, and pages that hold none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import FieldRule, Selectors
from tests.extract.listing_pages import (
    DAYS,
    FOOT,
    MENU,
    PAGER,
    PROSE,
    SIDE,
    TITLES,
    expected,
    listed,
    read,
    rows,
    shown,
    url_of,
    whole_page,
)


def test_short_titles() -> None:
    words = ["投资指南", "城市概况", "产业布局", "营商环境", "区位优势"]
    main = "".join(f'<li><a href="{url_of(n)}">{word}</a><span>{DAYS[n]}</span></li>' for n, word in enumerate(words))
    assert [title for title, _ in listed(f"<ul>{main}</ul>")] == words


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_last_page_beside_a_longer_side_list(count: int) -> None:
    assert listed(rows('<li><a href="{url}">{title}</a><span>{day}</span></li>', count=count) + PAGER) == expected(
        count
    )


def test_side_list_of_equal_build() -> None:
    items = rows('<li><a href="{url}">{title}</a><span>{day}</span></li>')
    hot = "".join(
        f'<li><a href="/zsdt/info_999{n}.html">值得一读的热门文章标题之{n}</a><span>2026-01-0{n}</span></li>'
        for n in range(1, 6)
    )
    html = (
        f"<html><body>{MENU}<div><div>{items}</div><div><h3>热点推荐</h3><ul>{hot}</ul></div></div>{FOOT}</body></html>"
    )
    assert shown(read(html)) == expected()


def test_headline_above_the_list_that_repeats_its_first_entry() -> None:
    items = rows('<li><a href="{url}">{title}</a><span>{day}</span></li>')
    head = f'<div><h2><a href="{url_of(0)}">{TITLES[0]}</a></h2><p>{PROSE}</p></div>'
    assert listed(head + items) == expected()


def test_wrapper_named_like_a_pager() -> None:
    items = rows('<li><a href="{url}">{title}</a><span>{day}</span></li>')
    assert (
        shown(read(f'<html><body><div class="page">{MENU}<div>{items}</div>{SIDE}{FOOT}</div></body></html>'))
        == expected()
    )


def test_address_is_absolute() -> None:
    listing = read(whole_page(rows('<li><a href="../zsdt/info_{n}.html">{title}</a><span>{day}</span></li>')))
    assert listing is not None
    assert listing.entries[0].url == "http://www.example.gov.cn/zsdt/info_0.html"


def test_summary() -> None:
    listing = read(whole_page(rows('<li><a href="{url}">{title}</a><p>{prose}</p><span>{day}</span></li>')))
    assert listing is not None
    assert listing.entries[0].summary == PROSE


def test_links_to_other_sites_are_external() -> None:
    main = rows('<li><a href="https://mp.weixin.qq.com/s/abcdefghij{n}">{title}</a><span>{day}</span></li>', count=3)
    listing = read(whole_page(f"{main}{PAGER}", side=""))
    assert listing is not None
    assert [entry.external for entry in listing.entries] == [True, True, True]


def test_entries_of_the_site_are_not_external() -> None:
    listing = read(whole_page(rows('<li><a href="http://example.gov.cn{url}">{title}</a><span>{day}</span></li>')))
    assert listing is not None
    assert not any(entry.external for entry in listing.entries)


def test_next_page_and_its_rule() -> None:
    listing = read(
        whole_page(rows('<li><a href="{url}">{title}</a><span>{day}</span></li>') + '<a href="index_1.html">下一页</a>')
    )
    assert listing is not None
    assert listing.next_page is not None
    assert listing.next_page.url == "http://www.example.gov.cn/zsdt/index_1.html"
    assert listing.provenance["next_page"].rule == "link:next"


def test_total_that_the_pager_states() -> None:
    listing = read(whole_page(rows('<li><a href="{url}">{title}</a><span>{day}</span></li>') + "共<b>128</b>条"))
    assert listing is not None
    assert listing.total == 128


def test_column_name_from_the_meta_tag() -> None:
    html = whole_page(rows('<li><a href="{url}">{title}</a><span>{day}</span></li>')).replace(
        "<title>", '<meta name="columnname" content="招商动态"><title>'
    )
    listing = read(html)
    assert listing is not None
    assert listing.column_name == "招商动态"


SELECTORS = Selectors(
    entries=FieldRule(css="div.item"),
    entry_fields={
        "title": FieldRule(css="b::text"),
        "published": FieldRule(xpath=".//i"),
        "summary": FieldRule(css="p"),
    },
)


def test_selectors_of_the_source_override() -> None:
    main = rows(
        '<div class="item"><b>{title}</b><a href="{url}">进入</a><i>{day}</i><p>{prose}</p></div>',
        around="<div>{}</div>",
    )
    listing = read(whole_page(main), selectors=SELECTORS)
    assert shown(listing) == expected()
    assert listing is not None
    assert listing.entries[0].summary == PROSE


@pytest.mark.parametrize("rule", [FieldRule(css="div["), FieldRule(xpath="//li[")], ids=["css", "xpath"])
def test_broken_selectors_find_nothing(rule: FieldRule) -> None:
    assert read(whole_page(rows('<li><a href="{url}">{title}</a></li>')), selectors=Selectors(entries=rule)) is None


NO_LISTING = [
    ("nothing", ""),
    ("only a frame", f"<html><body>{MENU}{FOOT}</body></html>"),
    (
        "an article",
        f"<html><body>{MENU}<div><h1>{TITLES[0]}</h1><p>2026-02-28</p>"
        + f"<p>{PROSE}</p>" * 9
        + f"</div>{FOOT}</body></html>",
    ),
    ("binary", "\x00\x01\x02" * 90),
    ("broken markup", "<div><a href='/x<ul></a><<<>>" * 50),
]


@pytest.mark.parametrize("html", [row[1] for row in NO_LISTING], ids=[row[0] for row in NO_LISTING])
def test_page_without_a_listing(html: str) -> None:
    assert read(html) is None


@given(
    st.lists(
        st.sampled_from(
            [
                "<ul>",
                "<li>",
                "</li>",
                "<a href='/info/1234.html'>",
                "关于项目签约的通知",
                "</a>",
                "2026-01-01",
                "<table><tr><td>",
                "<br>",
                "-",
                "<p>",
            ]
        ),
        max_size=60,
    )
)
def test_nothing_raises(parts: Sequence[str]) -> None:
    read("".join(parts))


def test_hostile_pages_are_read_to_the_end() -> None:
    read("<div>" * 20_000 + '<a href="/a/12345.html">关于项目签约的通知</a>' * 3)
    read("<ul>" + '<li><a href="/a/12345.html">关于项目签约的通知</a><b>2026-01-0</b></li>' * 9_000)
