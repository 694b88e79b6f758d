"""Where a long article that is split over several pages continues."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.extract.document import Document
from crawler.extract.links import absolute
from crawler.extract.outline import Outline
from crawler.items import PageRequest

_NEXT = re.compile(r"[\[【(（]?\s?(?:下一?[页頁]|下\s?[页頁]|后一页)\s?[\]】)）>»›]{0,3}")
_NUMBER = re.compile(r"(?:[_-]\d{1,3})?(?:\.\w{2,6})?$")
# TRS pages name themselves: createPageHTML(3, 0, "t20250626_123", "html").
_TRS = re.compile(
    r"createPageHTML\(\s{0,9}(\d{1,4})\s{0,9},\s{0,9}(\d{1,4})\s{0,9},\s{0,9}[\"']([\w-]{1,80})[\"']\s{0,9},\s{0,9}[\"'](\w{2,6})[\"']"
)


def find_continuation(page: Outline, document: Document) -> PageRequest | None:
    """The next page of the same article; None on its last page and for whole articles."""
    return _from_script(document) or _from_link(page, document)


def _from_script(document: Document) -> PageRequest | None:
    if "createPageHTML" not in document.text:
        return None
    for match in _TRS.finditer(document.text):
        count, current, name, extension = int(match[1]), int(match[2]), match[3], match[4]
        if name in ("index", "list") or current + 1 >= count:
            continue
        url = absolute(f"{name}_{current + 1}.{extension}", document.url)
        if url:
            return PageRequest(url, number=current + 2, rule="trs:createPageHTML")
    return None


def _from_link(page: Outline, document: Document) -> PageRequest | None:
    own = None
    for at, text in page.texts:
        if len(text) > 10 or not ("页" in text or "頁" in text) or _NEXT.fullmatch(text) is None:
            continue
        while at >= 0 and page.tags[at] != "a":
            at = page.parent[at]
        url = absolute(page.elements[at].get("href"), document.base_url) if at >= 0 else None
        own = own or _stem(document.url)
        if url and url.partition("#")[0] != document.url.partition("#")[0] and _stem(url) == own:
            return PageRequest(url, rule="link:next-page")
    return None


def _stem(url: str) -> tuple[str, str]:
    """What the pages of one article have in common: host and path without page number and extension."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url
    return parts.netloc.lower(), _NUMBER.sub("", parts.path)
