"""The links of a page whose texts could be titles, and their places in its structure."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice, zip_longest

from lxml.html import HtmlElement

from crawler.extract.document import Document
from crawler.extract.navigation import UNREAD_TAGS, Zone, is_frame_label, zone_of
from crawler.extract.urls import join

_STATE = re.compile(
    r"\d+|(?<![a-z])(?:odd|even|first|last|active|on|cur|current|hover|selected|top|hot|new|no)(?![a-z])|(?:category|tag|author)-[\w%-]{1,60}",
    re.IGNORECASE,
)
ROW_TAGS = frozenset({"a", "li", "tr", "td", "dt", "dd", "article"})
"""Elements whose class names tell one row of a list from another (a topic, a state), not one list from another."""
_BRACKETED = re.compile(r"[\[【(（<〖][^\]】)）>〗]{1,12}[\]】)）>〗]")
_TITLE_CHARACTER = re.compile(r"[\u3400-\u9fffA-Za-z]")
_BARE_DATE = re.compile(r"[\d\s年月日时分秒:：./-]{4,30}")
_ONCLICK_URL = re.compile(
    r"""["']((?:https?:/)?/?[^"'\s()]{1,300}\.(?:s?html?|jsp|aspx?|php|pdf|do)(?:\?[^"'\s]{0,200})?)["']"""
)
_LONGEST_TITLE = 2_000
_LONGEST_TOPIC = 8
_MOST_LINKS = 6_000
_DEEPEST = 60


@dataclass(slots=True)
class TitledLink:
    """A link whose text could be an entry's title; `path` stands for its place in the page's structure."""

    element: HtmlElement
    href: str
    url: str
    label: str
    path: int
    zone: Zone = ""


def squeeze(text: str) -> str:
    """Return a text with every run of blanks, of whatever width, as one space."""
    return " ".join(text.replace("\u200b", " ").split())


def text_of(element: HtmlElement, most: int = 200) -> str:
    """Return an element's text as it stands, of its first `most` pieces: boxes around everything are not read whole."""
    return "".join(islice(element.itertext(), most))


def titled_links(document: Document) -> list[TitledLink]:
    """Collect the links that could be entries: with an address and a text that no menu or button prints."""
    paths = _Paths()
    found: list[TitledLink] = []
    base = document.base_url
    here = document.url.partition("#")[0]
    recent: deque[tuple[str, HtmlElement]] = deque(maxlen=8)
    for element in document.root.iter("a"):
        if len(found) >= _MOST_LINKS:
            break
        href = _href(element)
        if href is None:
            continue
        label = squeeze(text_of(element)[:_LONGEST_TITLE]) or _label_of_image(element)
        if not _could_be_title(label) or any(href == other and _are_close(element, first) for other, first in recent):
            continue  # a second link to the same page is its picture, summary or 详细
        url = join(base, href)
        if url is None or url.partition("#")[0] == here:
            continue
        link = TitledLink(element, href, url, label, paths.key(element))
        recent.append((href, element))
        found.append(link)
    return paths.with_zones(found)


def without_topics(links: list[TitledLink]) -> list[TitledLink]:
    """Leave out links that name an entry's topic or office beside its title: short, often repeated, in brackets."""
    repeated = Counter(link.href for link in links if len(link.label) <= _LONGEST_TOPIC)
    kept: list[TitledLink] = []
    for link, following in zip_longest(links, links[1:]):
        if len(link.label) <= _LONGEST_TOPIC and (
            repeated[link.href] >= 3
            or _is_bracketed_outside(link.element)
            or (following and _is_topic_of(link, following))
        ):
            continue
        kept.append(link)
    return kept


def _is_bracketed_outside(element: HtmlElement) -> bool:
    before = element.getprevious()
    parent = element.getparent()
    text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return text.rstrip()[-1:] in ("[", "【", "〔") and (element.tail or "").lstrip()[:1] in ("]", "】", "〕")


def _is_topic_of(link: TitledLink, following: TitledLink) -> bool:
    if len(following.label) < 2 * len(link.label) or link.path != following.path:
        return False
    row = next((step for step in islice(link.element.iterancestors(), 4) if step.tag in ("li", "p", "dd", "td")), None)
    return row is not None and row in following.element.iterancestors()


def _are_close(one: HtmlElement, other: HtmlElement) -> bool:
    """Tell whether two links stand in one row: near each other, and in the same item of a list or table."""
    near = set(islice(one.iterancestors(), 3))
    if not any(ancestor in near for ancestor in islice(other.iterancestors(), 3)):
        return False
    items = [next(islice(link.iterancestors("li", "tr", "article"), 1), None) for link in (one, other)]
    return items[0] is items[1]


def is_address(href: str | None) -> bool:
    """Tell whether a link leads to a page, and not to a place on its own page or to a script."""
    text = (href or "").strip()
    return bool(text) and text[0] != "#" and not text[:11].lower().startswith(("javascript:", "mailto:", "tel:"))


def _href(element: HtmlElement) -> str | None:
    href = (element.get("href") or "").strip()
    if is_address(href):
        return href
    onclick = element.get("onclick") or (href if href[:11].lower() == "javascript:" else "")
    match = _ONCLICK_URL.search(onclick[:600]) if onclick else None
    return match.group(1) if match else None


def _label_of_image(element: HtmlElement) -> str:
    title = element.get("title")
    if title:
        return squeeze(title[:_LONGEST_TITLE])
    return next((squeeze(alt) for image in element.iter("img") if (alt := image.get("alt"))), "")


def _could_be_title(label: str) -> bool:
    if len(label) < 4 or not _TITLE_CHARACTER.search(label):
        return False
    if _BRACKETED.fullmatch(label) or _BARE_DATE.fullmatch(label):
        return False
    return len(label) > 12 or not is_frame_label(label)


class _Paths:
    """Numbers for places in the structure: equal for elements whose ancestors have equal tags and names."""

    def __init__(self) -> None:
        self._keys: dict[HtmlElement, int] = {}
        self._numbers: dict[tuple[int, str], int] = {}
        self._boxes: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
        self._zones: dict[HtmlElement, Zone] = {}

    def key(self, element: HtmlElement) -> int:
        chain: list[HtmlElement] = []
        step: HtmlElement | None = element
        while step is not None and step not in self._keys:
            chain.append(step)
            step = step.getparent()
        key = self._keys[step] if step is not None else 0
        boxes = self._boxes[step] if step is not None else ()
        for ancestor in reversed(chain):
            tag = ancestor.tag if isinstance(ancestor.tag, str) else "?"
            names = ancestor.get("class") or "", ancestor.get("id") or ""
            key = self._numbers.setdefault((key, _signature(tag, *names)), len(self._numbers) + 1)
            zone: Zone = ""
            if tag not in ROW_TAGS and len(boxes) < _DEEPEST:
                zone = zone_of(tag, *names, ancestor.get("style"))
            if (
                zone
                and tag in ("header", "footer")
                and next(ancestor.iterancestors("article", "main", "li"), None) is not None
            ):
                zone = ""  # the head of one entry, not of the page
            if zone or tag in UNREAD_TAGS:
                boxes = (*boxes, ancestor)
                self._zones[ancestor] = zone or "frame"
            self._keys[ancestor] = key
            self._boxes[ancestor] = boxes
        return key

    def with_zones(self, links: list[TitledLink]) -> list[TitledLink]:
        """Mark each link with its zone; a box that holds most links is the page itself, whatever its name says."""
        held = Counter(box for link in links for box in self._boxes[link.element])
        limit = len(links) * 0.6
        for link in links:
            zones = {self._zones[box] for box in self._boxes[link.element] if held[box] <= limit}
            link.zone = "frame" if "frame" in zones else "side" if "side" in zones else ""
        return links


def _signature(tag: str, class_name: str, identifier: str) -> str:
    if tag in ROW_TAGS or not (class_name or identifier):
        return tag
    return f"{tag}.{_STATE.sub('', class_name[:80]).strip()}#{_STATE.sub('', identifier[:60])}"
