"""The way to the next page, family by family."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.document import Document, open_document
from crawler.extract.pagination import find_next_page, next_page
from crawler.items import FieldRule, PageRequest, Selectors

SITE = "http://www.example.gov.cn"
ROWS = "".join(
    f'<li><a href="/info/10{n}.html">第{n}个项目签约落户</a><span>2025-06-1{n}</span></li>' for n in range(1, 6)
)


def page(pager: str, url: str = "/tzdt/", head: str = "") -> Document:
    html = f"<html><head>{head}</head><body><ul>{ROWS}</ul>{pager}</body></html>"
    return open_document(html.encode(), SITE + url)


def answer(value: object, url: str) -> Document:
    return open_document(json.dumps(value).encode(), SITE + url, content_type="application/json")


def following(document: Document, size: int = 5) -> PageRequest | None:
    return next_page(document, size)


def address(document: Document, size: int = 5) -> str | None:
    request = following(document, size)
    return request.url.removeprefix(SITE) if request else None


def query(request: PageRequest | None) -> dict[str, str]:
    assert request is not None
    return {key: values[0] for key, values in parse_qs(urlsplit(request.url).query, keep_blank_values=True).items()}


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


TRS = [
    ("first", 'createPageHTML(3, 0, "index", "html");', "/tzdt/", "/tzdt/index_1.html", 2),
    ("second", "createPageHTML(3,1,'index','html');", "/tzdt/index_1.html", "/tzdt/index_2.html", 3),
    ("other name", 'createPageHTML(12, 0, "gsgg", "shtml", "x");', "/tzdt/gsgg.shtml", "/tzdt/gsgg_1.shtml", 2),
    (
        "by variables",
        'var pages = 3; var now = 1;\ncreatePageHTML(pages, now, "index", "html");',
        "/tzdt/index_1.html",
        "/tzdt/index_2.html",
        3,
    ),
    (
        "older template",
        "var currentPage = 0;//所在页\nvar countPage = 3//共多少页\n'<a href=\"index_'",
        "/tzdt/",
        "/tzdt/index_1.html",
        2,
    ),
]


@pytest.mark.parametrize(("script", "url", "expected", "number"), [row[1:] for row in TRS], ids=[row[0] for row in TRS])
def test_trs(script: str, url: str, expected: str, number: int) -> None:
    request = following(page(f"<script>{script}</script>", url))
    assert request == PageRequest(SITE + expected, number=number, rule="cms:trs")


def test_trs_last_page() -> None:
    assert following(page('<script>createPageHTML(3, 2, "index", "html");</script>', "/tzdt/index_2.html")) is None


def test_definition_of_the_pager_function_is_no_call() -> None:
    assert (
        following(page("<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}</script>"))
        is None
    )


UCAP = [
    ("first", "createPageHTML('page_div',3, 1,'xlist','shtml',28);", "/tzdt/xlist.shtml", "/tzdt/xlist_2.shtml"),
    ("second", 'createPageHTML("page_div", 3, 2, "xlist", "shtml", 28)', "/tzdt/xlist_2.shtml", "/tzdt/xlist_3.shtml"),
    ("list", "createPageHTML('page_div',9, 1,'list','shtml',180);", "/c102/list.shtml", "/c102/list_2.shtml"),
]


@pytest.mark.parametrize(("script", "url", "expected"), [row[1:] for row in UCAP], ids=[row[0] for row in UCAP])
def test_ucap_static(script: str, url: str, expected: str) -> None:
    assert address(page(f"<script>{script}</script>", url)) == expected


def test_ucap_static_last_page() -> None:
    assert (
        following(page("<script>createPageHTML('page_div',3, 3,'xlist','shtml',28);</script>", "/tzdt/xlist_3.shtml"))
        is None
    )


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


VSB = '<script>_simple_list_gotopage_fun(12,"u4_goto",2)</script><span>共12页</span>'
FOLDERS = [
    ("vsb first", "/xwzx/tzgg.htm", VSB, "/xwzx/tzgg/11.htm"),
    ("vsb further", "/xwzx/tzgg/11.htm", VSB, "/xwzx/tzgg/10.htm"),
    ("vsb last", "/xwzx/tzgg/1.htm", VSB, None),
    ("webplus first", "/1203/list.htm", '<div class="wp_paging"><em class="all_pages">9</em></div>', "/1203/list2.htm"),
    (
        "webplus further",
        "/1203/list8.htm",
        '<div class="wp_paging"><em class="all_pages">9</em></div>',
        "/1203/list9.htm",
    ),
    ("webplus last", "/1203/list9.htm", '<div class="wp_paging"><em class="all_pages">9</em></div>', None),
    ("dedecms file", "/a/zs/list_12_2.html", "共<strong>3</strong>页", "/a/zs/list_12_3.html"),
    ("dedecms query", "/plus/list.php?tid=12", "共 3 页", "/plus/list.php?tid=12&PageNo=2"),
    (
        "phpcms",
        "/index.php?m=content&c=index&a=lists&catid=9&page=2",
        "共3页",
        "/index.php?m=content&c=index&a=lists&catid=9&page=3",
    ),
    ("empirecms counts from 0", "/e/action/ListInfo/?classid=3", "共3页", "/e/action/ListInfo/?classid=3&page=1"),
    ("siteserver", "/channels/31.html", "共3页", "/channels/31_2.html"),
    (
        "anhui",
        "/public/column/6595?type=4&catId=1&action=list",
        "1/3页",
        "/public/column/6595?type=4&catId=1&action=list&page=2",
    ),
    ("list.shtml", "/c102/list.shtml", "共3页", "/c102/list_2.shtml"),
    ("z-blog", "/category-1_2.html", "共3页", "/category-1_3.html"),
    ("classic asp", "/list.asp?class=4", "共3页", "/list.asp?class=4&page=2"),
    ("last of a query", "/list.asp?class=4&page=3", "共3页", None),
]


@pytest.mark.parametrize(("url", "pager", "expected"), [row[1:] for row in FOLDERS], ids=[row[0] for row in FOLDERS])
def test_address_and_number_of_pages(url: str, pager: str, expected: str | None) -> None:
    assert address(page(pager, url)) == expected


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


FORM = """<form method="post" action="./NewsList.aspx?class=3">
<input type="hidden" name="__VIEWSTATE" value="/wEP+a=="><input type="hidden" name="__EVENTVALIDATION" value="/wEW">
<input type="hidden" name="__EVENTTARGET" value=""><input type="text" name="key" value="招商">
<input type="submit" name="btnSearch" value="搜索">
<select name="kind"><option value="1">a</option><option value="2" selected>b</option></select>
<a disabled="disabled">上一页</a><a href="javascript:__doPostBack('AspNetPager1','2')">下一页</a></form>"""


def test_aspnet_posts_the_page_s_own_form() -> None:
    request = following(page(FORM, "/NewsList.aspx?class=3"))
    assert request is not None
    assert (request.url, request.method, request.number) == (f"{SITE}/NewsList.aspx?class=3", "POST", 2)
    assert dict(request.form) == {
        "__EVENTTARGET": "AspNetPager1",
        "__EVENTARGUMENT": "2",
        "__VIEWSTATE": "/wEP+a==",
        "__EVENTVALIDATION": "/wEW",
        "key": "招商",
        "kind": "2",
    }


def test_aspnet_last_page() -> None:
    last = FORM.replace("""href="javascript:__doPostBack('AspNetPager1','2')\"""", 'disabled="disabled"')
    assert following(page(last, "/NewsList.aspx?class=3")) is None


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


@given(
    st.text(max_size=300),
    st.sampled_from(["/a/", "/a.htm", "/gkmlpt/index", GROUP.format(1), UNIT + "?paramJson=x", "/list.asp?page=x"]),
)
def test_nothing_raises(text: str, url: str) -> None:
    find_next_page(open_document(text.encode("utf-8", "replace"), SITE + url), 3)
    find_next_page(page(f"<script>{text}</script><a href='{text}'>下一页</a>", url), 0)
