"""Removes watermarks and boilerplate phrases from what was extracted."""

from __future__ import annotations

from dataclasses import replace

from crawler.extract.clean import clean_text
from crawler.items import Article, Evidence, Listing, Rejection


class CleanPipeline:
    """The first step: clean text."""

    def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """Clean an article, or the entries of a listing that carry whole articles; anything else passes."""
        if isinstance(item, Article):
            return clean_article(item)
        return clean_listing(item) if isinstance(item, Listing) else item


def clean_listing(listing: Listing) -> Listing:
    """The listing with its whole articles cleaned as the articles are, so that entry and article are known as one."""
    if not any(entry.body for entry in listing.entries):
        return listing
    cleaned = (
        replace(entry, title=clean_text(entry.title).text, body=clean_text(entry.body).text) if entry.body else entry
        for entry in listing.entries
    )
    return replace(listing, entries=tuple(cleaned))


def clean_article(article: Article) -> Article:
    """The article without watermarks and boilerplate; what was removed is noted in its provenance."""
    body, title = clean_text(article.body), clean_text(article.title)
    if body.text == article.body and title.text == article.title:
        return article
    provenance = dict(article.provenance)
    if body.removed:
        before = provenance.get("body", Evidence("body"))
        removed = "removed: " + ", ".join(dict.fromkeys(body.removed))
        note = f"{before.note}; {removed}" if before.note else removed
        provenance["body"] = Evidence(before.rule, before.confidence, note)
    return replace(article, body=body.text, title=title.text, provenance=provenance)
