"""Removes watermarks, boilerplate phrases and characters that are no text from what was extracted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crawler.extract.clean import clean_text
from crawler.items import Article, Entry, Evidence, Link, Listing, Rejection

ARTICLE_TEXTS = ("title", "body", "author", "origin", "column_name", "summary")
ENTRY_TEXTS = ("title", "summary", "body")


class CleanPipeline:
    """The first step: clean text."""

    def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """Clean an article, or the entries of a listing; anything else passes."""
        if isinstance(item, Article):
            return clean_article(item)
        return clean_listing(item) if isinstance(item, Listing) else item


def clean_listing(listing: Listing) -> Listing:
    """The listing with its entries cleaned as articles are, so that an entry and its article are known as one."""
    cleaned = [_clean_entry(entry) for entry in listing.entries]
    changed = any(new is not old for new, old in zip(cleaned, listing.entries, strict=True))
    return replace(listing, entries=tuple(cleaned)) if changed else listing


def clean_article(article: Article) -> Article:
    """The article without watermarks and boilerplate; what was removed from its body is noted in its provenance."""
    changes = _changes(article, ARTICLE_TEXTS)
    for name in ("images", "attachments"):
        links = getattr(article, name)
        cleaned = tuple(Link(link.url, clean_text(link.label).text) for link in links)
        if cleaned != links:
            changes[name] = cleaned
    removed = clean_text(article.body).removed if "body" in changes else ()
    if removed:
        changes["provenance"] = {**article.provenance, "body": _noted(article.provenance.get("body"), removed)}
    return replace(article, **changes) if changes else article


def _clean_entry(entry: Entry) -> Entry:
    changes = _changes(entry, ENTRY_TEXTS)
    return replace(entry, **changes) if changes else entry


def _changes(item: Article | Entry, names: tuple[str, ...]) -> dict[str, Any]:
    """The texts of an item that cleaning changes."""
    given = {name: getattr(item, name) for name in names}
    cleaned = {name: clean_text(text).text for name, text in given.items() if text}
    return {name: text for name, text in cleaned.items() if text != given[name]}


def _noted(before: Evidence | None, removed: tuple[str, ...]) -> Evidence:
    evidence = before or Evidence("body")
    words = "removed: " + ", ".join(removed)
    return replace(evidence, note=f"{evidence.note}; {words}" if evidence.note else words)
