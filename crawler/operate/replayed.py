"""What came of replaying a site: values to look at, to compare with `expected.json`, to keep as a golden file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import func, select

from crawler.archive import reading
from crawler.archive.models import Entry, Frontier, Rejection, table
from crawler.operate.crawl import CrawlReport
from crawler.research import Archive, ArticleRecord
from crawler.sources import Source, SourceError

EDGE = 20  # characters of a body's start and end that expected.json holds
_COMPARED = ("title", "published_on", "origin", "body_start", "body_end")
_SHOWN = (
    "url",
    "title",
    "published_on",
    "published_at",
    "author",
    "origin",
    "column_name",
    "content",
    "summary",
    "body",
)


@dataclass(slots=True, frozen=True)
class ReplayedEntry:
    """One row of a listing, and the title of the article that came of it, if one did."""

    listing_url: str
    url: str | None
    title: str
    published_on: date | None
    external: bool
    article_id: int | None


@dataclass(slots=True, frozen=True)
class ReplayedRejection:
    """A page or record that could not be archived, and why."""

    url: str | None
    stage: str
    reason: str


@dataclass(slots=True, frozen=True)
class Replayed:
    """The outcome of a replay. Articles and entries are in the order of the listings; `archive` is open for more."""

    source: Source
    report: CrawlReport
    articles: Sequence[ArticleRecord]
    entries: Sequence[ReplayedEntry]
    rejections: Sequence[ReplayedRejection]
    listing_pages: int
    archive: Archive

    @property
    def counts(self) -> Mapping[str, int]:
        """Pages, new, changed, unchanged, duplicate, rejected."""
        return self.report.counts

    @property
    def warnings(self) -> Sequence[str]:
        """What an operator should look at."""
        return self.report.warnings

    def expected(self) -> dict[str, Any]:
        """What `expected.json` of a fixture site says, as this replay has it."""
        base = self.source.homepage
        return {
            "listing_pages": self.listing_pages,
            "pages": self.counts.get("pages", 0),
            "entries": len(self.entries),
            "articles": [_expected_article(article, base) for article in self.articles],
            "external": [{"url": entry.url, "title": entry.title} for entry in self.entries if entry.external],
        }

    def golden(self) -> str:
        """Everything that came out, as the text of a golden file; texts of several lines are lists of them."""
        content = {
            "counts": dict(self.counts),
            "warnings": list(self.warnings),
            "articles": [{name: _plain(getattr(article, name)) for name in _SHOWN} for article in self.articles],
            "entries": [_golden_entry(entry) for entry in self.entries],
            "rejections": [asdict(rejection) for rejection in self.rejections],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_replayed(archive: Archive, report: CrawlReport) -> Replayed:
    """What the archive of one replay holds."""
    source = report.source
    entries, rejections, pages = table(Entry), table(Rejection), table(Frontier)
    listed = select(*(entries.c[name] for name in ReplayedEntry.__slots__)).where(entries.c.source_id == source.id)
    refused = select(*(rejections.c[name] for name in ReplayedRejection.__slots__))
    refused = refused.where(rejections.c.crawl_id == report.crawl_id).order_by(rejections.c.id)
    listings = select(func.count()).where(
        pages.c.crawl_id == report.crawl_id, pages.c.kind == "listing", pages.c.state == "done"
    )
    with reading(archive.engine) as connection:
        shown = [ReplayedEntry(*row) for row in connection.execute(listed.order_by(entries.c.id))]
        rows = [ReplayedRejection(*row) for row in connection.execute(refused)]
        listing_pages = connection.execute(listings).scalar_one()
    place = {entry.article_id: number for number, entry in reversed(list(enumerate(shown)))}
    every = archive.articles(source.id, all=True)
    articles = sorted(every, key=lambda article: (place.get(article.id, len(place)), article.id))
    return Replayed(source, report, articles, shown, rows, listing_pages, archive)


def read_expected(folder: Path) -> dict[str, Any] | None:
    """The `expected.json` of a fixture site, None without one. Raises SourceError where it is none."""
    path = folder / "expected.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} is no JSON that can be read: {error}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("articles", []), list):
        raise SourceError(f"{path} is no object with a list of articles.")
    return content


def differences(replayed: Replayed, expected: Mapping[str, Any]) -> list[str]:
    """What is not as `expected.json` says, a sentence each; what it does not name is not compared."""
    base, got = replayed.source.homepage, replayed.expected()
    found = [
        f"{name}: {got[name]} instead of {expected[name]}"
        for name in ("listing_pages", "pages", "entries")
        if name in expected and got[name] != expected[name]
    ]
    if "external" in expected and _by_url(got["external"]) != _by_url(expected["external"]):
        found.append(f"external: {_by_url(got['external'])} instead of {_by_url(expected['external'])}")
    archived = {_key(article, base): article for article in got["articles"]}
    for wanted in expected.get("articles", []):
        article = archived.pop(_key(wanted, base), None)
        if article is None:
            found.append(f"missing: {wanted.get('title')} {wanted.get('url') or ''}".rstrip())
            continue
        found += [
            f"{wanted.get('url') or wanted.get('title')}: {name} is {article[name]!r} instead of {wanted[name]!r}"
            for name in _COMPARED
            if name in wanted and article[name] != wanted[name]
        ]
    return found + [
        f"not expected: {article['title']} {article['url'] or ''}".rstrip() for article in archived.values()
    ]


def _expected_article(article: ArticleRecord, base: str) -> dict[str, Any]:
    return {
        "url": _relative(article.url, base),
        "title": article.title,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "origin": article.origin,
        "body_start": article.body[:EDGE],
        "body_end": article.body[-EDGE:],
    }


def _golden_entry(entry: ReplayedEntry) -> dict[str, Any]:
    shown = {name: _plain(getattr(entry, name)) for name in entry.__slots__ if name != "article_id"}
    return {**shown, "archived": entry.article_id is not None}


def _relative(url: str | None, base: str) -> str | None:
    """An address without the site's own scheme and host, so that it holds wherever the site is served."""
    own = "{0.scheme}://{0.netloc}".format(urlsplit(base))
    return (url.removeprefix(own) or "/") if url is not None and url.startswith(f"{own}/") else url


def _key(article: Mapping[str, Any], base: str) -> str:
    url = article.get("url")
    return urljoin(base, url) if url else f"{article.get('title')} {article.get('body_start')}"


def _by_url(external: Sequence[Mapping[str, Any]]) -> dict[Any, Any]:
    return {row.get("url"): row.get("title") for row in external}


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.split("\n") if isinstance(value, str) and "\n" in value else value
