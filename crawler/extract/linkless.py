"""Articles that a listing carries whole, without a page of their own."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.items import Article, Listing


def entry_articles(listing: Listing) -> Iterator[Article]:
    """The articles of the entries that have a text and no link."""
    for entry in listing.entries:
        if entry.url is None and entry.body:
            yield Article(
                url=None,
                title=entry.title,
                body=entry.body,
                published_on=entry.published_on,
                published_at=entry.published_at,
                summary=entry.summary,
                column_name=listing.column_name,
                listing_url=listing.url,
                provenance=entry.provenance,
            )
