"""A listing read with the selectors of its source."""

from __future__ import annotations

from parsel import Selector, SelectorList

from crawler.extract.clean import clean_text
from crawler.extract.dates import Moment, date_from_url, parse_date
from crawler.extract.document import Document
from crawler.extract.titled_links import squeeze
from crawler.extract.urls import join, same_site
from crawler.items import Entry, Evidence, FieldRule, Listing, Selectors


def read_selected(document: Document, selectors: Selectors) -> Listing | None:
    """Read the rows that a source's selectors name; None where they match nothing or are no selectors."""
    if selectors.entries is None:
        return None
    rows = select(Selector(root=document.root), selectors.entries)
    entries = tuple(entry for row in rows if (entry := _entry(row, selectors, document)) is not None)
    if not entries:
        return None
    return Listing(document.url, entries, provenance={"entries": Evidence(f"selector:{_name(selectors.entries)}")})


def select(scope: Selector, rule: FieldRule) -> SelectorList[Selector]:
    """Return what a rule matches; nothing where the rule is no valid selector."""
    try:
        if rule.css:
            return scope.css(rule.css)
        if rule.xpath:
            return scope.xpath(rule.xpath)
    except (ValueError, SyntaxError):
        pass
    return SelectorList([])


def select_text(scope: Selector, rule: FieldRule | None) -> str | None:
    """Return the text of a rule's first match, or its fixed value."""
    if rule is None:
        return None
    if rule.value is not None:
        return rule.value
    for match in select(scope, rule)[:1]:
        if isinstance(match.root, str):
            return match.root.strip()
        return "\n".join(line for part in match.xpath(".//text()").getall() if (line := squeeze(part)))
    return None


def _entry(row: Selector, selectors: Selectors, document: Document) -> Entry | None:
    rules = selectors.entry_fields
    link = row if getattr(row.root, "tag", None) == "a" else next(iter(row.css("a[href]")), None)
    title = squeeze(select_text(row, rules.get("title")) or "")
    if not title and link is not None:
        title = squeeze(link.attrib.get("title") or "".join(link.xpath(".//text()").getall()))
    body = select_text(row, rules.get("body"))
    href = (
        select_text(row, rules.get("url"))
        if "url" in rules
        else (link.attrib.get("href") if link is not None else None)
    )
    url = join(document.base_url, href) if href else None
    if not title or (url is None and not body):
        return None
    moment = _moment(row, rules.get("published"), url, document)
    summary = select_text(row, rules.get("summary"))
    return Entry(
        clean_text(title).text,
        url,
        published_on=moment.day if moment else None,
        published_at=moment.at if moment else None,
        summary=clean_text(summary).text if summary else None,
        body=clean_text(body).text if body else None,
        external=url is not None and not same_site(document.url, url),
        provenance={"title": Evidence("selector"), "url": Evidence("selector")},
    )


def _moment(row: Selector, rule: FieldRule | None, url: str | None, document: Document) -> Moment | None:
    text = (
        select_text(row, rule)
        if rule is not None
        else " ".join(row.xpath(".//text()[not(ancestor::a)]").getall())[:400]
    )
    moment = parse_date(text, fetched_at=document.fetched_at) if text else None
    if moment is None and url and (day := date_from_url(url)):
        moment = Moment(day)
    return moment


def _name(rule: FieldRule) -> str:
    return rule.css or rule.xpath or ""
