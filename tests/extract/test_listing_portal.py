"""Portal pages: whole articles one below the other, without links, in the builds such pages are met in."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path

import pytest

from crawler.extract.document import open_document
from crawler.extract.listing import read_listing
from crawler.extract.records import read_records
from crawler.items import Listing

SEED = Path(__file__).resolve().parents[2] / "../shared/seed/listing.txt"
URL = "http://portal.example/zhaoshang/hubei/"
RECORDS = [
    (
        f"【{place}招商】{what}",
        f"{place}{what}。" + "据介绍,该项目总投资12.5亿元,建成后年产值三十亿元,带动就业八百人。" * 3,
        day,
    )
    for place, what, day in [
        ("黄冈", "医药化工园引进3个项目", "2026-03-18"),
        ("襄阳", "新能源商用车产业园开园", "2026-03-16"),
        ("宜昌", "船舶制造绿色转型结硕果", "2026-03-16"),
        ("荆州", "与农行深化战略合作", "2026-03-12"),
    ]
]
MENU = '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zhaoshang/">招商资讯</a></li></ul>'
SIDE = (
    '<div class="aside"><h4>热门产业园区</h4><ul><li><a href="/yuanqu/2107.html">武汉江夏大健康产业园</a></li>'
    '<li><a href="/yuanqu/2093.html">襄州新能源商用车配套产业园</a></li>'
    '<li><a href="/yuanqu/2088.html">东宝绿色家居产业园</a></li></ul></div>'
)
END = "<p>有想补充的信息?点我投稿</p><ul><li>联系我们</li><li>企业入驻</li></ul>"


def joined(form: str, *, between: str = "") -> str:
    return between.join(form.format(title=title, body=body, day=day) for title, body, day in RECORDS)


def read(main: str) -> Listing | None:
    middle = f'<div class="main"><div class="list">{main}</div>{SIDE}</div>'
    html = f'<html><body>{MENU}{middle}<div class="footer">版权所有</div></body></html>'
    return read_listing(open_document(html.encode(), URL))


BUILDS = [
    (
        "list items",
        f"<h1>湖北招商</h1><ul>{joined('<li><h3>{title}</h3><p>{body}</p><span>{day}</span></li>')}</ul>{END}",
    ),
    (
        "boxes",
        joined('<div class="item"><h3>{title}</h3><div><p>{body}</p></div><div class="date">{day}</div></div>') + END,
    ),
    (
        "boxes with a labelled date",
        joined("<div><div>{title}</div><div>{body}</div><div><span>发布时间：{day}</span></div></div>"),
    ),
    (
        "headings without boxes",
        "<h1>湖北招商</h1>" + joined('<h3>{title}</h3><p>{body}</p><p class="d">{day}</p>') + END,
    ),
    ("date above the heading", joined("<div><em>{day}</em><h3>{title}</h3><p>{body}</p></div>") + END),
    ("date under the heading", "<h1>湖北招商</h1>" + joined('<h3>{title}</h3><p class="d">{day}</p><p>{body}</p>')),
    (
        "paragraphs between dashes",
        "<p>-</p>" + joined("<p>{title}</p><p>{body}</p><p>{day}</p>", between="<p>-</p>") + END,
    ),
    (
        "breaks between dashes",
        "-<br>" + joined("{title}<br>{body}<br>{day}", between="<br>-<br>") + "<br>点我投稿<br>- 联系我们",
    ),
    (
        "plain text in a box",
        "<pre>-\n" + joined("{title}\n{body}\n{day}", between="\n-\n") + "\n点我投稿\n- 联系我们\n</pre>",
    ),
]


@pytest.mark.parametrize("main", [row[1] for row in BUILDS], ids=[row[0] for row in BUILDS])
def test_build(main: str) -> None:
    listing = read(main)
    assert listing is not None
    assert [(entry.title, entry.body, str(entry.published_on)) for entry in listing.entries] == RECORDS


@pytest.mark.parametrize("main", [row[1] for row in BUILDS], ids=[row[0] for row in BUILDS])
def test_entries_have_no_address_and_no_line(main: str) -> None:
    listing = read(main)
    assert listing is not None
    assert {(entry.url, entry.line) for entry in listing.entries} == {(None, None)}


def test_paragraphs_of_a_body_are_its_lines() -> None:
    listing = read(joined("<div><h3>{title}</h3><p>{body}</p><p>第二段。</p><em>{day}</em></div>"))
    assert listing is not None
    assert listing.entries[0].body == f"{RECORDS[0][1]}\n第二段。"


def test_records_of_one_title_and_day_are_both_kept() -> None:
    twice = "".join(f"<div><h3>甲项目开工</h3><p>{n}{RECORDS[n][1]}</p><em>2026-03-12</em></div>" for n in range(2))
    listing = read(twice)
    assert listing is not None
    assert [(entry.title, entry.published_on) for entry in listing.entries] == [("甲项目开工", date(2026, 3, 12))] * 2


def test_record_without_a_body_is_a_flaw() -> None:
    listing = read(
        joined("<div><h3>{title}</h3><p>{body}</p><em>{day}</em></div>")
        + "<div><h3>只有题目</h3><em>2026-03-01</em></div>"
    )
    assert listing is not None
    assert len(listing.entries) == len(RECORDS)
    assert [flaw.text for flaw in listing.flaws] == ["只有题目"]


def test_comments_are_no_records() -> None:
    comment = "<div><b>网友{n}</b><p>这个项目什么时候开工？希望能早点投产，带动就业。</p><em>2026-03-1{n}</em></div>"
    assert read("".join(comment.format(n=n) for n in range(5))) is None


@pytest.mark.skipif(not SEED.exists(), reason="the seed listing is kept outside the project, in ../shared/seed")
@pytest.mark.parametrize(
    "form",
    [
        "<li><h3>{title}</h3><p>{body}</p><span>{day}</span></li>",
        "<p>{title}</p><p>{body}</p><p>{day}</p>",
        "{title}<br>{body}<br>{day}<br>",
    ],
    ids=["boxes", "paragraphs", "breaks"],
)
def test_seed_as_a_page_gives_the_entries_of_its_text(form: str) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    text = read_records(SEED.read_bytes(), url=URL)
    starts = [entry.line or 0 for entry in text.entries]
    page = "".join(form.format(title=escape(lines[n - 1]), body=escape(lines[n]), day=lines[n + 1]) for n in starts)
    listing = read(f"<div>{page}{END}</div>")
    assert listing is not None
    assert [(entry.title, entry.body, entry.published_on) for entry in listing.entries] == [
        (entry.title, entry.body, entry.published_on) for entry in text.entries
    ]


def test_pager_of_the_page_leads_on() -> None:
    listing = read(
        joined("<div><h3>{title}</h3><p>{body}</p><em>{day}</em></div>")
        + '<div class="pager"><a href="p2.html">下一页</a></div>'
    )
    assert listing is not None
    assert listing.next_page is not None
    assert listing.next_page.url == f"{URL}p2.html"


def test_linked_titles_make_an_ordinary_listing() -> None:
    rows = "".join(
        f'<div><h3><a href="/zs/{n}12345.html">{t}</a></h3><p>{b}</p><em>{d}</em></div>'
        for n, (t, b, d) in enumerate(RECORDS)
    )
    listing = read(rows)
    assert listing is not None
    assert [entry.title for entry in listing.entries] == [title for title, _, _ in RECORDS]
    assert all(entry.url and entry.body is None for entry in listing.entries)
