"""What the extractor sees in one page, as plain values for printing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.extract import read_page
from crawler.items import Article, Entry, Listing, Page, Provenance
from crawler.sources import SourceError

LOCAL = ZoneInfo("Asia/Shanghai")


def extract_page(page: str, *, url: str | None = None, fetched_at: datetime | None = None) -> dict[str, Any]:
    """Read a saved page, or fetch a URL first. Raises SourceError where there is neither."""
    at = fetched_at or datetime.now(UTC)
    at = at if at.tzinfo else at.replace(tzinfo=LOCAL)
    if page.startswith(("http://", "https://")):
        from crawler.operate.fetching import fetch_page  # Scrapy is slow to load, and a saved page needs none

        fetched = fetch_page(page)
        kind, status, body, where = fetched.content_type, fetched.status, fetched.body, fetched.url
    else:
        path = Path(page)
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SourceError(f"{page} cannot be read: {error.strerror}.") from error
        kind, status, where = None, 200, url or path.resolve().as_uri()
    return page_json(read_page(body, url or where, content_type=kind, fetched_at=at, status=status))


def page_json(page: Page) -> dict[str, Any]:
    """The page in the form of the command's contract."""
    return {
        "kind": page.kind,
        "reason": page.reason,
        "article": _article(page.article) if page.article else None,
        "listing": _listing(page.listing) if page.listing else None,
        "provenance": _provenance(
            {**page.provenance, **((page.article or page.listing).provenance if page.article or page.listing else {})}  # type: ignore[union-attr]
        ),
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "published_at": _moment(article.published_at, article.published_on),
        "author": article.author,
        "origin": article.origin,
        "column": article.column_name,
        "summary": article.summary,
        "content": article.content,
        "body": article.body,
        "images": [{"url": link.url, "label": link.label} for link in article.images],
        "attachments": [{"url": link.url, "label": link.label} for link in article.attachments],
        "next_page": article.next_page.url if article.next_page else None,
    }


def _listing(listing: Listing) -> dict[str, Any]:
    following = listing.next_page
    return {
        "entries": [_entry(entry) for entry in listing.entries],
        "next_page": following.url if following else None,
        "next_form": dict(following.form) if following and following.form else None,
        "rejected": [{"line": flaw.line, "reason": flaw.reason} for flaw in listing.flaws],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": entry.url,
        "published_at": _moment(entry.published_at, entry.published_on),
        "summary": entry.summary,
        "body": entry.body,
        "external": entry.external,
    }


def _moment(at: datetime | None, day: date | None) -> str | None:
    """Local time with +08:00, or the date alone."""
    if at is not None:
        return at.astimezone(LOCAL).isoformat()
    return day.isoformat() if day else None


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {
        name: {"rule": evidence.rule, "confidence": evidence.confidence, "note": evidence.note}
        for name, evidence in provenance.items()
    }
