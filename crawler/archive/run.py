"""One crawl and its transactions: what was fetched and what came of it are committed together, in small batches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Engine, select, update

from crawler.archive import frontier, gone, store
from crawler.archive.captures import Keeper
from crawler.archive.changes import content_digest
from crawler.archive.engine import reading, take_turn, writing
from crawler.archive.expiry import expire_captures
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Crawl, table
from crawler.archive.naming import uid_of
from crawler.archive.tombstones import url_marks, without_kept_out
from crawler.archive.types import uid_of_url
from crawler.facts import FACTS_VERSION
from crawler.items import Article, Capture, Listing, Rejection, Visit

CrawlKind = Literal["crawl", "import", "replay", "reextract"]
CrawlStatus = Literal["running", "finished", "failed", "interrupted"]
Outcome = Literal["done", "failed"]

COUNTS = ("pages", "new", "changed", "unchanged", "duplicate", "rejected")
MAX_WARNINGS = 50
FOUND_SECONDS = 0.1


@dataclass(slots=True, frozen=True)
class SourceRow:
    """What the archive keeps of a source."""

    id: str
    name: str
    homepage: str
    kind: str = "government"
    region_code: str | None = None
    politeness_group: str | None = None


@dataclass(slots=True, frozen=True)
class Batch:
    """When a batch is committed: after so many pages, or so many seconds after its first."""

    pages: int = 50
    seconds: float = 0.5


@dataclass(slots=True)
class Run:
    """A crawl in progress. Nothing counts as archived before `flush` returns; it is called by count and by time.

    `read` counts the pages that were recorded whole, committed or not; `kept_out` those with something taken down on
    them. `marks` are the names of what was taken down.
    """

    engine: Engine
    source: SourceRow
    crawl_id: int
    started_at: datetime
    resumed_from: int | None = None
    batch: Batch = field(default_factory=Batch)
    keeper: Keeper | None = None
    kind: CrawlKind = "crawl"
    capture_days: int | None = None
    marks: frozenset[str] = frozenset()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    stats: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    _found: list[frontier.Found] = field(default_factory=list)
    _parts: dict[int | None, list[Article | Listing | Rejection]] = field(default_factory=dict)
    _items: list[Article | Listing | Rejection] = field(default_factory=list)
    _outcomes: list[tuple[int, Outcome]] = field(default_factory=list)
    read: int = 0
    kept_out: int = 0
    _whole_pages: int = 0
    _first_at: float | None = None
    _cursor: int = 0
    _dry: bool = False
    _missing: list[str] = field(default_factory=list)
    _beside: list[Capture] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """What was committed so far, by the names in COUNTS."""
        return _counts(self.stats)

    @property
    def fetched(self) -> bool:
        """Whether this crawl has committed any page."""
        return self.stats["pages"] > self.stats["rejected"]

    @property
    def may_have_waiting(self) -> bool:
        """Whether the frontier may hold pages that were not given out yet."""
        return bool(self._found) or not self._dry

    def found(self, found: frontier.Found) -> None:
        """Note a page to fetch; a page already known to this crawl is ignored when the batch is written."""
        self._found.append(found)
        self._first_at = self._first_at or time.monotonic()

    def record(self, item: Article | Listing | Rejection) -> None:
        """Note what a page gave. With the item that is last of its page the page is whole; full batches are written."""
        visit = item.visit or Visit()
        # A replay sees the site of another day, and only what was captured of it: no page is missing for that.
        if isinstance(item, Rejection) and item.gone and visit.entry_url and self.kind != "replay":
            self._missing.append(visit.entry_url)
        if not visit.last:
            self._parts.setdefault(visit.page_id, []).append(item)
            return
        parts = [*self._parts.pop(visit.page_id, ()), item]
        if self.marks:
            parts = self._without_kept_out(parts)
        elif self.keeper is not None:
            self.keeper.keep(item)
        self._items += parts
        self._first_at = self._first_at or time.monotonic()
        self._whole_pages += 1
        self.read += 1
        if visit.page_id is not None:
            failed = isinstance(item, Rejection) and visit.capture is None
            self._outcomes.append((visit.page_id, "failed" if failed else "done"))
        if self._whole_pages >= self.batch.pages:
            self.flush()

    def _without_kept_out(self, parts: Sequence[Article | Listing | Rejection]) -> list[Article | Listing | Rejection]:
        """A page without what was taken down; its bytes, which hold the text, are then not kept."""
        left = list(without_kept_out(parts, self.source.id, self.marks))
        if left == list(parts):
            if self.keeper is not None:
                self.keeper.keep(parts[-1])
        else:
            self.kept_out += 1
        return left

    def note(self, captures: Iterable[Capture]) -> None:
        """Note responses that the crawl used beside its pages, as robots.txt. Raises ArchiveError."""
        noted = list(captures)
        if self.keeper is not None:
            self.keeper.keep_beside(noted)
        self._beside += noted
        self._first_at = self._first_at or time.monotonic()

    def is_kept_out(self, url: str | None) -> bool:
        """Whether the article at a URL was taken down: it is not fetched again."""
        return bool(url and self.marks) and not self.marks.isdisjoint(url_marks((url,)))

    def flush_if_due(self) -> None:
        """Write the batch if its first part has waited long enough."""
        if self._first_at is not None and self._waited() >= self.batch.seconds:
            self.flush()

    def _waited(self) -> float:
        """Seconds since the first thing that is not written yet was noted."""
        return time.monotonic() - self._first_at if self._first_at is not None else 0.0

    def flush(self) -> None:
        """Write all whole pages noted so far in one transaction. Raises ArchiveError; they are then still noted."""
        if not (self._found or self._items or self._outcomes or self._beside):
            return
        now = self.now()
        if self.keeper is not None:
            self.keeper.sync()
        with writing(self.engine) as connection:
            take_turn(connection)
            frontier.add(connection, self.crawl_id, self._found)
            tally = store.write(connection, self.source, self.crawl_id, now, self._items, self.keeper, self._beside)
            frontier.settle(connection, self._outcomes)
            stats = self.stats + tally.counts
            warnings = [*self.warnings, *tally.warnings][:MAX_WARNINGS]
            values = {"seen_alive_at": now, "stats": {**_counts(stats), "warnings": warnings}}
            connection.execute(update(Crawl).where(Crawl.id == self.crawl_id).values(values))
        self.stats, self.warnings = stats, warnings
        self._dry = self._dry and not self._found
        self._found, self._items, self._outcomes, self._beside = [], [], [], []
        self._whole_pages, self._first_at = 0, None
        if self.keeper is not None:
            self.keeper.forget()

    def drop(self) -> None:
        """Let go of what is not written yet, as before an end that is not to wait for it."""
        self._found, self._items, self._outcomes, self._beside = [], [], [], []
        self._parts.clear()
        self._whole_pages, self._first_at = 0, None
        if self.keeper is not None:
            self.keeper.forget()

    def waiting(self, limit: int = 200, *, idle: bool = True) -> list[frontier.Waiting]:
        """The next pages to fetch, each given out once, in the order they were found.

        Pages just found are written first, for that tells which are new: at once where the crawl is `idle`, else when
        enough have come together or waited long enough, so that a listing does not cost a transaction a link.
        """
        if self._found and (idle or len(self._found) >= self.batch.pages or self._waited() >= FOUND_SECONDS):
            self.flush()
        if self._dry:
            return []
        with reading(self.engine) as connection:
            rows = frontier.waiting(connection, self.crawl_id, self._cursor, limit)
        self._dry = len(rows) < limit
        if rows:
            self._cursor = rows[-1].id
        return rows

    def settled(self, canonical_urls: Sequence[str], days: int) -> set[str]:
        """Which of these URLs hold articles published more than `days` ago: they are not fetched again."""
        names = {uid_of_url(url): url for url in canonical_urls}
        articles = table(ArticleRow).c
        oldest = self.now().date() - timedelta(days=days)
        old = select(articles.uid).where(articles.uid.in_(names), articles.published_on < oldest)
        with reading(self.engine) as connection:
            return {names[uid] for uid in connection.execute(old).scalars()}

    def has_facts_of(self, article: Article) -> bool:
        """Whether the archive holds this very content with facts that the present rules read: none are to be read."""
        uid = uid_of(article)
        if uid is None:
            return False
        articles = table(ArticleRow).c
        held = select(articles.content_digest).where(articles.uid == uid, articles.facts_version == FACTS_VERSION)
        with reading(self.engine) as connection:
            content = connection.execute(held).scalar()
        return content is not None and content == content_digest(article)

    def to_recheck(self, limit: int) -> list[gone.Recheck]:
        """Articles that this crawl has not met, to be looked at before it ends."""
        self.flush()
        with reading(self.engine) as connection:
            return gone.to_recheck(connection, self.source.id, self.crawl_id, limit)

    def _mark_missing(self, now: datetime) -> None:
        if gone.are_many(len(self._missing), self.stats["pages"]):
            self.warn(
                f"{len(self._missing)} of {self.stats['pages']} pages are missing: the site may be broken or rebuilt;"
                " no article was marked gone"
            )
            return
        with writing(self.engine) as connection:
            take_turn(connection)
            self.stats["gone"] = gone.mark_missing(connection, self.source.id, self._missing, now)

    def warn(self, text: str) -> None:
        """Note something an operator should look at; kept with the crawl."""
        if len(self.warnings) < MAX_WARNINGS and text not in self.warnings:
            self.warnings.append(text)

    def finish(self, status: CrawlStatus, extra: Mapping[str, Any] | None = None) -> None:
        """Write what is left and close the crawl's row. A finished crawl keeps no waiting pages."""
        self.flush()
        if self.keeper is not None:
            self.keeper.close()
        now = self.now()
        if status == "finished":
            if self._missing:
                self._mark_missing(now)
            if self.keeper is not None and self.capture_days is not None:
                before = now - timedelta(days=self.capture_days)
                for left in expire_captures(self.engine, self.keeper.root, before, self.source.id, self.crawl_id).left:
                    self.warn(left)
        seconds = round((now - self.started_at).total_seconds(), 1)
        stats = {**_counts(self.stats), "warnings": self.warnings, "seconds": seconds, **(extra or {})}
        if self.kept_out:
            stats["kept_out"] = self.kept_out
        with writing(self.engine) as connection:
            values = {"status": status, "finished_at": now, "seen_alive_at": now, "stats": stats}
            connection.execute(update(Crawl).where(Crawl.id == self.crawl_id).values(values))


def _counts(stats: Counter[str]) -> dict[str, int]:
    return {name: stats[name] for name in COUNTS}
