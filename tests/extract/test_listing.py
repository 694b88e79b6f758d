"""Listing pages of many builds: every true entry, and nothing of the frame around them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.document import open_document
from crawler.extract.listing import read_listing
from crawler.items import FieldRule, Listing, Selectors

FETCHED = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
URL = "http://www.example.gov.cn/zsdt/index.html"
REAL = Path(__file__).resolve().parents[2] / "../shared/data/listings"

TITLES = [
    "岚石新材料项目签约落户高新区",
    "市招商局赴深圳开展产业招商活动",
    "全市重大项目集中开工仪式举行",
    "2026年一季度招商引资工作简报",
    "关于印发招商引资优惠政策的通知",
    "云帆智能装备产业园正式投产",
    "临港经济区新增五家外资企业",
    "我市举办数字经济投资推介会",
]
DAYS = ["2026-02-28", "2026-02-20", "2026-02-11", "2026-01-30", "2026-01-15", "2025-12-28", "2025-12-03", "2025-11-20"]
ROWS = list(zip(range(len(TITLES)), TITLES, DAYS, strict=True))
PROSE = "据了解，该项目总投资超过二十亿元，建成后将形成年产值三十亿元的能力。"

MENU = (
    '<div class="header"><ul class="nav">'
    + "".join(
        f'<li><a href="/c{n}/">{word}</a></li>'
        for n, word in enumerate(
            [
                "网站首页",
                "政务公开栏目",
                "招商动态",
                "投资指南手册",
                "园区概况介绍",
                "政策法规文件",
                "办事服务大厅",
                "联系我们",
            ]
        )
    )
    + '</ul></div><div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/c2/">招商动态</a></div>'
)
SIDE = (
    '<div class="right"><h3>热点推荐</h3><ul>'
    + "".join(
        f'<li><a href="/zsdt/t2026011{n}_33.html">关于推进重点产业项目建设的文章之{n}</a><span>2026-01-1{n}</span></li>'
        for n in range(1, 9)
    )
    + "</ul></div>"
)
FOOT = (
    '<div class="footer"><a href="/about.html">关于我们</a><a href="http://www.hubei.gov.cn/">湖北省人民政府</a>'
    '<p>版权所有：某某市招商局 <a href="https://beian.miit.gov.cn/">鄂ICP备12345678号-1</a></p></div>'
)


def url_of(number: int) -> str:
    return f"/zsdt/info_{20260 + number}.html"


def read(html: str, url: str = URL, *, selectors: Selectors | None = None) -> Listing | None:
    return read_listing(open_document(html.encode(), url, fetched_at=FETCHED), selectors=selectors)


def whole_page(main: str, *, side: str = SIDE) -> str:
    middle = f'<div class="main"><div class="left">{main}</div>{side}</div>'
    return f"<html><head><title>招商动态</title></head><body>{MENU}{middle}{FOOT}</body></html>"


def listed(main: str, *, url: str = URL, side: str = SIDE) -> list[tuple[str, str | None]]:
    listing = read(whole_page(main, side=side), url)
    return shown(listing)


def shown(listing: Listing | None) -> list[tuple[str, str | None]]:
    entries = listing.entries if listing else ()
    return [(entry.title, entry.published_on.isoformat() if entry.published_on else None) for entry in entries]


def rows(form: str, *, around: str = "<ul>{}</ul>", count: int = 8) -> str:
    inner = "".join(
        form.format(
            n=n,
            url=url_of(n),
            title=title,
            day=day,
            year=day[:4],
            month=day[5:7],
            date=day[8:],
            prose=PROSE,
            short=title[:8],
        )
        for n, title, day in ROWS[:count]
    )
    return around.replace("{}", inner)


def expected(count: int = 8) -> list[tuple[str, str | None]]:
    return [(title, day) for _, title, day in ROWS[:count]]


FORMS = [
    ("list items", '<li><a href="{url}">{title}</a><span>{day}</span></li>', "<ul>{}</ul>"),
    ("date before the link", '<li><span>[{day}]</span><a href="{url}">{title}</a></li>', "<ul>{}</ul>"),
    ("links and dates between breaks", '·<a href="{url}">{title}</a> ({day})<br>', "<div>{}</div>"),
    ("dates and links between breaks", '{day} <a href="{url}">{title}</a><br>', "<div>{}</div>"),
    ("links and dates without any row", '<a href="{url}">{title}</a><span>{day}</span>', "<div>{}</div>"),
    ("definition list", '<dt><a href="{url}">{title}</a></dt><dd>{day}</dd>', "<dl>{}</dl>"),
    (
        "nested tables without names",
        '<tr><td>·<a href="{url}">{title}</a></td><td align=right><font>{day}</font></td></tr>',
        "<table><tr><td><table>{}</table></td></tr></table>",
    ),
    (
        "a table a row",
        '<table><tr><td>·</td><td><a href="{url}">{title}</a></td><td>[{day}]</td></tr></table>',
        "<div>{}</div>",
    ),
    (
        "date in the table's next line",
        '<tr><td><a href="{url}">{title}</a></td></tr><tr><td>更新时间：{day} 点击：33</td></tr>',
        "<table>{}</table>",
    ),
    (
        "day over year and month",
        '<li><div><b>{date}</b><span>{year}-{month}</span></div><h4><a href="{url}">{title}</a></h4>'
        "<p>{prose}</p></li>",
        "<ul>{}</ul>",
    ),
    (
        "month and day over year",
        '<li><div><p>{month}-{date}</p><span>{year}</span></div><a href="{url}">{title}</a></li>',
        "<ul>{}</ul>",
    ),
    (
        "link around a card",
        '<a href="{url}"><img src="x.jpg"><div><h3>{title}</h3><p>{prose}</p><span>{day}</span></div></a>',
        "<div>{}</div>",
    ),
    (
        "link around named boxes",
        '<li><a href="{url}"><div class="tit">{title}</div><div>{prose}</div><div>发布时间：{day}</div></a></li>',
        "<ul>{}</ul>",
    ),
    ("link around title and date", '<li><a href="{url}"><span>{title}</span><i>{day}</i></a></li>', "<ul>{}</ul>"),
    (
        "link on a picture and on the title",
        '<li><a href="{url}"><img src="x.jpg"></a><a href="{url}">{title}</a><em>{day}</em>'
        '<a href="{url}">查看详情</a></li>',
        "<ul>{}</ul>",
    ),
    (
        "title cut, whole in the attribute",
        '<li><a href="{url}" title="{title}">{short}…</a><span>{day}</span></li>',
        "<ul>{}</ul>",
    ),
    (
        "attribute of several lines",
        '<li><a href="{url}" title="文章标题：{title}&#13;&#10;作者：甲&#13;&#10;发布时间：{day}">{short}...</a>'
        "<span>{day}</span></li>",
        "<ul>{}</ul>",
    ),
    (
        "topic before the title",
        '<li><span>{day}</span>[<a href="/c2/">招商动态</a>] <a href="{url}">{title}</a></li>',
        "<ul>{}</ul>",
    ),
    (
        "attachment below the title",
        '<li><a href="{url}">{title}</a><span>{day}</span><p><a href="/files/{n}.pdf">附件：{title}.pdf</a></p></li>',
        "<ul>{}</ul>",
    ),
    (
        "address in a script",
        """<li><a href="javascript:void(0)" onclick="window.open('{url}')">{title}</a><span>{day}</span></li>""",
        "<ul>{}</ul>",
    ),
    ("date in an attribute", '<li><a href="{url}">{title}</a><span readlabel="{day}"></span></li>', "<ul>{}</ul>"),
    ("day at the end of the link", '<li><a href="{url}">{title} {day}</a></li>', "<ul>{}</ul>"),
    ("day in brackets behind the title", '<li><a href="{url}">{title}[{day}]</a></li>', "<ul>{}</ul>"),
    ("day before the title", '<li><a href="{url}">[{day}] {title}</a></li>', "<ul>{}</ul>"),
    (
        "time element",
        '<li><a href="{url}">{title}</a><time datetime="{day}T08:00:00+08:00"></time></li>',
        "<ul>{}</ul>",
    ),
    (
        "signing date and publication date",
        '<li><a href="{url}">{title}</a><p>成文日期：2025-01-01</p><p>发布日期：{day}</p></li>',
        "<ul>{}</ul>",
    ),
    (
        "publication date before signing date",
        '<li><a href="{url}">{title}</a><p>发布日期：{day}</p><p>成文日期：2025-01-01</p></li>',
        "<ul>{}</ul>",
    ),
    (
        "columns named in the table's head",
        '<tr><td>0{n}/2026</td><td><a href="{url}">{title}</a></td><td>{day}</td><td>2025-01-01</td></tr>',
        "<table><tr><th>索引号</th><th>标题</th><th>发布日期</th><th>成文日期</th></tr>{}</table>",
    ),
    (
        "figures in the summary",
        '<li><span>{day}</span><a href="{url}">{title}</a><p>规划面积1.8平方公里，面向全国公开招商。</p></li>',
        "<ul>{}</ul>",
    ),
    ("dots", '<li><a href="{url}">{title}</a><span>{year}.{month}.{date}</span></li>', "<ul>{}</ul>"),
    (
        "blanks inside the date",
        '<li><a href="{url}">{title}</a><span>{year}- {month}- {date}</span></li>',
        "<ul>{}</ul>",
    ),
    (
        "words in the date",
        '<li><a href="{url}">{title}</a><span>{year}年{month}月{date}日&nbsp;&nbsp;浏览：12次</span></li>',
        "<ul>{}</ul>",
    ),
    (
        "no year, by the listing's order",
        '<li><a href="{url}">{title}</a><span>[{month}-{date}]</span></li>',
        "<ul>{}</ul>",
    ),
]


@pytest.mark.parametrize(("form", "around"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_build(form: str, around: str) -> None:
    assert listed(rows(form, around=around)) == expected()


def test_two_digits_of_the_year() -> None:
    main = "".join(f'<li><a href="{url_of(n)}">{title}</a><span>{day[2:]}</span></li>' for n, title, day in ROWS)
    assert listed(f"<ul>{main}</ul>") == expected()


def test_year_from_the_address() -> None:
    main = "".join(
        f'<li><a href="./2023{d[5:7]}/t2023{d[5:7]}{d[8:]}_{n}.html">{t}</a><span>{d[5:]}</span></li>'
        for n, t, d in ROWS[:5]
    )
    assert [day for _, day in listed(f"<ul>{main}</ul>")] == ["2023" + day[4:] for day in DAYS[:5]]


def test_day_from_the_address_where_the_row_shows_none() -> None:
    main = "".join(f'<li><a href="./202305/t202305{10 + n}_{n}.html">{t}</a></li>' for n, t, _ in ROWS[:5])
    assert [day for _, day in listed(f"<ul>{main}</ul>", side="")] == [f"2023-05-{10 + n}" for n in range(5)]


def test_relative_days() -> None:
    words = ["3小时前", "昨天", "前天", "2026-03-05"]
    main = "".join(f'<li><a href="{url_of(n)}">{TITLES[n]}</a><span>{word}</span></li>' for n, word in enumerate(words))
    assert [day for _, day in listed(f"<ul>{main}</ul>")] == ["2026-03-10", "2026-03-09", "2026-03-08", "2026-03-05"]


def test_days_as_headings() -> None:
    main = "".join(
        f'<h4>{day}</h4><ul><li><a href="{url_of(2 * n)}">{TITLES[2 * n]}</a></li>'
        f'<li><a href="{url_of(2 * n + 1)}">{TITLES[2 * n + 1]}</a></li></ul>'
        for n, day in enumerate(DAYS[:4])
    )
    assert listed(main) == [(title, DAYS[n // 2]) for n, title in enumerate(TITLES)]


def test_two_columns() -> None:
    cells = [f'<td><a href="{url_of(n)}">{title}</a> {day}</td>' for n, title, day in ROWS]
    table = "".join(f"<tr>{cells[n]}{cells[n + 1]}</tr>" for n in range(0, 8, 2))
    assert listed(f"<table>{table}</table>") == expected()


def test_list_in_several_boxes() -> None:
    items = [f'<li><a href="{url_of(n)}">{title}</a><span>{day}</span></li>' for n, title, day in ROWS]
    assert listed("".join(f"<ul>{''.join(items[n : n + 3])}</ul><div></div>" for n in (0, 3, 6))) == expected()


def test_pinned_row_of_another_build() -> None:
    items = [f'<li><a href="{url_of(n)}">{title}</a><span>{day}</span></li>' for n, title, day in ROWS]
    items[0] = (
        f'<li class="top"><strong><a href="{url_of(0)}"><font color="red">{TITLES[0]}</font></a></strong>'
        f"<span>{DAYS[0]}</span></li>"
    )
    assert listed(f"<ul>{''.join(items)}</ul>") == expected()


def test_titles_that_begin_with_a_day() -> None:
    main = rows('<li><a href="{url}">2024年5月1日{title}</a><span>{day}</span></li>')
    assert listed(main) == [(f"2024年5月1日{title}", day) for title, day in expected()]


def test_short_titles() -> None:
    words = ["投资指南", "城市概况", "产业布局", "营商环境", "区位优势"]
    main = "".join(f'<li><a href="{url_of(n)}">{word}</a><span>{DAYS[n]}</span></li>' for n, word in enumerate(words))
    assert [title for title, _ in listed(f"<ul>{main}</ul>")] == words


def test_pictures_without_dates() -> None:
    main = rows('<li><a href="{url}"><img src="{n}.jpg"></a><p><a href="{url}">{title}</a></p></li>')
    assert listed(main, side="") == [(title, None) for title in TITLES]


PAGER = '<div class="page"><a href="index_1.html">上一页</a><span>3</span></div>'


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


def test_time_of_day() -> None:
    listing = read(whole_page(rows('<li><a href="{url}">{title}</a><span>{day} 09:30:15</span></li>')))
    assert listing is not None
    moment = listing.entries[0].published_at
    assert moment is not None
    assert moment.isoformat() == "2026-02-28T09:30:15+08:00"


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


def real_pages() -> list[tuple[str, str, int]]:
    if not (REAL / "index.json").exists():
        return []
    return [
        (row["page"], row["url"], row["entries"])
        for row in json.loads((REAL / "index.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.skipif(
    not REAL.exists(), reason="the real listing pages are kept outside the project, in ../shared/data/listings"
)
@pytest.mark.parametrize(("page", "url", "count"), real_pages())
def test_real_page_has_every_entry_dated(page: str, url: str, count: int) -> None:
    listing = read_listing(open_document((REAL / page).read_bytes(), url, fetched_at=FETCHED))
    assert listing is not None
    assert len(listing.entries) == count
    assert all(entry.published_on for entry in listing.entries)
