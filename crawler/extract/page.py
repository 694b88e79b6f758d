"""One response read as a page: what it is and what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from crawler.extract.article import read_article, read_article_with_parts
from crawler.extract.choice import certain, choose
from crawler.extract.document import Document, open_document
from crawler.extract.json_listing import looks_like_json
from crawler.extract.kinds import missing, needs_script, outline_text, refused
from crawler.extract.overrides import selectors_for
from crawler.items import Article, ClaimedRole, Listing, Page, Selectors

_HOME = re.compile(r"/?(?:(?:index|default|main|home)\.(?:s?html?|jsp|aspx?|php))?", re.I)
_FEWEST_CHARS = 40
_HOME_LINKS = 10
_BESIDE = 200


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    status: int = 200,
    role: ClaimedRole | None = None,
    selectors: Sequence[Selectors] = (),
) -> Page:
    """Read one response: its kind, the reason, and the article or listing it holds.

    `role` says what the crawl expects; blocks and errors are recognised all the same, and an expected article is not
    read as a listing. Never raises: what cannot be read is an `error` or `other` page with its reason.
    """
    document = open_document(body, url, content_type=content_type, fetched_at=fetched_at)
    verdict = refused(document, body, status)
    if verdict is not None:
        return Page(verdict.kind, verdict.reason)
    chosen = selectors_for(document, selectors)
    if looks_like_json(document):
        return _interface(document, chosen)
    if role == "article":
        return _expected_article(document, chosen)
    if role == "listing":
        return _expected_listing(document, chosen)
    return _unknown(document, chosen)


def _listing(document: Document, selectors: Selectors | None) -> Listing | None:
    from crawler.extract.listing import read_listing

    return read_listing(document, selectors=selectors)


def _interface(document: Document, selectors: Selectors | None) -> Page:
    """An answer for scripts: it may hold entries, never an article."""
    listing = _listing(document, selectors)
    if listing is None or not listing.entries:
        return Page("other", "no_markup", listing=listing)
    return Page("listing", "interface", listing=listing, provenance=listing.provenance)


def _expected_article(document: Document, selectors: Selectors | None) -> Page:
    article = read_article(document, selectors=selectors)
    if article is None or missing(document.meta.page_title, article, article.body):
        return _nothing(document, article)
    return Page("article", "expected", article=article, provenance=article.provenance)


def _expected_listing(document: Document, selectors: Selectors | None) -> Page:
    listing = _listing(document, selectors)
    if listing is not None and (listing.entries or listing.flaws):
        return Page("listing", "expected", listing=listing, provenance=listing.provenance)
    nothing = _nothing(document, read_article(document))
    if listing is None or nothing.kind == "error" or nothing.reason == "needs_script":
        return nothing
    return Page("listing", "no_entries", listing=listing, provenance=listing.provenance)


def _unknown(document: Document, selectors: Selectors | None) -> Page:
    article, parts = read_article_with_parts(document, selectors=selectors)
    if article is not None and parts is not None and not _is_home(document.url):
        reason = certain(document.url, document.meta, article, parts)
        if reason and not missing(document.meta.page_title, article, article.body):
            return Page("article", reason, article=article, provenance=article.provenance)
    listing = _listing(document, selectors)
    if listing is not None and not listing.entries:
        listing = None
    title = document.meta.page_title
    if missing(title, article, article.body if article else "") and not _told(listing):
        return _nothing(document, article)
    if _is_home(document.url) and not _told(listing) and _links(document) >= _HOME_LINKS:
        return Page("home", "root_url", listing=listing)
    if article is not None and listing is not None:
        is_article, reason = choose(document.url, document.meta, article, listing)
        if is_article:
            return Page("article", reason, article=article, provenance=article.provenance)
        beside = article if len(article.body) >= _BESIDE and not _told(listing) else None
        return Page("listing", reason, article=beside, listing=listing, provenance=listing.provenance)
    if listing is not None:
        return Page("listing", f"{len(listing.entries)} entries", listing=listing, provenance=listing.provenance)
    if article is not None and (
        len(article.body) >= _FEWEST_CHARS or article.content != "text" or article.published_on
    ):
        return Page("article", "text", article=article, provenance=article.provenance)
    return _nothing(document, article)


def _told(listing: Listing | None) -> bool:
    """Whether a listing's entries carry their own text, so that the page is read for them."""
    return listing is not None and any(entry.body for entry in listing.entries)


def _links(document: Document) -> int:
    return sum(1 for _ in document.root.iter("a"))


def _nothing(document: Document, article: Article | None) -> Page:
    text = article.body if article else outline_text(document)
    reason = missing(document.meta.page_title, article, text)
    if reason:
        return Page("error", reason)
    if "<" not in document.text:
        return Page("other", "no_markup")
    if needs_script(document, len(text)):
        return Page("other", "needs_script")
    return Page("other", "no_text")


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and _HOME.fullmatch(parts.path) is not None
