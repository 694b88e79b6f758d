"""ASP.NET: the next page is asked for by posting the page's own form with the pager's name and the number."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.cms.pager import Turn
from crawler.extract.document import Document
from crawler.extract.urls import join
from crawler.items import PageRequest

POST_BACK = re.compile(
    r"""__doPostBack\(\s{0,5}(?:&#39;|\\?['"])([\w$:.-]{1,200})(?:&#39;|\\?['"])\s{0,5},\s{0,5}(?:&#39;|\\?['"])([\w$-]{0,60})"""
)
_BUTTONS = frozenset({"submit", "button", "image", "reset", "file"})
_MOST_FIELDS = 500


def post_back(document: Document, link: HtmlElement, target: str, argument: str) -> Turn | None:
    """Return the post that a `__doPostBack` link makes; None where the link stands in no form of the kind."""
    form = next((step for step in link.iterancestors("form")), None)
    if form is None:
        form = next((step for step in document.root.iter("form") if step.xpath(".//input[@name='__VIEWSTATE']")), None)
    if form is None:
        return None
    url = join(document.base_url, form.get("action") or "") or document.url
    asked = {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}
    fields = [(name, value) for name, value in _fields(form) if name not in asked]
    number = int(argument) if argument.isdecimal() and len(argument) < 8 else None
    return Turn(PageRequest(url, "POST", (*asked.items(), *fields), number=number, rule="cms:aspnet"))


def _fields(form: HtmlElement) -> list[tuple[str, str]]:
    """Return what a browser would send of a form without pressing a button."""
    fields: list[tuple[str, str]] = []
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name")
        if not name or element.get("disabled") is not None or len(fields) >= _MOST_FIELDS:
            continue
        if element.tag == "select":
            options = list(element.iter("option"))
            chosen = next(
                (option for option in options if option.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                fields.append((name, chosen.get("value") or (chosen.text or "").strip()))
        elif element.tag == "textarea":
            fields.append((name, element.text or ""))
        else:
            kind = (element.get("type") or "text").lower()
            if kind in _BUTTONS or (kind in ("checkbox", "radio") and element.get("checked") is None):
                continue
            fields.append((name, element.get("value") or ""))
    return fields
