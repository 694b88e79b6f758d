"""Which captures `reextract` reads: those of the latest states, and those of pages that were rejected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, tuple_
from sqlalchemy.engine import RowMapping

from crawler.archive import reading
from crawler.archive.models import Article, Capture, Crawl, Entry, Rejection, Revision, RevisionPart, table
from crawler.archive.types import uid_of_url
from crawler.capture import Place
from crawler.extract.urls import canonical_url
from crawler.items import Capture as Item
from crawler.operate.rereading import Job, Stored

AT_ONCE = 500  # captures that one query names
Position = tuple[str, int]
# Where a page that is none now may become an article; what a server refused (`fetch`) cannot.
_STAGES = ("extract", "validate", "pipeline")


@dataclass(slots=True, frozen=True)
class Selection:
    """The captures of one source, fetched since a day; `after` is where an interrupted run stopped."""

    source_id: str
    since: date | None = None
    after: Position | None = None


def count(engine: Engine, selection: Selection) -> int:
    """How many captures there are to read."""
    with reading(engine) as connection:
        rows = _selected(selection).subquery()
        number: int = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    return number


def jobs(engine: Engine, selection: Selection, listing_urls: Sequence[str]) -> Iterator[Job]:
    """The captures to read, in the order they stand in their files."""
    after = selection.after
    while True:
        with reading(engine) as connection:
            page = Selection(selection.source_id, selection.since, after)
            statement = _selected(page).order_by(table(Capture).c.warc_path, table(Capture).c.warc_offset)
            rows = list(connection.execute(statement.limit(AT_ONCE)).mappings())
            made = _Jobs(connection, selection.source_id, rows, listing_urls)
        for row in rows:
            yield made.job(row)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1]["warc_path"], rows[-1]["warc_offset"])


def _selected(selection: Selection) -> Select[Any]:
    captures, states, articles, rejections = table(Capture), table(Revision).c, table(Article).c, table(Rejection).c
    mine = select(table(Crawl).c.id).where(table(Crawl).c.source_id == selection.source_id)
    latest = (
        select(states.capture_id)
        .join(table(Article), (articles.id == states.article_id) & (articles.revision_count == states.number))
        .where(articles.source_id == selection.source_id)
    )
    rejected = select(func.max(rejections.capture_id)).where(
        rejections.crawl_id.in_(mine), rejections.stage.in_(_STAGES), rejections.capture_id.is_not(None)
    )
    wanted = captures.c.id.in_(latest) | captures.c.id.in_(rejected.group_by(rejections.url))
    statement = select(captures).where(wanted, captures.c.warc_path.is_not(None), captures.c.expired_at.is_(None))
    if selection.since is not None:
        begin = datetime.combine(selection.since, time(), UTC)
        statement = statement.where(captures.c.fetched_at >= begin)
    if selection.after is not None:
        place = tuple_(captures.c.warc_path, captures.c.warc_offset)
        statement = statement.where(place > tuple_(*selection.after))
    return statement


class _Jobs:
    """What the archive knows of some captures beside their rows."""

    def __init__(
        self, connection: Connection, source_id: str, rows: Sequence[RowMapping], listing_urls: Sequence[str]
    ) -> None:
        self.source_id = source_id
        self.listing_urls = set(listing_urls)
        ids = [row["id"] for row in rows]
        self.articles = _articles_of(connection, ids)
        self.parts = _parts_of(connection, ids)
        self.entries = self._entries(connection, rows)
        shown = table(Entry).c.listing_url
        urls = {row["url"] for row in rows}
        self.listing_urls |= set(connection.execute(select(shown).where(shown.in_(urls)).distinct()).scalars())
        self.originals = _originals(connection, [*map(dict, rows), *chain.from_iterable(self.parts.values())])

    def job(self, row: RowMapping) -> Job:
        """The job for one capture."""
        stored = self._stored(dict(row))
        articles = self.articles.get(row["id"], [])
        if row["status"] == 200 and row["url"].startswith("file:"):
            return Job(stored, "file")
        linkless = any(article["url"] is None for article in articles)
        if linkless or (not articles and row["url"] in self.listing_urls):
            return Job(stored, "listing")
        parts = tuple(self._stored(part) for part in self.parts.get(row["id"], ()))
        entry = self.entries.get(row["id"])
        if entry is not None:
            return Job(stored, "article", parts, entry["listing_url"], entry["title"], entry["published_on"])
        return Job(stored, "article", parts, *_from_entry(articles[0] if articles else {}))

    def _stored(self, row: Mapping[str, Any]) -> Stored:
        names = ("url", "requested_url", "fetched_at", "status", "content_type", "charset")
        place = Place(row["warc_path"], row["warc_offset"], row["warc_length"])
        original = self.originals.get(row["payload_digest"]) if row["revisit"] else None
        return Stored(row["id"], Item(**{name: row[name] for name in names}), place, original)

    def _entries(self, connection: Connection, rows: Sequence[RowMapping]) -> dict[int, RowMapping]:
        """What a listing showed of the page behind each capture, tied to its article or known by its link."""
        entries = table(Entry)
        keys = {row["id"]: uid_of_url(canonical_url(row["requested_url"])) for row in rows}
        tied = {article["id"]: capture for capture, found in self.articles.items() for article in found}
        by_key = entries.c.key.in_(set(keys.values())) & (entries.c.source_id == self.source_id)
        columns = select(entries).where(by_key | entries.c.article_id.in_(list(tied))).order_by(entries.c.id.desc())
        found = list(connection.execute(columns).mappings())
        of_key = {row["key"]: row for row in found}
        named = {tied[row["article_id"]]: row for row in found if row["article_id"] in tied}
        return named | {capture: of_key[key] for capture, key in keys.items() if key in of_key}


def _from_entry(article: Mapping[str, Any]) -> tuple[str | None, str, date | None]:
    """Listing, title and day that came from a listing entry which the archive does not hold (any more)."""
    rules = {name: evidence.get("rule") for name, evidence in article.get("provenance", {}).items()}
    given = [article[name] if rules.get(name) == "listing-entry" else None for name in ("title", "published_on")]
    return article.get("listing_url"), given[0] or "", given[1]


def _articles_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The articles whose latest state was read from each capture."""
    states, articles = table(Revision).c, table(Article)
    names = ("id", "url", "listing_url", "title", "published_on")
    joined = articles.join(
        table(Revision), (articles.c.id == states.article_id) & (articles.c.revision_count == states.number)
    )
    columns = select(states.capture_id, states.provenance, *(articles.c[name] for name in names)).select_from(joined)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(columns.where(states.capture_id.in_(ids))).mappings():
        found.setdefault(row["capture_id"], []).append(dict(row))
    return found


def _parts_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The further pages of each capture, as the latest revision that was read from it names them."""
    parts, states, captures = table(RevisionPart).c, table(Revision).c, table(Capture)
    joined = table(RevisionPart).join(table(Revision), states.id == parts.revision_id)
    joined = joined.join(captures, captures.c.id == parts.capture_id)
    columns = select(states.capture_id.label("first"), parts.number.label("place"), captures).select_from(joined)
    kept = columns.where(states.capture_id.in_(ids), captures.c.warc_path.is_not(None), captures.c.expired_at.is_(None))
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for row in connection.execute(kept.order_by(states.number)).mappings():
        found.setdefault(row["first"], {})[row["place"]] = dict(row)
    return {first: [by_place[place] for place in sorted(by_place)] for first, by_place in found.items()}


def _originals(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, Place]:
    """Where the payloads of revisits are kept."""
    digests = {row["payload_digest"] for row in rows if row["revisit"]}
    captures = table(Capture).c
    whole = select(captures.payload_digest, captures.warc_path, captures.warc_offset, captures.warc_length).where(
        captures.payload_digest.in_(digests),
        captures.revisit.is_(False),
        captures.expired_at.is_(None),
        captures.warc_path.is_not(None),
    )
    return {row[0]: Place(*row[1:]) for row in connection.execute(whole)} if digests else {}
