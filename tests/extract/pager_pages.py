"""Pages and answers written for the tests of pagers, and what is asked for after them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from crawler.extract.document import Document, open_document
from crawler.extract.pagination import next_page
from crawler.items import PageRequest

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
