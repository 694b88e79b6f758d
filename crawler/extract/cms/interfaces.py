"""Families whose further pages come from an interface: its address, and when its answers end."""

from __future__ import annotations

import html
import json
import re

from crawler.extract.cms.pager import LAST, PAGE_KEYS, SIZE_KEYS, Turn, get, number, number_in, query_of, with_query
from crawler.extract.document import Document
from crawler.extract.hanweb import is_answer, largest_datastore
from crawler.extract.json_listing import looks_like_json, parse_json, rows_of, rows_of_html, total_of
from crawler.extract.urls import join
from crawler.items import PageRequest

_UNIT_URL = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_UNIT_SIZE = 15
_UCAP_SIZE = 30
_LIST_TAG = re.compile(r"列表|list|分页|内容|信息", re.IGNORECASE)
_PAIR = re.compile(r"""["']([\w-]{1,40})["']\s{0,3}:\s{0,3}(?:["']([^"']{0,400})["']|(-?\d{1,12}))""")
_ATTRIBUTE = re.compile(
    r"""\b(pageno|pagesize|rows|count|total|totalcount)\s{0,3}=\s{0,3}["'](\d{1,9})["']""", re.IGNORECASE
)
_PER_PAGE = re.compile(r"per_?page[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,4})", re.IGNORECASE)
_TOTAL_RECORD = re.compile(r"totalrecord[\"']?\s{0,3}[:=>]\s{0,3}[\"']?(\d{1,9})", re.IGNORECASE)
_PROXY = re.compile(r"[\"'=(\s]((?:https?:/)?/?[\w./-]{0,200}dataproxy\.jsp)(?:\?([^\"'<>\s]{0,1500}))?", re.IGNORECASE)
_FORM_FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_RECORD_KEYS = ("startrecord", "endrecord", "perpage")


def hanweb(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """Hanweb: the data store names the address of the next group of rows, or rows are asked for by number (POST)."""
    store = largest_datastore(document.text)
    if store is None:
        return _by_record(document, size, None) if size or not is_answer(document) else LAST
    shown = len(store.rows)
    answered = number_in(query_of(document.url), ("page",)) if "dataproxy.jsp" in document.url else None
    if store.next_group and shown:
        return _next_group(document, store.next_group, shown, store.total, answered)
    if answered is not None:
        page = answered[1] + 1
        if not shown or store.next_group == "" or (store.total is not None and answered[1] * shown >= store.total):
            return LAST
        query = [(key, str(page) if key == answered[0] else value) for key, value in query_of(document.url)]
        return Turn(PageRequest(with_query(document.url, query), number=page + 1, rule="cms:hanweb-group"))
    return _by_record(document, shown, store.total)


def _next_group(
    document: Document, href: str, shown: int, total: int | None, answered: tuple[str, int] | None
) -> Turn | None:
    url = join(document.base_url, href)
    if url is None:
        return None
    query = query_of(url)
    asked = number_in(query, ("page",))
    groups_read = answered[1] if answered is not None else 0
    if total is not None and (groups_read or 1) * shown >= total:
        return LAST
    if asked is not None and answered is not None and asked[1] <= answered[1]:
        # The template of the first page repeated in an answer: it always says page=1.
        query = [(key, str(answered[1] + 1) if key == asked[0] else value) for key, value in query]
        url, asked = with_query(url, query), (asked[0], answered[1] + 1)
    return Turn(PageRequest(url, number=asked[1] + 1 if asked is not None else None, rule="cms:hanweb-group"))


def _by_record(document: Document, shown: int, total: int | None) -> Turn | None:
    """Ask for rows by their numbers; the form's fields stand in the address as well, so that an answer shows them."""
    here = {key.lower(): value for key, value in query_of(document.url)} if "dataproxy.jsp" in document.url else {}
    start, end = number(here.get("startrecord")), number(here.get("endrecord"))
    if start is not None and end is not None:
        step = max(1, end - start + 1)
        per_page = number(here.get("perpage")) or step
        form = tuple((key, value) for key, value in query_of(document.url) if key.lower() not in _RECORD_KEYS)
        address = document.url
    else:
        found = _proxy(document)
        if found is None:
            return None
        address, form = found
        per_page_found = _PER_PAGE.search(document.text)
        per_page = (int(per_page_found[1]) if per_page_found else shown) or _UNIT_SIZE
        end, step = shown, max(shown, per_page)
        total_found = _TOTAL_RECORD.search(document.text)
        total = total if total is not None else (int(total_found[1]) if total_found else None)
    if (not shown and here) or (total is not None and end >= total):
        return LAST
    records = [("startrecord", str(end + 1)), ("endrecord", str(end + step)), ("perpage", str(per_page))]
    url = with_query(address, [*records, *form])
    return Turn(PageRequest(url, "POST", form, number=end // per_page + 1, rule="cms:hanweb-records"))


def _proxy(document: Document) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    found = _PROXY.search(document.text)
    address = join(document.base_url, found[1]) if found else None
    if found is None or address is None:
        return None
    if found[2]:
        given = [
            (key, value) for key, value in query_of("http://x/?" + html.unescape(found[2])) if key.lower() != "page"
        ]
        return address, tuple(pair for pair in given if pair[0].lower() not in _RECORD_KEYS)
    fields = []
    for name in _FORM_FIELDS:
        value = re.search(rf"\b{name}\b[\"']?\s{{0,3}}[:=]\s{{0,3}}[\"']?([^\"',&}}\s]{{1,200}})", document.text)
        if value:
            fields.append((name, value[1]))
    return (address, tuple(fields)) if fields else None


def jpaas_page(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """jpaas: a script element's `queryData` holds the parameters of the interface that renders the list."""
    scripts = [element for element in document.root.iter() if isinstance(element.tag, str) and element.get("querydata")]
    if not scripts:
        return None
    units = [(dict(_pairs(element.get("querydata") or "")), element.get("url") or _UNIT_URL) for element in scripts]
    parameters, address = next((unit for unit in units if _LIST_TAG.search(unit[0].get("tagId", ""))), units[0])
    url = join(document.base_url, address)
    if url is None or not parameters:
        return None
    shown = {name.lower(): int(value) for name, value in _ATTRIBUTE.findall(_pager_markup(document))}
    page_size = shown.get("rows") or shown.get("pagesize") or size or _UNIT_SIZE
    total = shown.get("count") or shown.get("total") or shown.get("totalcount")
    page = shown.get("pageno", 1) + 1 if size else 1
    if total is not None and size and (page - 1) * page_size >= total:
        return LAST
    return _jpaas_request(url, list(parameters.items()), page, page_size)


def jpaas_answer(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """jpaas: the answer's own address says which page it is, its HTML how many rows there are."""
    query = query_of(document.url)
    given = dict(_pairs(dict(query).get("paramJson", "")))
    plain = number_in(query, ("pageno",))
    page = number(given.get("pageNo")) or (plain[1] if plain else 1)
    page_size = number(given.get("pageSize")) or number(dict(query).get("pageSize")) or size
    if not size:
        return LAST
    total = total_of(parse_json(document))
    if (total is not None and page * page_size >= total) or (total is None and size < page_size):
        return LAST
    return _jpaas_request(document.url, query, page + 1, page_size)


def _jpaas_request(url: str, query: list[tuple[str, str]], page: int, page_size: int) -> Turn:
    kept = [(key, value) for key, value in query if key.lower() not in ("paramjson", "pageno", "pagesize")]
    parameters = json.dumps({"pageNo": page, "pageSize": page_size}, separators=(",", ":"))
    return Turn(PageRequest(with_query(url, [*kept, ("paramJson", parameters)]), number=page, rule="cms:jpaas"))


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(key, value or digits) for key, value, digits in _PAIR.findall(html.unescape(text[:4_000]))]


def _pager_markup(document: Document) -> str:
    """Return the tag that states the page's number, size and total, wherever the template puts it."""
    for found in re.finditer(r"<\w{1,10}\s[^<>]{0,400}\bpageno\s{0,3}=[^<>]{0,400}>", document.text, re.IGNORECASE):
        return found[0]
    found_count = re.search(
        r"<\w{1,10}\s[^<>]{0,400}\bcount\s{0,3}=\s{0,3}[\"']\d[^<>]{0,400}>", document.text, re.IGNORECASE
    )
    return found_count[0] if found_count else ""


def gkmlpt_page(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """gkmlpt: the column's number is the address's fragment, the site's stands in a script."""
    site = re.search(r"\bSID\s{0,3}[:=]\s{0,3}[\"']?(\d{1,12})", document.text)
    column = re.search(r"#/?(\d{1,9})", document.url) or re.search(
        r"(?:CATEGORY_?ID|CLASSIFY_?ID|cat_?id|current_?category)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,9})",
        document.text,
        re.IGNORECASE,
    )
    if site is None:
        return None
    folder = document.url.partition("/gkmlpt/")[0]
    address = f"{folder}/gkmlpt/api/all/{column[1] if column else 0}?page=1&sid={site[1]}"
    return get(document, address, "cms:gkmlpt", 1)


def ucap_page(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """UCAP: the column's page holds its number in a meta tag; the interface lists it."""
    # A page of another size than the interface's overlaps with its first page: entries met twice do no harm.
    page = 2 if size == _UCAP_SIZE else 1
    address = f"/searchList/{mark['id']}?_isAgg=true&_isJson=true&_pageSize={_UCAP_SIZE}&_template=index&page={page}"
    return get(document, address, "cms:ucap-api", page)


def json_answer(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """Any interface that answers JSON and numbers its pages in the address (UCAP, gkmlpt, WordPress)."""
    if not looks_like_json(document):
        return None
    query = query_of(document.url)
    page = number_in(query, PAGE_KEYS)
    value = parse_json(document)
    if page is None or not size or (rows_of(value) is None and rows_of_html(value) is None):
        return LAST
    key, current = page
    page_size = number_in(query, SIZE_KEYS)
    per_page = page_size[1] if page_size and page_size[1] else None
    total = total_of(value)
    if total is not None and max(1, current) * (per_page or size) >= total:
        return LAST
    if total is None and size < (per_page or 10):
        return LAST
    following = [(name, str(current + 1) if name == key else item) for name, item in query]
    return Turn(PageRequest(with_query(document.url, following), number=current + 1, rule="json:next-page"))
