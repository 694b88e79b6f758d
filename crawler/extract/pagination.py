"""The way to a listing's next page: a rendered link first, then what the family's script says, then numbered links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement
from parsel import Selector

from crawler.extract.cms.families import FAMILIES
from crawler.extract.cms.forms import POST_BACK, post_back
from crawler.extract.cms.pager import PAGE_KEYS, Stage, Turn, number_in, query_of
from crawler.extract.document import Document
from crawler.extract.json_listing import looks_like_json
from crawler.extract.navigation import UNREAD_TAGS, fold_label, words
from crawler.extract.selected import select
from crawler.extract.titled_links import text_of
from crawler.extract.urls import canonical_url, join
from crawler.items import Evidence, PageRequest, Selectors

_CLASS_NEXT = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-]|page)", re.IGNORECASE)
_DISABLED = re.compile(r"(?:^|[\s_-])(?:disabled?|unclick|no-?next|nolink)(?:$|[\s_-])", re.IGNORECASE)
_ARROWS = frozenset({">", "»", "›", "＞", "→", ">>"})
_SCRIPT_URL = re.compile(
    r"""["']((?:https?:/)?[^"'\s()<>]{0,300}(?:\.(?:s?html?|jhtml|jsp|aspx?|php|do|action)(?:\?[^"'\s<>]{0,300})?|[?&]\w{1,30}=\d{1,6}[^"'\s<>]{0,200}))["']"""
)
_NUMBER_ARGUMENT = re.compile(r"\(\s{0,5}[\"']?(\d{1,6})[\"']?\s{0,5},")
_MOST_LINKS = 20_000
_PAGE_TAIL = re.compile(r"(?:[_-]|/page/|/list|/p|index)(\d{1,5})(?:\.\w{2,6}|/)?$")
_PAGER_BOX = re.compile(r"page|pagin|fenye|fanye|\bpg\b|showpage", re.IGNORECASE)
_ACTIVE = re.compile(
    r"(?:^|[\s_-])(?:active|cur|curr|current|on|now|this|thisclass|selected|pageon|focus|hover|checked|p_no_d)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class _Label:
    """One link, button or label of a pager."""

    element: HtmlElement
    text: str


def next_page(document: Document, listing_size: int) -> PageRequest | None:
    """Return how to ask for the page after this one; None on the last page, or where nothing says how.

    `listing_size` is the number of entries read from the page: some interfaces stop by it.
    """
    return find_next_page(document, listing_size)[0]


def find_next_page(
    document: Document, listing_size: int, *, selectors: Selectors | None = None
) -> tuple[PageRequest | None, Evidence]:
    """Like `next_page`, with the rule that decided and, where there is no next page, the reason. Raises nothing."""
    uncertain: Evidence | None = None
    for turn, rule in _turns(document, listing_size, selectors):
        if turn is None:
            continue
        if not turn.certain:
            uncertain = uncertain or Evidence(rule, 0.5, turn.note)
            continue
        if turn.request is None:
            return None, Evidence(rule, 1.0, turn.note)
        if turn.request.method == "GET" and _is_same_page(turn.request.url, document.url):
            return None, Evidence(rule, 1.0, f"the next page is the page itself: {turn.request.url[:300]}")
        return turn.request, Evidence(turn.request.rule or rule)
    return None, uncertain or Evidence("no-pager", 0.5, "nothing on the page leads to another one")


def first_answer(document: Document) -> Turn | None:
    """Return the request for the rows of a page that comes without any and leaves all to an interface."""
    for family in FAMILIES:
        if family.rowless and (match := family.mark.search(document.text if family.where == "text" else document.url)):
            turn = family.build(document, 0, match)
            if turn is not None and turn.request is not None:
                return turn
    return None


def _turns(document: Document, size: int, selectors: Selectors | None) -> Iterator[tuple[Turn | None, str]]:
    if selectors is not None and selectors.next_page is not None and not looks_like_json(document):
        yield _selected(document, selectors), "selector"
    yield from _families(document, size, "answer")
    if looks_like_json(document):
        return
    labels = list(_labels(document))
    rendered = _rendered(document, labels)
    if rendered is not None and rendered.request is not None:
        yield rendered, "link:next"
    yield from _families(document, size, "script")
    yield rendered, "link:next"
    yield _numbered(document, labels), "link:number"
    yield from _families(document, size, "last-resort")


def _families(document: Document, size: int, stage: Stage) -> Iterator[tuple[Turn | None, str]]:
    for family in FAMILIES:
        if family.stage != stage:
            continue
        match = family.mark.search(document.text if family.where == "text" else document.url)
        if match is not None:
            yield family.build(document, size, match), f"cms:{family.name}"


def _selected(document: Document, selectors: Selectors) -> Turn | None:
    if selectors.next_page is None:
        return None
    for match in select(Selector(root=document.root), selectors.next_page)[:1]:
        href = match.root if isinstance(match.root, str) else match.attrib.get("href")
        url = join(document.base_url, href) if href else None
        if url:
            return Turn(PageRequest(url, rule="selector"))
    return None


def _is_same_page(url: str, here: str) -> bool:
    return canonical_url(url) == canonical_url(here)


def _labels(document: Document) -> Iterator[_Label]:
    """Yield what could be a pager's part: links, and short texts of other elements."""
    for count, element in enumerate(
        document.root.iter("a", "span", "li", "input", "button", "em", "strong", "b", "div", "link", "td")
    ):
        if count > _MOST_LINKS:
            return
        if element.tag == "input":
            text = element.get("value") or ""
        elif element.tag in ("a", "button"):
            text = text_of(element, 12)[:60]
        elif element.tag == "link":
            text = element.get("rel") or ""
        else:
            text = element.text or "" if len(element) == 0 else ""
        text = text.strip()
        if len(text) <= 24:
            yield _Label(element, text)


def _rendered(document: Document, labels: list[_Label]) -> Turn | None:
    """Read the link that says 下一页; a 下一页 that is no link says that this is the last page."""
    last: Turn | None = None
    for label in labels:
        if not _says_next(label):
            continue
        turn = _follow(document, label.element)
        if turn is not None and turn.request is not None:
            return turn
        last = last or turn
    return last


def _says_next(label: _Label) -> bool:
    element = label.element
    if element.tag == "link":
        return label.text.lower() == "next"
    if label.text and fold_label(label.text) in words("next"):
        return element.tag != "input" or (element.get("type") or "").lower() in ("button", "submit", "image")
    if element.tag != "a":
        return False
    if fold_label(element.get("title") or "") in words("next") or (element.get("rel") or "").lower() == "next":
        return True
    arrow = not label.text or label.text in _ARROWS
    return arrow and _CLASS_NEXT.search(element.get("class") or "") is not None


def _follow(document: Document, element: HtmlElement) -> Turn | None:
    """Return where a 下一页 leads, by its own address, the link around or inside it, or its script."""
    link = element
    if element.tag not in ("a", "link"):
        around = next((step for step in element.iterancestors("a")), None)
        link = around if around is not None else element
    if _DISABLED.search(link.get("class") or "") or link.get("disabled") is not None:
        return Turn(None, "last page: the link to the next page is disabled")
    href = (link.get("href") or link.get("data-href") or link.get("data-url") or "").strip()
    script = " ".join(
        filter(None, (href if href[:11].lower() == "javascript:" else "", link.get("onclick"), link.get("tagname")))
    )
    posted = POST_BACK.search(script[:2_000]) if script else None
    if posted:
        return post_back(document, link, posted[1], posted[2])
    if href and href[0] != "#" and href[:11].lower() != "javascript:":
        url = join(document.base_url, href)
        if url:
            return Turn(PageRequest(url, number=_number_of(url), rule="link:next"))
    found = _SCRIPT_URL.search(script[:2_000]) if script else None
    if found and _is_whole_address(script, found[1]):
        url = join(document.base_url, found[1])
        if url:
            return Turn(PageRequest(url, number=_number_of(url), rule="link:script"))
    if href[:1] == "#" and len(href) > 1:
        return Turn(None, f"the next page is the page itself: {href[:100]}")
    if script:
        return Turn(None, f"the pager is a script that is not known: {script[:120]}", certain=False)
    return Turn(None, "last page: the next page is no link")


def _is_whole_address(script: str, address: str) -> bool:
    """Tell whether a script's address is the page's: not where the number is an argument that its function adds."""
    argument = _NUMBER_ARGUMENT.search(script[:2_000])
    return argument is None or re.search(rf"(?<!\d){argument[1]}(?!\d)", address) is not None


def _number_of(url: str) -> int | None:
    found = number_in(query_of(url), PAGE_KEYS)
    return found[1] if found else None


def _numbered(document: Document, labels: list[_Label]) -> Turn | None:
    """Follow the link whose text is the number after this page's, in a box that is a pager's."""
    numbered = [label for label in labels if label.text.strip("[]【】()第页 ").isdecimal() and len(label.text) <= 8]
    links = [label for label in numbered if label.element.tag == "a" and _number(label) and _is_in_pager(label.element)]
    if not links:
        return None
    current = _current(document, [label for label in numbered if _is_in_pager(label.element)], links)
    for label in links:
        if _number(label) == current + 1:
            turn = _follow(document, label.element)
            if turn is not None and turn.request is not None:
                return Turn(
                    PageRequest(turn.request.url, turn.request.method, turn.request.form, current + 1, "link:number")
                )
    return (
        Turn(None, "last page: no link to a higher number")
        if all(_number(label) <= current for label in links)
        else None
    )


def _number(label: _Label) -> int:
    return int(label.text.strip("[]【】()第页 "))


def _is_in_pager(element: HtmlElement) -> bool:
    for depth, step in enumerate(element.iterancestors()):
        if depth >= 4 or step.tag in UNREAD_TAGS:
            return False
        if _PAGER_BOX.search(f"{step.get('class') or ''} {step.get('id') or ''}"):
            return True
    return False


def _current(document: Document, numbered: list[_Label], links: list[_Label]) -> int:
    """Return this page's number: the one marked or not linked, else the address's, else 1."""
    linked = {id(label.element) for label in links if (label.element.get("href") or "")[:1] not in ("", "#")}
    for label in numbered:
        if _ACTIVE.search(label.element.get("class") or "") or label.element.get("aria-current"):
            return _number(label)
    for label in numbered:
        if (
            id(label.element) not in linked
            and label.element.tag in ("span", "strong", "b", "em", "a")
            and next(label.element.iterancestors("a"), None) is None
        ):
            return _number(label)
    found = number_in(query_of(document.url), PAGE_KEYS)
    return found[1] if found else 1
