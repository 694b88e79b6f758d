"""What comes of a page that was read: the same for a page just fetched and for one that an archive of others kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.linkless import entry_articles
from crawler.items import Article, Listing, Rejection, Visit

# What a server says of a page it no longer has.
GONE = frozenset({404, 410})


def refusal(url: str, status: int, kind: str, reason: str, visit: Visit) -> Rejection:
    """The rejection of a page that holds nothing to archive: by the server's status, else as the extractor says."""
    if status >= 400:
        return Rejection(url, "fetch", f"the server answered {status}", gone=status in GONE, visit=visit)
    return Rejection(url, "extract", reason, gone=kind == "error", visit=visit)


def no_entries(url: str, reason: str, visit: Visit) -> Rejection:
    """The warning about a listing that shows nothing."""
    text = f"the listing shows no entries ({reason}): the layout may have changed"
    return Rejection(url, "extract", text, warning=True, visit=visit)


def listing_parts(listing: Listing, visit: Visit) -> Iterator[Article | Rejection]:
    """What a listing holds itself: records that could not be read, and articles that it carries whole."""
    beside = part_of(visit)
    for flaw in listing.flaws:
        yield Rejection(listing.url, "extract", flaw.reason, record={"text": flaw.text}, visit=beside)
    for article in entry_articles(listing):
        yield replace(article, visit=beside)


def part_of(visit: Visit) -> Visit:
    """The visit for an item that is not the last of its page."""
    return replace(visit, last=False)
