"""Listings that come from interfaces: Hanweb's data stores, and answers in JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from crawler.extract.document import open_document
from crawler.extract.listing import read_listing
from crawler.items import Listing

SITE = "http://www.example.gov.cn"
FETCHED = datetime(2026, 3, 10, tzinfo=UTC)
ROW = '<li><a href="/art/2026/2/{n}/art_12_{n}.html" title="{t}">{t}</a><span>2026-02-0{n}</span></li>'
TITLES = ["岚石新材料项目签约落户", "市招商局赴深圳开展招商", "全市重大项目集中开工"]
ROWS = [ROW.format(n=n, t=title) for n, title in enumerate(TITLES, 1)]


def read(text: str, url: str = "/col/col12/index.html") -> Listing | None:
    return read_listing(open_document(text.encode(), SITE + url, fetched_at=FETCHED))


def answer(value: object, url: str = "/searchList/9f?page=1") -> Listing:
    listing = read(json.dumps(value), url)
    assert listing is not None
    return listing


def store(rows: list[str], extra: str = "") -> str:
    records = "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
    return f"<datastore>{extra}<recordset>{records}</recordset></datastore>"


def shown(listing: Listing | None) -> list[tuple[str, str | None, str]]:
    return [(entry.title, entry.url, str(entry.published_on)) for entry in listing.entries] if listing else []


EXPECTED = [(title, f"{SITE}/art/2026/2/{n}/art_12_{n}.html", f"2026-02-0{n}") for n, title in enumerate(TITLES, 1)]


def test_rows_in_a_script_of_the_page() -> None:
    unit = f'<div id="34"><script type="text/xml">{store(ROWS)}</script></div>'
    assert shown(read(f'<html><body><ul><li><a href="/">首页</a></li></ul>{unit}</body></html>')) == EXPECTED


def test_rows_of_an_answer() -> None:
    xml = f'<?xml version="1.0" encoding="utf-8"?>{store(ROWS)}'
    assert shown(read(xml, "/module/web/jpage/dataproxy.jsp?page=1&columnid=12")) == EXPECTED


def test_rows_of_a_table() -> None:
    table = [f"<tr><td>{row.removeprefix('<li>').removesuffix('</li>')}</td></tr>" for row in ROWS]
    assert shown(read(store(table), "/module/web/jpage/dataproxy.jsp?page=1")) == EXPECTED


def test_one_row_is_a_listing_too() -> None:
    assert shown(read(store(ROWS[:1]), "/module/web/jpage/dataproxy.jsp?page=9")) == EXPECTED[:1]


def test_total_is_what_the_store_says() -> None:
    listing = read(store(ROWS, "<totalrecord>57</totalrecord>"), "/module/web/jpage/dataproxy.jsp?page=1")
    assert listing is not None
    assert listing.total == 57


def test_larger_store_is_the_page_s_list() -> None:
    small = store([ROW.format(n=9, t="侧栏里的另一条信息")])
    page = "".join(f'<script type="text/xml">{text}</script>' for text in (small, store(ROWS)))
    assert shown(read(f"<html><body>{page}</body></html>")) == EXPECTED


def test_answer_without_rows_is_an_empty_listing() -> None:
    listing = read(store([]), "/module/web/jpage/dataproxy.jsp?page=9")
    assert listing is not None
    assert listing.entries == ()
    assert listing.next_page is None


def test_jpaas_answer_holds_html() -> None:
    value = {
        "success": True,
        "data": {"html": f'<ul>{"".join(ROWS)}</ul><div class="pagination" rows="15" count="3"></div>'},
    }
    listing = answer(value, "/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=1")
    assert shown(listing) == EXPECTED
    assert listing.total == 3


def test_ucap_answer() -> None:
    value = {
        "data": {
            "total": 70,
            "results": [
                {"title": "甲<em>项目</em>签约", "url": "/202602/a.shtml", "publishedTimeStr": "2026-02-03 09:10:00"}
            ],
        }
    }
    listing = answer(value)
    assert shown(listing) == [("甲项目签约", f"{SITE}/202602/a.shtml", "2026-02-03")]
    assert listing.total == 70


def test_ucap_addresses_by_device() -> None:
    row = {
        "title": "甲项目签约",
        "urls": json.dumps({"pc": "/202602/a.shtml", "phone": "/m/a.shtml"}),
        "publishedTimeStr": "2026-02-03",
    }
    assert answer({"data": {"results": [row]}}).entries[0].url == f"{SITE}/202602/a.shtml"


def test_gkmlpt_answer_counts_seconds_in_utc() -> None:
    # 2026-02-02T16:30Z is the third of February in Shanghai.
    seconds = int(datetime(2026, 2, 2, 16, 30, tzinfo=UTC).timestamp())
    listing = answer(
        {"total": 1, "articles": [{"title": "甲办法", "url": f"{SITE}/gkmlpt/content/1/post_1.html", "date": seconds}]}
    )
    assert listing.entries[0].published_on == date(2026, 2, 3)


def test_milliseconds() -> None:
    milliseconds = int(datetime(2026, 2, 2, 16, 30, tzinfo=UTC).timestamp() * 1000)
    moment = (
        answer({"data": {"list": [{"title": "甲办法", "url": "/a.html", "publishTime": milliseconds}]}})
        .entries[0]
        .published_at
    )
    assert moment is not None
    assert moment.isoformat() == "2026-02-03T00:30:00+08:00"


def test_wordpress_posts() -> None:
    post = {
        "title": {"rendered": "甲项目 &#8220;云签约&#8221;"},
        "link": f"{SITE}/2026/02/a/",
        "date": "2026-02-03T08:00:00",
        "excerpt": {"rendered": "<p>据了解，项目总投资二十亿元。</p>"},
    }  # fmt: skip
    entry = answer([post], "/wp-json/wp/v2/posts?page=1").entries[0]
    assert (entry.title, entry.url, entry.summary) == (
        "甲项目 “云签约”",
        f"{SITE}/2026/02/a/",
        "据了解，项目总投资二十亿元。",
    )
    assert entry.published_on == date(2026, 2, 3)


def test_wrapped_in_a_call() -> None:
    text = "jQuery123_4(" + json.dumps({"data": {"results": [{"title": "甲项目签约", "url": "/a.html"}]}}) + ");"
    listing = read(text, "/searchList/9f?page=1")
    assert listing is not None
    assert [entry.title for entry in listing.entries] == ["甲项目签约"]


def test_page_past_the_end_is_an_empty_listing() -> None:
    listing = answer({"total": 60, "articles": []}, "/gkmlpt/api/all/5?page=3&sid=1")
    assert listing.entries == ()
    assert listing.next_page is None


NO_LISTING = [
    '{"success":false,"message":"参数错误","data":null}',
    "{",
    "[]",
    "[1,2,3]",
    '{"a":' * 90_000,
    "[" * 90_000,
    '{"data":{"results":[{"title":1}]}}',
]


@pytest.mark.parametrize(
    "text", NO_LISTING, ids=["error", "cut", "empty", "numbers", "deep object", "deep list", "no title"]
)
def test_other_json_is_no_listing(text: str) -> None:
    assert read(text, "/searchList/9f?page=1") is None


@pytest.mark.parametrize("value", [10**400, -1, True, "²", {}, []], ids=repr)
def test_dates_of_any_kind_raise_nothing(value: object) -> None:
    listing = answer({"articles": [{"title": "甲办法", "url": "/a.html", "date": value}]})
    assert listing.entries[0].published_on is None


def test_shell_page_leads_to_its_interface() -> None:
    listing = read("<html><script>var _CONFIG = {SID: '755001'}</script></html>", "/gkmlpt/index#5827")
    assert listing is not None
    assert listing.entries == ()
    assert listing.next_page is not None
    assert listing.next_page.url == f"{SITE}/gkmlpt/api/all/5827?page=1&sid=755001"
