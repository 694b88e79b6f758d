"""The terms in which a family's way of turning pages is written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from crawler.extract.document import Document
from crawler.extract.urls import join
from crawler.items import PageRequest

Stage = Literal["answer", "script", "last-resort"]
PAGE_KEYS = (
    "page",
    "pageno",
    "pagenum",
    "pageindex",
    "currpage",
    "currentpage",
    "curpage",
    "pn",
    "paged",
    "pagenumber",
    "page_no",
    "nowpage",
    "p",
)
"""Query parameters that number pages, folded to lower case."""
SIZE_KEYS = ("_pagesize", "pagesize", "per_page", "perpage", "size", "limit", "rows")


@dataclass(slots=True, frozen=True)
class Turn:
    """The answer of a family that knows the page: the request for the next one, or that this is the last, and why.

    An answer that is not `certain` (a link whose script nobody knows) stands only if no other rule knows more.
    """

    request: PageRequest | None
    note: str | None = None
    certain: bool = True


LAST = Turn(None, "last page")
Builder = Callable[[Document, int, re.Match[str]], Turn | None]


@dataclass(slots=True, frozen=True)
class PagerFamily:
    """A way of turning pages: the mark that betrays it in the text or the address, and what builds the request.

    `rowless` marks families whose page may come without any row, all of them left to the interface.
    A builder gets the document, the number of entries read from it and the mark's match; it returns None
    where the page turns out to be built otherwise. `answer` families read answers of interfaces and go first, `script`
    families come after a rendered link, `last-resort` families after numbered links.
    """

    name: str
    stage: Stage
    where: Literal["text", "url"]
    mark: re.Pattern[str]
    build: Builder
    seen: str
    rowless: bool = False


def get(document: Document, href: str, rule: str, number: int | None = None) -> Turn | None:
    """Return the turn to a plain address; None where it is none."""
    url = join(document.base_url, href)
    return Turn(PageRequest(url, number=number, rule=rule)) if url else None


def query_of(url: str) -> list[tuple[str, str]]:
    """Return the parameters of an address in order; nothing where it cannot be read."""
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def with_query(url: str, query: list[tuple[str, str]]) -> str:
    """Return an address with other parameters and without a fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query, quote_via=quote, safe="/:"), ""))


def number(text: str | None) -> int | None:
    """Return the number a text is; None where it is none, or one that no pager holds."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def number_in(query: list[tuple[str, str]], keys: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the first parameter of the given names that is a number."""
    for wanted in keys:
        for key, value in query:
            if key.lower() == wanted and value.isdecimal() and len(value) < 8:
                return key, int(value)
    return None
