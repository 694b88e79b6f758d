"""Lists of many builds: every true entry with its day, and nothing of the frame around them."""

from __future__ import annotations

import pytest

from tests.extract.listing_pages import DAYS, ROWS, TITLES, expected, listed, rows, url_of

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


def test_pictures_without_dates() -> None:
    main = rows('<li><a href="{url}"><img src="{n}.jpg"></a><p><a href="{url}">{title}</a></p></li>')
    assert listed(main, side="") == [(title, None) for title in TITLES]
