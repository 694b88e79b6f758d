"""Families whose next page follows from the address and the number of pages, where no link says it."""

from __future__ import annotations

import re

from crawler.extract.cms.pager import LAST, PAGE_KEYS, Builder, Turn, get, number_in, query_of, with_query
from crawler.extract.document import Document
from crawler.items import PageRequest

_PAGES = (
    re.compile(r"_simple_list_gotopage_fun\(\s{0,3}(\d{1,6})"),
    re.compile(r"all_pages[\"'][^<>]{0,60}>\s{0,5}(\d{1,6})"),
    re.compile(r"共\s{0,3}(?:<[^<>]{0,100}>\s{0,3}){0,3}(\d{1,6})\s{0,3}(?:</[^<>]{1,20}>\s{0,3}){0,3}页"),
    re.compile(r"\b\d{1,6}\s{0,3}/\s{0,3}(\d{1,6})\s{0,3}页"),
    re.compile(r"[?&]totalpage=(\d{1,6})", re.IGNORECASE),
)
"""How pages say how many there are, the surest first."""


def pages_of(document: Document) -> int | None:
    """Return how many pages the pager says there are."""
    found = next((match for pattern in _PAGES if (match := pattern.search(document.text))), None)
    return int(found[1]) if found else None


_VSB = re.compile(r"_simple_list_gotopage_fun|vsb_|_vsb|p_next|wbtreeid|/system/resource/|pb_sys_", re.IGNORECASE)
_WEB_PLUS = re.compile(r"wp_paging|all_pages|curr_page|wp_listcolumn|_wp3services|webplus", re.IGNORECASE)


def vsb(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """博达 VSB counts down: after `x/tzgg.htm` comes `tzgg/{T-1}.htm`, the last is `tzgg/1.htm`."""
    if not _VSB.search(document.text):
        return None
    number = mark["number"]
    if number is not None:
        return LAST if int(number) <= 1 else get(document, f"{int(number) - 1}.htm", "cms:vsb")
    pages = pages_of(document)
    if pages is None:
        return None
    return LAST if pages <= 1 else get(document, f"{mark['name']}/{pages - 1}.htm", "cms:vsb", 2)


def web_plus(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """WebPlus: `list.htm`, then `list2.htm`."""
    if not _WEB_PLUS.search(document.text):
        return None
    return _count_up(document, int(mark["number"] or 1), "list{}.htm", "cms:webplus")


def numbered_file(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """Page k is `name_k.ext` beside `name.ext` (DedeCMS, SiteServer, `list.shtml` families)."""
    return _count_up(document, int(mark["number"] or 1), f"{mark['name']}_{{}}.{mark['ext']}", "cms:numbered-file")


def numbered_query(key: str, *, first: int = 1) -> Builder:
    """Return the builder of a family whose address numbers its pages in a parameter, from `first` on."""

    def build(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
        query = query_of(document.url)
        given = number_in(query, PAGE_KEYS)
        name, current = given if given is not None else (key, first)
        pages = pages_of(document)
        if pages is None:
            return None
        if current - first + 1 >= pages:
            return LAST
        following = [*((name_, value) for name_, value in query if name_ != name), (name, str(current + 1))]
        url = with_query(document.url, following)
        return Turn(PageRequest(url, number=current - first + 2, rule="cms:numbered-query"))

    return build


def _count_up(document: Document, current: int, name: str, rule: str) -> Turn | None:
    pages = pages_of(document)
    if pages is None:
        return None
    return LAST if current >= pages else get(document, name.format(current + 1), rule, current + 1)
