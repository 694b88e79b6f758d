"""What the spider makes of one response: its capture, and the article completed with what its listing knew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.archive.changes import LATER_PART
from crawler.extract.urls import canonical_url
from crawler.fetch.replay.answers import REPLAYED
from crawler.fetch.wire import WIRE
from crawler.items import Article, Capture, Evidence, Visit


def capture_of(response: Response, requested_url: str) -> Capture:
    """What the crawl keeps of one response."""
    _, kept_at = response.meta.get(REPLAYED, (None, None))
    return Capture(
        url=response.url,
        requested_url=requested_url,
        fetched_at=fetched_at(response),
        status=response.status,
        body=response.body,
        content_type=header(response, "Content-Type"),
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        wire=response.meta.pop(WIRE, None),
        kept_at=kept_at,
    )


def fetched_at(response: Response) -> datetime:
    """When the response was fetched: now, or in a replay when its capture was."""
    captured, _ = response.meta.get(REPLAYED, (None, None))
    return captured or datetime.now(UTC)


def with_entry(article: Article, listing_url: str | None, title: str, published_on: date | None) -> Article:
    """The article with what only its listing entry knew."""
    provenance = dict(article.provenance)
    if not article.title:
        provenance["title"] = Evidence("listing-entry", 0.8)
    if article.published_on is None and published_on is not None:
        provenance["published_on"] = Evidence("listing-entry", 0.8)
    return replace(
        article,
        title=article.title or title,
        published_on=article.published_on or published_on,
        listing_url=listing_url,
        provenance=provenance,
    )


def incomplete(article: Article, reason: str) -> Article:
    """The article with the note that a page it continues on could not be had."""
    before = article.provenance.get("body")
    evidence = Evidence(before.rule if before else "body", 0.5, f"{LATER_PART}: {reason}")
    return replace(article, provenance={**article.provenance, "body": evidence})


def sent_home(response: Response, visit: Visit) -> bool:
    """Whether a page answered from the home page of its site instead of its own address."""
    asked, answered = urlsplit(canonical_url(visit.entry_url or "")), urlsplit(canonical_url(response.url))
    return answered.path in ("", "/") and not answered.query and asked.path not in ("", "/")


def part_of(visit: Visit) -> Visit:
    """The visit for an item that is not the last of its page."""
    return replace(visit, last=False)


def header(response: Response, name: str) -> str | None:
    """A header's first value as text, None where the response has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
