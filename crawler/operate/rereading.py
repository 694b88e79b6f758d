"""Reading one stored capture again: what a worker process of `reextract` does. It writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from crawler.capture import CaptureError, Payload, Place, payload_of, read_record
from crawler.extract import read_page
from crawler.extract.linkless import entry_articles
from crawler.extract.urls import canonical_url
from crawler.extract.whole import is_home_instead, joined, with_entry
from crawler.items import Article, Capture, Page, Rejection, Selectors, Visit
from crawler.operate.imports import listing_of_file
from crawler.pipelines.clean import clean_article
from crawler.pipelines.validate import validate

Role = Literal["article", "listing", "file"]


@dataclass(slots=True, frozen=True)
class Stored:
    """A capture as the archive names it; `payload_at` is where a revisit's payload is kept."""

    id: int
    capture: Capture
    place: Place
    payload_at: Place | None = None


@dataclass(slots=True, frozen=True)
class Job:
    """A capture to read again, with the pages a long article continues on, and what its listing entry knew."""

    stored: Stored
    role: Role
    parts: tuple[Stored, ...] = ()
    listing_url: str | None = None
    title: str = ""
    published_on: date | None = None


@dataclass(slots=True, frozen=True)
class Reading:
    """What a capture holds by the present extractor; without articles, `reason` says why. `damaged`: unreadable."""

    job: Job
    articles: tuple[Article, ...] = ()
    reason: str = ""
    damaged: bool = False


def read_again(job: Job, root: Path, selectors: Sequence[Selectors]) -> Reading:
    """Read a capture with the selectors of its day. Raises nothing: what cannot be read says so."""
    try:
        articles = _READERS[job.role](job, root, selectors)
    except CaptureError as error:
        return Reading(job, reason=str(error), damaged=True)
    except _NoArticle as error:
        return Reading(job, reason=str(error))
    except Exception as error:
        return Reading(job, reason=f"the extractor failed ({type(error).__name__}: {error})")
    settled = [validate(clean_article(article)) for article in articles]
    good = tuple(each for each in settled if isinstance(each, Article))
    wrong = [each.reason for each in settled if isinstance(each, Rejection)]
    return Reading(job, good, "" if good else (wrong or ["it shows no articles"])[0])


class _NoArticle(Exception):
    """The text says why a page holds none."""


def _article(job: Job, root: Path, selectors: Sequence[Selectors]) -> list[Article]:
    capture = job.stored.capture
    if is_home_instead(capture.requested_url, capture.url):
        raise _NoArticle("the site sent the reader of this page to its home page")
    page = _page(job.stored, root, selectors, "article")
    if page.article is None or page.kind in ("blocked", "error") or capture.status >= 400:
        raise _NoArticle(page.reason)
    article = _whole(page.article, job, root, selectors)
    article = with_entry(article, job.listing_url, job.title, job.published_on)
    more = tuple(part.capture for part in job.parts)
    return [replace(article, visit=Visit(capture=capture, entry_url=capture.requested_url, more=more))]


def _whole(article: Article, job: Job, root: Path, selectors: Sequence[Selectors]) -> Article:
    """A long article with its further pages, as far as they were kept. Raises _NoArticle where one is missing."""
    kept = {canonical_url(url): part for part in job.parts for url in (part.capture.url, part.capture.requested_url)}
    asked = {canonical_url(job.stored.capture.url)}
    following = article.next_page
    while following is not None:
        key = canonical_url(following.url)
        if key in asked or urlsplit(following.url).hostname != urlsplit(job.stored.capture.url).hostname:
            break
        asked.add(key)
        if key not in kept:
            raise _NoArticle(f"it continues on {following.url}, which was not kept")
        part = _page(kept[key], root, selectors, "article").article
        if part is None:
            raise _NoArticle(f"it continues on {following.url}, which cannot be read")
        article, following = joined(article, part), part.next_page
    return article


def _listing(job: Job, root: Path, selectors: Sequence[Selectors]) -> list[Article]:
    page = _page(job.stored, root, selectors, "listing")
    if page.listing is None:
        raise _NoArticle(page.reason)
    visit = Visit(capture=job.stored.capture)
    return [replace(article, visit=visit) for article in entry_articles(page.listing)]


def _file(job: Job, root: Path, selectors: Sequence[Selectors]) -> list[Article]:
    capture = job.stored.capture
    if capture.url.lower().endswith((".jsonl", ".ndjson")):
        raise _NoArticle("its records say themselves what they are")
    listing = listing_of_file(_payload(job.stored, root).body, capture.url, capture.fetched_at)
    if listing is None:
        raise _NoArticle("it holds no listing")
    return [replace(article, visit=Visit(capture=capture)) for article in entry_articles(listing)]


_READERS = {"article": _article, "listing": _listing, "file": _file}


def _page(stored: Stored, root: Path, selectors: Sequence[Selectors], role: Literal["article", "listing"]) -> Page:
    capture = stored.capture
    return read_page(
        _payload(stored, root).body,
        capture.url,
        content_type=capture.content_type,
        fetched_at=capture.fetched_at,
        status=capture.status,
        role=role,
        selectors=selectors,
    )


def _payload(stored: Stored, root: Path) -> Payload:
    original = stored.payload_at
    return payload_of(read_record(root, stored.place, lambda _: read_record(root, original) if original else None))
