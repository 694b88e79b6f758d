"""The next page where a script, an address or a form tells it: one table of cases a family."""

from __future__ import annotations

import pytest

from crawler.items import PageRequest
from tests.extract.pager_pages import SITE, address, following, page

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
