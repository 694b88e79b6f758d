"""What the head of a page declares: the standard tags of 国办发〔2017〕47号, Open Graph and older habits.

Names are met in any case, tags twice, values empty, `null` or as placeholders a template forgot to fill: a value that
says nothing is as good as absent.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_EMPTY = frozenset({"", "null", "undefined", "none", "nan", "无", "-", "暂无", "/"})
_PLACEHOLDER = re.compile(r"\{\{?[^{}]{0,80}\}|<%|%>|\$\{|\[field:|\{\$|@\w{1,20}@|^\$\w")
_LONGEST_VALUE = 4000
_LONGEST_TITLE = 500
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(slots=True, frozen=True)
class Meta:
    """The declared values of a page by lower-case name, the first one that says something."""

    values: dict[str, str] = field(default_factory=dict)
    canonical: str | None = None
    page_title: str = ""

    def first(self, *names: str) -> tuple[str, str] | None:
        """The first of the names that has a value, as (name, value)."""
        for name in names:
            value = self.values.get(name.lower())
            if value:
                return name, value
        return None


def read_meta(root: HtmlElement) -> Meta:
    """Collect the declared values of a page."""
    values: dict[str, str] = {}
    canonical: str | None = None
    title = ""
    for element in root.iter("meta", "link", "title"):
        if element.tag == "meta":
            _declare(element, values)
        elif element.tag == "link":
            if canonical is None and (element.get("rel") or "").lower() == "canonical":
                canonical = (element.get("href") or "").strip() or None
        elif not title:
            title = " ".join("".join(element.itertext()).split())[:_LONGEST_TITLE]
    return Meta(values, canonical, title)


def _declare(element: HtmlElement, values: dict[str, str]) -> None:
    name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
    content = element.get("content")
    if name and content and name not in values and len(content) <= _LONGEST_VALUE:
        value = clean_value(content)
        if value:
            values[name] = value


def clean_value(content: str) -> str:
    """A declared value without markup and white space; empty where it says nothing."""
    text = " ".join(content.split())
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = " ".join(_MARKUP.sub("", text).split())
    if text.lower() in _EMPTY or _PLACEHOLDER.search(text):
        return ""
    return text
