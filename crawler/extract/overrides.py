"""A source's own selectors: what they find replaces what the rules found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import lxml.etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.extract.body import BodyReader, squeeze
from crawler.extract.dates import SHANGHAI, parse_date
from crawler.extract.document import Document
from crawler.extract.lines import trim
from crawler.extract.outline import outline
from crawler.items import Article, Evidence, FieldRule, Selectors

_TEXT_FIELDS = ("title", "author", "origin", "column_name", "summary")


def selectors_for(document: Document, rows: Sequence[Selectors]) -> Selectors | None:
    """The first selectors that are valid on the day of the fetch; without a fetch time, the first that are open."""
    day = document.fetched_at.astimezone(SHANGHAI).date() if document.fetched_at else None
    for row in rows:
        if day is None:
            if row.since is None and row.until is None:
                return row
        elif (row.since is None or row.since <= day) and (row.until is None or day <= row.until):
            return row
    return None


def apply_overrides(document: Document, article: Article | None, selectors: Selectors | None) -> Article | None:
    """The article with the fields that selectors name; a rule that matches nothing leaves the field alone."""
    if selectors is None or not selectors.fields:
        return article
    if article is None:
        article = Article(url=document.url, title="", body="")
    changes: dict[str, Any] = {}
    provenance = dict(article.provenance)
    for name, rule in selectors.fields.items():
        found = _found(document, name, rule)
        if found:
            changes.update(found)
            provenance[name] = Evidence(_rule_name(rule))
    article = replace(article, **changes, provenance=provenance)
    return article if article.title or article.body else None


def _rule_name(rule: FieldRule) -> str:
    if rule.css is not None:
        return f"css:{rule.css}"
    return f"xpath:{rule.xpath}" if rule.xpath is not None else "value"


def _found(document: Document, name: str, rule: FieldRule) -> dict[str, Any] | None:
    if name == "body":
        body = _body(document, rule)
        return {"body": body, "content": "text"} if body else None
    text = _text(document, rule)
    if not text:
        return None
    if name == "published":
        moment = parse_date(text, fetched_at=document.fetched_at)
        return {"published_on": moment.day, "published_at": moment.at} if moment else None
    return {name: text} if name in _TEXT_FIELDS else None


def _text(document: Document, rule: FieldRule) -> str:
    for found in _matches(document, rule):
        text = squeeze(found if isinstance(found, str) else "".join(found.itertext("*")))
        if text:
            return text
    return squeeze(rule.value or "")


def _body(document: Document, rule: FieldRule) -> str:
    matches = _matches(document, rule)
    elements = [found for found in matches if not isinstance(found, str)]
    if not elements:
        return "\n".join(filter(None, map(squeeze, map(str, matches)))) or (rule.value or "")
    page = outline(document.root, hidden=True)
    lines = []
    for element in elements:
        number = page.number.get(element)
        if number is not None:
            lines.extend(trim(BodyReader(page).read(number), None))
    return "\n".join(line.text for line in lines)


def _matches(document: Document, rule: FieldRule) -> list[HtmlElement | str]:
    expression = rule.css if rule.css is not None else rule.xpath
    if expression is None:
        return []
    try:
        found = _compiled(expression, rule.css is not None)(document.root)
    except (lxml.etree.XPathError, ValueError):
        return []
    if not isinstance(found, list):
        return [str(found)]
    return [one if isinstance(one, HtmlElement) else str(one) for one in found]


@lru_cache(maxsize=512)
def _compiled(expression: str, css: bool) -> Callable[[HtmlElement], Any]:
    try:
        return CSSSelector(expression, translator="html") if css else lxml.etree.XPath(expression)
    except (lxml.etree.XPathError, ValueError, SyntaxError):
        return lambda _root: []
