"""The next page where rows come from an interface: UCAP, Hanweb, jpaas, gkmlpt, WordPress."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from crawler.extract.document import open_document
from crawler.extract.pagination import next_page
from tests.extract.pager_pages import ROWS, SITE, address, answer, following, page, query


def test_ucap_interface_is_asked_where_nothing_else_leads_on() -> None:
    document = page("", head='<meta name="channelId" content="9f3a5b">')
    request = following(document)
    assert urlsplit(request.url if request else "").path == "/searchList/9f3a5b"
    assert query(request) == {"_isAgg": "true", "_isJson": "true", "_pageSize": "30", "_template": "index", "page": "1"}


def test_ucap_answer_leads_to_the_following_one() -> None:
    value = {"data": {"results": [{"title": "甲项目", "url": "/x.shtml"}] * 30, "total": 70}}
    assert query(following(answer(value, "/searchList/9f?_isJson=true&_pageSize=30&page=2"), 30))["page"] == "3"


def test_ucap_last_answer() -> None:
    value = {"data": {"results": [{"title": "甲项目", "url": "/x.shtml"}] * 10, "total": 70}}
    assert following(answer(value, "/searchList/9f?_isJson=true&_pageSize=30&page=3"), 10) is None


def store(rows: int, *, next_group: str | None = None, total: int | None = None) -> str:
    records = "".join(
        f"<record><![CDATA[<li><a href='/art/2025/6/{n}/art_1_{n}.html'>第{n}个项目</a></li>]]></record>"
        for n in range(1, rows + 1)
    )
    group = f'<nextgroup><![CDATA[<a href="{next_group}"></a>]]></nextgroup>' if next_group is not None else ""
    count = f"<totalrecord>{total}</totalrecord>" if total is not None else ""
    return f"<datastore>{group}{count}<recordset>{records}</recordset></datastore>"


GROUP = "/module/web/jpage/dataproxy.jsp?page={}&webid=1&columnid=12&unitid=34"


def test_hanweb_page_leads_to_its_next_group() -> None:
    document = page(
        f'<script type="text/xml">{store(5, next_group=GROUP.format(1), total=12)}</script>', "/col/col12/index.html"
    )
    assert address(document) == GROUP.format(1)


def test_hanweb_page_that_shows_all_rows_is_the_last() -> None:
    document = page(
        f'<script type="text/xml">{store(5, next_group=GROUP.format(1), total=5)}</script>', "/col/col12/index.html"
    )
    assert following(document) is None


def test_hanweb_answer_leads_to_the_group_it_names() -> None:
    document = open_document(store(5, next_group=GROUP.format(2), total=30).encode(), SITE + GROUP.format(1))
    assert address(document) == GROUP.format(2)


def test_hanweb_answer_that_repeats_the_template_is_counted_on() -> None:
    document = open_document(store(5, next_group=GROUP.format(1), total=30).encode(), SITE + GROUP.format(2))
    assert address(document) == GROUP.format(3)


@pytest.mark.parametrize(
    "text", [store(0), store(5, next_group=""), store(5, total=5)], ids=["no rows", "no next group", "total reached"]
)
def test_hanweb_last_answer(text: str) -> None:
    assert following(open_document(text.encode(), SITE + GROUP.format(1)), 5) is None


JPAGE = """<script>$("#34").jpage({perPage:5,totalRecord:12,proxyUrl:'/module/jpage/dataproxy.jsp',
param:{col:1,appid:1,webid:8,path:'/',columnid:12,unitid:34,permissiontype:0}});</script>"""


def test_hanweb_rows_are_asked_for_by_number() -> None:
    request = following(page(f'<script type="text/xml">{store(5)}</script>{JPAGE}', "/col/col12/index.html"))
    assert request is not None
    assert request.method == "POST"
    assert {"startrecord": "6", "endrecord": "10", "perpage": "5"}.items() <= query(request).items()
    assert {("columnid", "12"), ("unitid", "34"), ("webid", "8")} <= set(request.form)


def test_hanweb_answers_by_number_go_on_to_the_total() -> None:
    request = following(page(f'<script type="text/xml">{store(5)}</script>{JPAGE}', "/col/col12/index.html"))
    assert request is not None
    second = next_page(open_document(store(5, total=12).encode(), request.url), 5)
    assert {"startrecord": "11", "endrecord": "15"}.items() <= query(second).items()
    assert second is not None
    assert second.form == request.form
    assert next_page(open_document(store(2, total=12).encode(), second.url), 2) is None


UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY_DATA = "{'webId':'9b1f','pageId':'f2c6','tplSetId':'q7Ms','pageType':'column','tagId':'信息列表'}"
JPAAS = f'<script url="{UNIT}" queryData="{QUERY_DATA}"></script><div pageNo="1" rows="5" count="13"></div>'


def test_jpaas_page_leads_to_the_interface() -> None:
    request = following(page(JPAAS))
    assert urlsplit(request.url if request else "").path == UNIT
    asked = query(request)
    assert asked["tagId"] == "信息列表"
    assert json.loads(asked["paramJson"]) == {"pageNo": 2, "pageSize": 5}


def test_jpaas_answer_leads_to_the_following_one() -> None:
    request = following(page(JPAAS))
    assert request is not None
    value = {"data": {"html": f'<ul>{ROWS}</ul><div class="pagination" rows="5" count="13"></div>'}}
    third = next_page(answer(value, request.url.removeprefix(SITE)), 5)
    assert json.loads(query(third)["paramJson"]) == {"pageNo": 3, "pageSize": 5}
    assert third is not None
    assert next_page(answer(value, third.url.removeprefix(SITE)), 3) is None


def test_jpaas_page_that_shows_all_rows_is_the_last() -> None:
    assert following(page(JPAAS.replace('count="13"', 'count="5"'))) is None


def test_gkmlpt_shell_leads_to_the_interface() -> None:
    document = open_document(
        b"<html><script>var _CONFIG = {SID: '755001'}</script></html>", SITE + "/gkmlpt/index#5827"
    )
    assert address(document, 0) == "/gkmlpt/api/all/5827?page=1&sid=755001"


def test_gkmlpt_answers_go_on_to_the_total() -> None:
    value = {"total": 250, "articles": [{"title": "甲项目", "url": "/post_1.html"}] * 100}
    assert (
        address(answer(value, "/gkmlpt/api/all/5827?page=2&sid=755001"), 100)
        == "/gkmlpt/api/all/5827?page=3&sid=755001"
    )
    assert (
        following(answer({"total": 200, "articles": value["articles"]}, "/gkmlpt/api/all/5827?page=2&sid=755001"), 100)
        is None
    )
    assert following(answer({"total": 200, "articles": []}, "/gkmlpt/api/all/5827?page=3&sid=755001"), 0) is None


def test_wordpress_interface_stops_at_a_page_that_is_not_full() -> None:
    posts = [{"title": {"rendered": "甲项目"}, "link": SITE + "/a/"}] * 100
    url = "/wp-json/wp/v2/posts?per_page=100&page=1"
    assert query(following(answer(posts, url), 100))["page"] == "2"
    assert following(answer(posts[:40], url), 40) is None
