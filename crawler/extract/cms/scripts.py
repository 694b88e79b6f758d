"""Families whose pager is a script that a browser runs: the script's arguments say everything."""

from __future__ import annotations

import re

from crawler.extract.cms.pager import LAST, Turn, get
from crawler.extract.document import Document

_VARIABLE = r"\bvar\s{1,5}%s\s{0,5}=\s{0,5}[\"']?(\d{1,7})"


def trs(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """TRS WCM: `createPageHTML(pages, current from 0, "index", "html")`; page k is `index_{k-1}.html`."""
    pages, current = _number(document, mark["pages"]), _number(document, mark["current"])
    if pages is None or current is None:
        return None
    if current + 1 >= pages:
        return LAST
    return get(document, f"{mark['name']}_{current + 1}.{mark['ext']}", "cms:trs", current + 2)


def trs_variables(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """Older TRS templates write the links themselves from `currentPage` (from 0) and `countPage`."""
    current, pages = int(mark["current"]), int(mark["pages"])
    if current + 1 >= pages:
        return LAST
    name = re.search(r"[\"'](index|default|list)_[\"']", document.text[:600_000])
    ext = re.search(r"[\"']\.?(s?html?)[\"'>\\ ]", document.text[mark.start() : mark.start() + 3_000])
    return get(
        document, f"{name[1] if name else 'index'}_{current + 1}.{ext[1] if ext else 'html'}", "cms:trs", current + 2
    )


def ucap(document: Document, size: int, mark: re.Match[str]) -> Turn | None:
    """UCAP: `createPageHTML('page_div', pages, current from 1, 'xlist', 'shtml')`; page k is `xlist_{k}.shtml`."""
    pages, current = _number(document, mark["pages"]), _number(document, mark["current"])
    if pages is None or current is None:
        return None
    if current >= pages:
        return LAST
    return get(document, f"{mark['name']}_{current + 1}.{mark['ext']}", "cms:ucap", current + 1)


def _number(document: Document, argument: str) -> int | None:
    """Return a number, or what the page's script says the variable of that name is."""
    if argument.isdecimal():
        return int(argument)
    found = re.search(_VARIABLE % re.escape(argument), document.text)
    return int(found[1]) if found else None
