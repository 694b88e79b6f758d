"""The table of pager families. A new family is a row here; see `PagerFamily` for what the columns mean."""

from __future__ import annotations

import re

from crawler.extract.cms import folders, interfaces, scripts
from crawler.extract.cms.pager import PagerFamily

_ARGUMENT = r"(?:\d{1,7}|[A-Za-z_]\w{0,40})"
_CALL = r"createPageHTML\w{0,10}\(\s{0,9}"
_COMMA = r"\s{0,9},\s{0,9}"

FAMILIES: tuple[PagerFamily, ...] = (
    PagerFamily(
        "jpaas answer",
        "answer",
        "url",
        re.compile(r"/jpaas-publish-server/front/page/build/"),
        interfaces.jpaas_answer,
        "GET build/unit -> data.html",
    ),
    PagerFamily(
        "hanweb",
        "answer",
        "text",
        re.compile(r"<record>|<datastore|dataproxy\.jsp"),
        interfaces.hanweb,
        "/col/colN/index.html",
        rowless=True,
    ),
    PagerFamily(
        "json interface",
        "answer",
        "text",
        re.compile(r"\A[\s\ufeff]{0,50}(?:[\w.$]{1,80}\s{0,5}\(\s{0,5})?[\[{]"),
        interfaces.json_answer,
        "/searchList/{id}, /gkmlpt/api/all/{id}, /wp-json/wp/v2/posts",
    ),
    PagerFamily(
        "trs",
        "script",
        "text",
        re.compile(
            rf"{_CALL}(?P<pages>{_ARGUMENT}){_COMMA}(?P<current>{_ARGUMENT}){_COMMA}"
            rf"[\"'](?P<name>[\w./-]{{1,120}})[\"']{_COMMA}[\"']\.?(?P<ext>\w{{2,6}})[\"']"
        ),
        scripts.trs,
        "col/index.html",
    ),
    PagerFamily(
        "ucap static",
        "script",
        "text",
        re.compile(
            rf"{_CALL}[\"'][\w-]{{1,60}}[\"']{_COMMA}(?P<pages>{_ARGUMENT}){_COMMA}(?P<current>{_ARGUMENT}){_COMMA}"
            rf"[\"'](?P<name>[\w./-]{{1,120}})[\"']{_COMMA}[\"']\.?(?P<ext>\w{{2,6}})[\"']"
        ),
        scripts.ucap,
        "xlist.shtml, list.shtml",
    ),
    PagerFamily(
        "trs variables",
        "script",
        "text",
        re.compile(
            r"var\s{1,5}currentPage\s{0,5}=\s{0,5}(?P<current>\d{1,6})(?s:.{0,400}?)var\s{1,5}(?:countPage|pageCount)\s{0,5}=\s{0,5}(?P<pages>\d{1,6})"
        ),
        scripts.trs_variables,
        "older templates of TRS WCM",
    ),
    PagerFamily(
        "jpaas",
        "script",
        "text",
        re.compile(r"queryData\s{0,3}=", re.IGNORECASE),
        interfaces.jpaas_page,
        "unitbuild.js",
        rowless=True,
    ),
    PagerFamily(
        "gkmlpt",
        "script",
        "url",
        re.compile(r"/gkmlpt/(?:index|policy|mindex)"),
        interfaces.gkmlpt_page,
        "/gkmlpt/index#N",
        rowless=True,
    ),
    PagerFamily(
        "vsb",
        "last-resort",
        "url",
        re.compile(r"/(?P<name>[\w-]{1,80}?)(?:/(?P<number>\d{1,6}))?\.htm$"),
        folders.vsb,
        "x/tzgg.htm",
    ),
    PagerFamily(
        "webplus",
        "last-resort",
        "url",
        re.compile(r"/list(?P<number>\d{1,6})?\.htm$"),
        folders.web_plus,
        "/N/list.htm",
    ),
    PagerFamily(
        "numbered file",
        "last-resort",
        "url",
        re.compile(
            r"/(?P<name>list_\d{1,9}|xlist|list|column-index|category-\d{1,9}|(?<=/channels/)\d{1,9})"
            r"(?:[_-](?P<number>\d{1,6}))?\.(?P<ext>s?html)$"
        ),
        folders.numbered_file,
        "DedeCMS list_{tid}_{k}.html, SiteServer /channels/N_k.html, Z-Blog category-1_2.html, list_k.shtml",
    ),
    PagerFamily(
        "dedecms query",
        "last-resort",
        "url",
        re.compile(r"/plus/list\.php\?"),
        folders.numbered_query("PageNo"),
        "plus/list.php?tid=T",
    ),
    PagerFamily(
        "phpcms",
        "last-resort",
        "url",
        re.compile(r"[?&]a=lists&"),
        folders.numbered_query("page"),
        "index.php?m=content&c=index&a=lists",
    ),
    PagerFamily(
        "empirecms",
        "last-resort",
        "url",
        re.compile(r"/e/action/ListInfo"),
        folders.numbered_query("page", first=0),
        "/e/action/ListInfo/?classid=C",
    ),
    PagerFamily(
        "anhui",
        "last-resort",
        "url",
        re.compile(r"/public/column/\d+\?"),
        folders.numbered_query("page"),
        "/public/column/N?action=list",
    ),
    PagerFamily(
        "vsb query",
        "last-resort",
        "url",
        re.compile(r"/list\.jsp\?", re.IGNORECASE),
        folders.numbered_query("PAGENUM"),
        "list.jsp?urltype=tree.TreeTempUrl",
    ),
    PagerFamily(
        "classic asp",
        "last-resort",
        "url",
        re.compile(r"\.asp\?", re.IGNORECASE),
        folders.numbered_query("page"),
        "list.asp?class=N",
    ),
    PagerFamily(
        "ucap interface",
        "last-resort",
        "text",
        re.compile(
            r"<meta\s(?=[^<>]{0,200}name\s{0,3}=\s{0,3}[\"']channelId[\"'])"
            r"[^<>]{0,200}content\s{0,3}=\s{0,3}[\"'](?P<id>(?!0[\"'])[\w-]{1,64})[\"']",
            re.IGNORECASE,
        ),
        interfaces.ucap_page,
        "column pages of UCAP without a pager of their own",
        rowless=True,
    ),
)
