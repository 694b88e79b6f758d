"""A document read as a listing: its entries and nothing else, and how the next page is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extract.clean import clean_text
from crawler.extract.dates import Moment, date_from_url
from crawler.extract.document import Document
from crawler.extract.entries import RowText, read_row
from crawler.extract.hanweb import holds_datastore, read_datastore
from crawler.extract.json_listing import looks_like_json, read_json
from crawler.extract.pagination import find_next_page, first_answer
from crawler.extract.portal import read_portal
from crawler.extract.records import looks_like_records, read_records
from crawler.extract.row_dates import RowDate
from crawler.extract.rows import LinkList, Row, is_side_list, link_lists
from crawler.extract.selected import read_selected
from crawler.extract.titled_links import text_of
from crawler.extract.urls import canonical_url, same_site
from crawler.extract.years import settle_years
from crawler.items import Entry, Evidence, Listing, Selectors

_ARTICLE_URL = re.compile(
    r"\d{4,}|[0-9a-f]{16}|[?&]\w{0,20}id=\w|/\d{1,12}\.(?:s?html?|jhtml|aspx?)$|/art/|/s/[\w-]{10}|\.(?:pdf|docx?|xlsx?|zip|rar)$",
    re.IGNORECASE,
)
_SHOWN_DATE = re.compile(
    r"[>\n][^<>\n]{0,20}(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}[^<>\n]{0,12}(?=[<\r\n])"
)
_TOTAL = re.compile(
    r"共(?:有|计)?\s{0,3}(?:<[^<>]{0,60}>\s{0,3}){0,2}(\d{1,7})\s{0,3}(?:</\w{1,8}>\s{0,3}){0,2}(?:条|篇)"
)
_ARTICLE_META = re.compile(r"name\s{0,3}=\s{0,3}[\"'](?:ArticleTitle|PubDate)[\"']", re.IGNORECASE)
_PAGER = re.compile(r"(?:page|fenye|fanye|pagination)", re.IGNORECASE)
_SIDE_WEIGHT = 0.15
_SCORED_ROWS = 60
_LEAST_SCORE = 1.6
Readings = dict[int, RowText]
"""What was read of rows already, by the row's identity."""
_METAS = ("columnname", "lanmu")


def read_listing(document: Document, *, selectors: Selectors | None = None) -> Listing | None:
    """Read the entries of a listing page and the request for its next page; None where it holds no listing.

    Selectors of the source override what is found by structure. Entries keep the page's order; an entry of
    another site is marked `external`. Raises nothing, whatever the page.
    """
    listing = _read(document, selectors)
    if listing is None:
        return _shell(document)
    next_page, evidence = find_next_page(document, len(listing.entries), selectors=selectors)
    provenance = {**listing.provenance, "next_page": evidence}
    column_name = listing.column_name or _column_name(document)
    return replace(listing, next_page=next_page, column_name=column_name, provenance=provenance)


def _shell(document: Document) -> Listing | None:
    """Read a page that leaves its rows to an interface: no entry yet, but the way to them."""
    if looks_like_json(document) or _ARTICLE_META.search(document.text[:20_000]):
        return None
    turn = first_answer(document)
    if turn is None or turn.request is None:
        return None
    provenance = {
        "entries": Evidence("shell", 0.7, "the rows come from an interface"),
        "next_page": Evidence(turn.request.rule),
    }
    return Listing(document.url, next_page=turn.request, column_name=_column_name(document), provenance=provenance)


def _read(document: Document, selectors: Selectors | None) -> Listing | None:
    if selectors is not None and selectors.entries is not None:
        return read_selected(document, selectors)
    if looks_like_json(document):
        return read_json(document, entries_of)
    if holds_datastore(document):
        listing = read_datastore(document, entries_of)
        if listing is not None:
            return listing
    if looks_like_records(document.text):
        listing = read_records(document.text, url=document.url, fetched_at=document.fetched_at)
        return listing if listing.entries else None
    return _read_html(document)


def _read_html(document: Document) -> Listing | None:
    entries = entries_of(document)
    if not _explain_dates(entries, document) and (portal := read_portal(document)) is not None:
        return portal
    if not entries:
        return None
    stated = _TOTAL.search(document.text)
    total = int(stated[1]) if stated else None
    return Listing(document.url, entries, total=total, provenance={"entries": Evidence("structure", 0.9)})


def _explain_dates(entries: Sequence[Entry], document: Document) -> bool:
    """Tell whether the entries have all the dates that the page shows: then nothing else on it is a record."""
    dated = sum(entry.published_on is not None for entry in entries)
    return (
        dated * 2 > len(entries) and sum(1 for _ in islice(_SHOWN_DATE.finditer(document.text), dated + 2)) < dated + 2
    )


def entries_of(document: Document, *, trusted: bool = False) -> tuple[Entry, ...]:
    """Return the entries of the list that the page is about.

    `trusted` says that the document holds rows and nothing else (an answer of a listing's interface): then
    the best list is taken however small it is.
    """
    lists = [found for found in link_lists(document) if found.rows]
    readings: Readings = {}
    scored = [(_score(found, document, readings), found) for found in _largest(lists)]
    if not scored:
        return ()
    score, best = max(scored, key=lambda pair: pair[0])
    if score < _LEAST_SCORE and not trusted:
        return ()
    return _entries(document, _with_strays(best, lists), readings)


def _largest(lists: list[LinkList]) -> list[LinkList]:
    """Keep the lists worth reading: those with the most text in their links."""
    return sorted(lists, key=lambda found: -sum(min(len(link.label), 40) for link in found.links))[:16]


def _score(found: LinkList, document: Document, readings: Readings) -> float:
    """Weigh a list: long titles, dates and addresses like those of articles speak for it."""
    total = 0.0
    dated = articles = 0
    rows = found.rows[:_SCORED_ROWS]
    for row in rows:
        if row.link is None:
            continue
        read = readings[id(row)] = read_row(row, fetched_at=document.fetched_at)
        has_date = read.date.moment is not None or read.date.month_day is not None
        dated += has_date
        article = _looks_like_article(row.link.url, document.url)
        articles += article
        weight = 0.3 if read.title.startswith("附件") else 1.0
        total += weight * (0.3 + 0.7 * min(len(read.title), 16) / 16) * (0.4 + 2.0 * has_date + 1.0 * article)
    if not dated and (len(rows) < 3 or articles * 2 < len(rows)):
        return 0.0
    if is_side_list(found):
        total *= _SIDE_WEIGHT
    if _pager_follows(found.rows[-1].element):
        total *= 1.7
    return total


def _looks_like_article(url: str, page: str) -> bool:
    parts = urlsplit(url)
    tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return _ARTICLE_URL.search(tail) is not None or not same_site(url, page)


def _pager_follows(row: HtmlElement) -> bool:
    """Tell whether a pager stands after a row's list, near it."""
    step: HtmlElement | None = row.getparent()
    for _ in range(3):
        if step is None or step.tag in ("body", "html"):
            return False
        after = step.getnext()
        for _ in range(3):
            if after is None:
                break
            if isinstance(after.tag, str) and (
                _PAGER.search(f"{after.get('class')} {after.get('id')}") or _says_page(text_of(after, 120)[:3_000])
            ):
                return True
            after = after.getnext()
        step = step.getparent()
    return False


def _says_page(text: str) -> bool:
    return "下一页" in text or "下页" in text or "createPageHTML" in text or "尾页" in text


def _with_strays(best: LinkList, lists: list[LinkList]) -> list[Row]:
    """Add the rows of the same container that are built a little differently (a pinned or emphasised title)."""
    containers = {row.element.getparent() for row in best.rows}
    tags = Counter(row.element.tag for row in best.rows)
    tag = tags.most_common(1)[0][0]
    mine = {row.element for row in best.rows}
    strays = [
        row
        for other in lists
        if other is not best
        for row in other.rows
        if (home := _home(row, containers, tag)) is not None and home not in mine
    ]
    if not strays or tag == "a" or len(strays) > 2 * len(best.rows):
        return best.rows
    joined = {row.element: row for row in best.rows}
    for stray in strays:
        home = _home(stray, containers, tag)
        if home is not None and home not in joined:
            joined[home] = replace_row(stray, home)
    order = {element: place for container in containers for place, element in enumerate(container)}
    if len(containers) > 1:
        return list(joined.values())
    return sorted(joined.values(), key=lambda row: order.get(row.element, 0))


def replace_row(row: Row, element: HtmlElement) -> Row:
    """Return a row like this one that begins at another element."""
    return Row(element, row.link, row.following, row.tail)


def _home(row: Row, containers: set[HtmlElement], tag: object) -> HtmlElement | None:
    """Return the element of the list's own kind that holds a stray row's link, if it is one of the list's."""
    if row.link is None:
        return None
    for depth, ancestor in enumerate(row.link.element.iterancestors()):
        if depth > 6:
            return None
        if ancestor.tag == tag and ancestor.getparent() in containers:
            return ancestor
    return None


def _entries(document: Document, rows: Sequence[Row], known: Readings) -> tuple[Entry, ...]:
    readings = [known.get(id(row)) or read_row(row, fetched_at=document.fetched_at) for row in rows]
    urls = [row.link.url if row.link is not None else None for row in rows]
    dates = settle_years([reading.date for reading in readings], urls, document.fetched_at)
    entries: list[Entry] = []
    seen: set[tuple[str, str]] = set()
    for reading, found, url in zip(readings, dates, urls, strict=True):
        if url is None or (key := (canonical_url(url), reading.title)) in seen:
            continue
        seen.add(key)
        if found.moment is None and (day := date_from_url(url)) is not None:
            found = RowDate(Moment(day), rule="address")
        entries.append(_entry(reading, found, url, document))
    return tuple(entries)


def _entry(reading: RowText, found: RowDate, url: str, document: Document) -> Entry:
    provenance = {"title": Evidence(reading.title_rule), "url": Evidence("link")}
    day = found.moment
    if day is not None:
        sure = 0.6 if found.rule == "address" else 0.8 if "year" in found.rule else 1.0
        provenance["published_on"] = Evidence(found.rule, sure)
    return Entry(
        clean_text(reading.title).text,
        url,
        published_on=day.day if day else None,
        published_at=day.at if day else None,
        summary=clean_text(reading.summary).text if reading.summary else None,
        external=not same_site(document.url, url),
        provenance=provenance,
    )


def _column_name(document: Document) -> str | None:
    if looks_like_json(document):
        return None
    for meta in document.root.iter("meta"):
        if (meta.get("name") or "").lower() in _METAS:
            name = (meta.get("content") or "").strip()
            if name and name != "null" and "{" not in name and "<" not in name:
                return name[:100]
    return None
