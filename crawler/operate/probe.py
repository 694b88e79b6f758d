"""Looking at a site before it becomes a source, and looking again at one that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from crawler.archive import ArchiveMissing
from crawler.extract import read_page
from crawler.items import Article, Capture, Entry, Listing, Page, Selectors
from crawler.operate.fetching import Fetch, look_at
from crawler.pipelines.clean import clean_article
from crawler.research import Archive, ArticleRecord, FilterError
from crawler.sources import Source, SourceError, source_from_fields, source_from_url


@dataclass(slots=True, frozen=True)
class Probe:
    """What one listing and one of its articles look like to the extractor."""

    listing_url: str
    kind: str
    reason: str
    listing: Listing | None
    article: Article | None
    article_problem: str | None = None


@dataclass(slots=True, frozen=True)
class Check:
    """A probe of a known source, and what is not as it was at its last crawl."""

    source: Source
    probe: Probe
    changes: list[str] = field(default_factory=list)


def probe(url: str, selectors: Sequence[Selectors] = ()) -> Probe:
    """Fetch a listing and the first article it links to. Raises SourceError where the listing cannot be had."""

    async def look(fetch: Fetch) -> Probe:
        capture = await fetch(url)
        page = _read(capture, "listing", selectors)
        if page.listing is None or not page.listing.entries:
            return Probe(url, page.kind, page.reason, None, None)
        entry = _followed(page.listing)
        if entry is None or entry.url is None:
            return Probe(url, "listing", page.reason, page.listing, None)
        try:
            article = _read(await fetch(entry.url), "article", selectors)
        except SourceError as error:
            return Probe(url, "listing", page.reason, page.listing, None, str(error))
        problem = None if article.article else f"{entry.url} gave no article: {article.reason}."
        return Probe(url, "listing", page.reason, page.listing, article.article, problem)

    seen: Probe = look_at(url, look)
    return seen


def check(source: Source, archive: str | None) -> Check:
    """Probe a source and compare with what its last crawl archived. Raises SourceError where it cannot be fetched."""
    if not source.listing_urls:
        raise SourceError(f"Source {source.id} names no start_urls: there is no page to check.")
    seen = probe(source.listing_urls[0], [each.selectors() for each in source.selectors])
    return Check(source, seen, list(_changes(source, seen, archive)))


def new_source(url: str, *, name: str | None = None, source_id: str | None = None, region: str | None = None) -> Source:
    """The source that `sources add` proposes for a URL. Raises SourceError where a field is wrong."""
    given = {"id": source_id, "name": name, "region": region}
    made = source_from_url(url).model_dump(by_alias=True)
    return source_from_fields({**made, **{field: value for field, value in given.items() if value is not None}})


def source_yaml(source: Source) -> str:
    """A source file with what is not its default; readable, in the order of the schema."""
    given: dict[str, Any] = source.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    text: str = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=110)
    return text


def write_source(source: Source, path: Path) -> None:
    """Write a new source file; one that exists is never overwritten. Raises SourceError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(source_yaml(source))
    except FileExistsError as error:
        raise SourceError(f"{path} exists already; choose another id with --id, or edit that file.") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be written: {error.strerror}.") from error


def _read(capture: Capture, role: Any, selectors: Sequence[Selectors]) -> Page:
    return read_page(
        capture.body,
        capture.url,
        content_type=capture.content_type,
        fetched_at=capture.fetched_at,
        status=capture.status,
        role=role,
        selectors=selectors,
    )


def _followed(listing: Listing) -> Entry | None:
    return next((entry for entry in listing.entries if entry.url is not None and not entry.external), None)


def _changes(source: Source, seen: Probe, archive: str | None) -> list[str]:
    """What an operator should know: each difference from what the archive holds of the source, in one sentence."""
    if seen.listing is None:
        return [f"{seen.listing_url} shows no entries any more ({seen.reason}): the layout may have changed."]
    changes = [seen.article_problem] if seen.article_problem else []
    never = f"Source {source.id} was never crawled: run `zhaoshang crawl {source.id}`."
    try:
        with Archive(archive) as opened:
            crawls = opened.crawls(source.id, limit=1)
            known = {entry["key"]: entry for entry in opened.entries(source.id, seen.listing.entries)}
            latest = opened.article_of(seen.article.url) if seen.article and seen.article.url else None
    except (ArchiveMissing, FilterError):
        return [*changes, never]
    if not crawls:
        return [*changes, never]
    fresh = len(seen.listing.entries) - len(known)
    if fresh:
        changes.append(f"{fresh} of {len(seen.listing.entries)} entries are new since the last crawl.")
    changes += [
        f"The entry {entry['title']!r} now has the title {shown!r}."
        for entry in known.values()
        if (shown := entry["shown"]) != entry["title"]
    ]
    if latest is not None and seen.article is not None:
        changes += _article_changes(latest, clean_article(seen.article))
    return changes


def _article_changes(latest: ArticleRecord, seen: Article) -> Iterator[str]:
    """What became of one article; of one that goes on over several pages, the look has only the first."""
    for name in ("title", "published_on", "origin"):
        before, now = getattr(latest, name), getattr(seen, name)
        if before != now:
            yield f"Article {latest.uid}: {name} changed ({before!s:.40} became {now!s:.40})."
    if seen.next_page is None and latest.body != seen.body:
        yield f"Article {latest.uid}: body changed ({len(latest.body)} to {len(seen.body)} characters)."
