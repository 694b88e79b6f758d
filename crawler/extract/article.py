"""A document read as an article."""

from __future__ import annotations

import re

from crawler.extract.body import squeeze
from crawler.extract.byline import names_somebody, read_author, read_origin
from crawler.extract.column import read_column
from crawler.extract.continuation import find_continuation
from crawler.extract.document import Document
from crawler.extract.links import absolute, read_attachments, read_images
from crawler.extract.meta import Meta
from crawler.extract.overrides import apply_overrides
from crawler.extract.publication import find_date
from crawler.extract.reading import Reading, read_parts
from crawler.extract.title import fold
from crawler.items import Article, ContentKind, Evidence, Link, Selectors

_NAMED_ORIGINS = ("ContentSource", "article:source", "source", "mediaid", "og:article:author")
_NAMED_AUTHORS = ("Author", "article:author")
# A template's own name, an account number or a list of sites is no author.
_AUTHOR = re.compile(r"(?!.{0,40}(?:http|www\.|team|\.com|\.cn))[^,，\d]{2,20}", re.I)
_FEWEST = 20
_AROUND = 3
_OPENING = 2000


def read_article(document: Document, *, selectors: Selectors | None = None) -> Article | None:
    """Read the article of a page; None where the page holds neither text nor pictures nor files under a title."""
    return read_article_with_parts(document, selectors=selectors)[0]


def read_article_with_parts(
    document: Document, *, selectors: Selectors | None = None
) -> tuple[Article | None, Reading | None]:
    """Read the article, and give back the parts of the page that it was made of."""
    article, parts = _read(document) if "<" in document.text else (None, None)
    return apply_overrides(document, article, selectors), parts


def _read(document: Document) -> tuple[Article | None, Reading | None]:
    """The article in what a page shows; only where that is nothing, in what its styles hide until a script runs."""
    for hidden in (False, True):
        reading = read_parts(document, hidden=hidden)
        article = _assemble(reading) if reading else None
        if article is not None:
            return article, reading
    return None, None


def _assemble(reading: Reading) -> Article | None:
    document, meta = reading.document, reading.meta
    provenance: dict[str, Evidence] = {}
    body = "\n".join(line.text for line in reading.lines)
    images = read_images(reading.reader.media, document.base_url)
    attachments = _attachments(reading)
    content = _content(body, images, attachments)
    if content is None:
        return None
    title, provenance["title"] = _title(reading)
    provenance["body"] = Evidence(reading.container.rule, reading.container.confidence, "cut" if document.cut else None)
    moment, evidence = find_date(reading)
    if evidence:
        provenance["published"] = evidence
    origin, author, column = _origin(reading, provenance), _author(reading, provenance), _column(reading, provenance)
    declared = _summary(meta, body, title)
    if declared:
        provenance["summary"] = Evidence(f"meta:{declared[0]}", 0.7)
    return Article(
        url=document.url,
        title=title,
        body=body,
        published_on=moment.day if moment else None,
        published_at=moment.at if moment else None,
        author=author,
        origin=origin,
        column_name=column,
        summary=declared[1] if declared else None,
        content=content,
        images=images,
        attachments=attachments,
        canonical_url=absolute(meta.canonical, document.base_url),
        next_page=find_continuation(reading.page, document),
        provenance=provenance,
    )


def _summary(meta: Meta, body: str, title: str) -> tuple[str, str] | None:
    """The declared description where it speaks of this article; many sites repeat one for the whole site."""
    declared = meta.first("Description", "og:description")
    if declared is None:
        return None
    start = fold(declared[1])[:12]
    return declared if start in fold(body[:_OPENING]) or fold(title) in fold(declared[1]) else None


def _content(body: str, images: tuple[Link, ...], attachments: tuple[Link, ...]) -> ContentKind | None:
    if len(body) >= _FEWEST and (len(body) > 120 or "。" in body or not attachments):
        return "text"
    if attachments:
        return "attachments"
    if images:
        return "images"
    return "text" if body else None


def _attachments(reading: Reading) -> tuple[Link, ...]:
    """Files inside the text, and those listed beside it or, where the page has no columns, under it."""
    page, media = reading.page, list(reading.reader.media)
    start = around = reading.container.number
    for _ in range(_AROUND):
        around = max(page.parent[around], 0)
        if page.tags[around] != "body":
            start = around
    viewers = "pdfsrc" in reading.document.text
    for at, tag in enumerate(page.tags[start : page.end[around]], start):
        shown = tag == "a" and not page.unread[at] and not page.zone[at]
        if shown or (viewers and page.elements[at].get("pdfsrc")):  # a viewer is named like a player, and is no zone
            media.append(page.elements[at])
    return read_attachments(media, reading.document.base_url)


def _title(reading: Reading) -> tuple[str, Evidence]:
    if reading.title is not None:
        return reading.title.text, reading.title.evidence
    for line in reading.raw[:3]:
        if 4 <= len(line.text) <= 80:
            return line.text, Evidence("first-line", 0.3)
    return reading.meta.page_title, Evidence("title", 0.2)


def _origin(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first(*_NAMED_ORIGINS)
    if found and len(found[1]) <= 60 and names_somebody(found[1]):
        provenance["origin"] = Evidence(f"meta:{found[0]}", 0.95)
        return re.sub(r"^来源\s?[：:]\s?", "", found[1])
    shown = read_origin(reading.byline) or read_origin(reading.around)
    if shown:
        provenance["origin"] = Evidence("shown:来源", 0.85)
    return shown


def _author(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first(*_NAMED_AUTHORS)
    site = reading.meta.first("SiteName", "og:site_name")
    if found and _AUTHOR.fullmatch(found[1]) and names_somebody(found[1]) and not (site and found[1] == site[1]):
        provenance["author"] = Evidence(f"meta:{found[0]}", 0.9)
        return found[1]
    shown = read_author(reading.byline)
    if shown:
        provenance["author"] = Evidence("shown:作者", 0.8)
        return shown
    named = _named_author(reading)
    if named:
        provenance["author"] = Evidence("named:author", 0.7)
    return named


def _named_author(reading: Reading) -> str | None:
    """What an element above the text that is named `author` says; blogs show a name without a label."""
    page = reading.page
    for at, _, classes in page.names:
        if at >= reading.container.number:
            break
        if "author" in classes and "author" in classes.split() and page.chars[at] <= 20 and not page.zone[at]:
            text = squeeze("".join(page.elements[at].itertext("*")))
            if _AUTHOR.fullmatch(text) and names_somebody(text):
                return text
    return None


def _column(reading: Reading, provenance: dict[str, Evidence]) -> str | None:
    found = reading.meta.first("ColumnName", "lanmu")
    if found:
        provenance["column_name"] = Evidence(f"meta:{found[0]}", 0.95)
        return found[1]
    shown = read_column(reading.page, reading.title.text if reading.title else "")
    if shown:
        provenance["column_name"] = Evidence("breadcrumb", 0.7)
    return shown
