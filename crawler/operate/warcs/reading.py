"""The pages of one source, read from WARC files as a crawl would read them, in the order of time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from urllib.parse import urlsplit

from sqlalchemy import select

from crawler.archive import reading
from crawler.archive.models import Capture as CaptureRow
from crawler.archive.models import Crawl, table
from crawler.archive.models import Entry as EntryRow
from crawler.archive.run import Run
from crawler.archive.types import uid_of_url
from crawler.capture import CaptureError, payload_digest
from crawler.extract import read_page
from crawler.extract.urls import canonical_url
from crawler.extract.whole import incomplete, joined, with_entry
from crawler.items import Article, Capture, ClaimedRole, Listing, Rejection, Visit
from crawler.items import Page as Seen
from crawler.operate.imports import Item, settled
from crawler.operate.warcs.exchanges import Taken, capture_of
from crawler.operate.warcs.index import Expected, Page, State, WarcIndex
from crawler.operate.warcs.rules import role_of
from crawler.sources import Source
from crawler.spiders.outcome import listing_parts, no_entries, refusal

_UNREAD = frozenset({"no_text", "no_markup"})
_LATER_PAGE = re.compile(r"_[0-9]{1,2}(?=\.\w{2,6}\Z)")  # t20260521_42310_1.html


@dataclass(slots=True)
class SourceReading:
    """Reads what the index holds of one host into a run; `passed_over` counts what is no page of the source."""

    index: WarcIndex
    source: Source
    host: str
    run: Run
    on_page: Callable[[], None] = lambda: None
    passed_over: Counter[str] = field(default_factory=Counter)
    _moment: datetime | None = None
    _met: set[tuple[str, str]] = field(default_factory=set)

    def read(self) -> None:
        """Read every page: first in the order of time, then those of which a listing that came later may know more."""
        for url in self.source.listing_urls:
            self.index.expect(url, Expected("listing"))
        states: tuple[State, ...] = ("waiting", "later")
        for state in states:
            for page in self.index.pages(self.host, state):
                self._page(page, may_wait=state == "waiting")
                self.run.flush_if_due()
                self.on_page()

    def _page(self, page: Page, *, may_wait: bool) -> None:
        expected = self.index.expected(page) or self._listed_before(page)
        may_wait = may_wait and expected is None
        if may_wait and self._may_continue_another(page):
            self.index.set_unread(page.key, "later")
            return
        try:
            taken = self._take(page, expected.entry_url if expected else None)
        except CaptureError as error:
            self.index.set_state(page, "done")
            self._record([Rejection(page.url, "capture", str(error))], Visit(seen_at=page.at))
            return
        if taken is None:
            self.index.set_state(page, "done")
            self.passed_over["file"] += 1
            return
        seen = self._read(taken.capture, expected.role if expected else None)
        if may_wait and _may_gain(seen):
            self.index.set_unread(page.key, "later")
            return
        self.index.set_state(page, "done")
        more: list[Capture] = []
        items = list(self._items(page, taken, seen, expected, more))
        if not items:
            self.passed_over["no article"] += 1
        elif self._is_known(taken.capture):
            self.passed_over["known"] += 1
        else:
            entry_url = expected.entry_url if expected else None
            visit = Visit(capture=taken.capture, entry_url=entry_url or page.url, more=tuple(more), seen_at=page.at)
            self._record(items, visit)

    def _record(self, items: list[Item], visit: Visit) -> None:
        for item in settled(items, visit):
            self.run.record(item)

    def _take(self, page: Page, entry_url: str | None) -> Taken | None:
        """The capture of a page; None for a revisit of what turns out to be no page."""
        record = self.index.read(page)
        if page.role == "page" and role_of(record) not in ("page", "data"):
            return None
        origin = PurePath(self.index.files[page.file].name).name
        return capture_of(record, page.at, self.index.asked(page), entry_url or page.url, origin)

    def _read(self, capture: Capture, role: ClaimedRole | None) -> Seen:
        return read_page(
            capture.body,
            capture.url,
            content_type=capture.content_type,
            fetched_at=capture.fetched_at,
            status=capture.status,
            role=role,
            selectors=tuple(each.selectors() for each in self.source.selectors),
        )

    def _items(
        self, page: Page, taken: Taken, seen: Seen, expected: Expected | None, more: list[Capture]
    ) -> Iterator[Item]:
        """What a page gives, nothing where it is none. `more` takes the captures of the pages an article goes on in."""
        listing, visit = seen.listing, Visit()
        refused = seen.kind in ("blocked", "error") or taken.capture.status >= 400
        if seen.article is not None and seen.kind == "article" and not refused:
            yield self._article(page, taken, seen.article, expected, more)
        elif listing is not None and _shows_entries(seen, listing) and not refused:
            self._expect(listing, page)
            yield from listing_parts(listing, visit)
            yield listing
        elif page.role == "data" and expected is None:
            return
        elif expected is not None and expected.role == "listing" and not refused:
            # Some pagers do not say how many pages there are: the first empty one is the end.
            yield Listing(page.url) if expected.listing_url else no_entries(page.url, seen.reason, visit)
        elif expected is not None or refused or (seen.kind == "other" and seen.reason not in _UNREAD):
            # What was missing when others looked says nothing of today.
            yield replace(refusal(page.url, taken.capture.status, seen.kind, seen.reason, visit), gone=False)

    def _article(
        self, page: Page, taken: Taken, article: Article, expected: Expected | None, more: list[Capture]
    ) -> Article:
        whole = self._whole(page, article, more)
        if taken.flaw:
            whole = incomplete(whole, taken.flaw)
        if expected is None or expected.role != "article":
            return whole
        return with_entry(whole, expected.listing_url, expected.title, expected.published_on)

    def _whole(self, page: Page, article: Article, more: list[Capture]) -> Article:
        """An article with the pages it continues on, from the captures made next to its own."""
        following, asked = article.next_page, {page.key}
        while following and len(more) < self.source.limits.max_article_parts:
            key = canonical_url(following.url)
            if key in asked or urlsplit(following.url).hostname != urlsplit(page.url).hostname:
                break
            asked.add(key)
            found = self.index.nearest(following.url, page.at)
            read = self._part(found, more) if found else None
            if read is None:
                return incomplete(article, f"{following.url} is not in the files, or could not be read")
            article, following = joined(article, read), read.next_page
        return article

    def _part(self, page: Page, more: list[Capture]) -> Article | None:
        self.index.set_unread(page.key, "part")
        try:
            taken = self._take(page, None)
        except CaptureError:
            return None
        if taken is None or taken.capture.status >= 400:
            return None
        more.append(taken.capture)
        return self._read(taken.capture, "article").article

    def _may_continue_another(self, page: Page) -> bool:
        """Whether a page has the address of a later page of an article whose first page is in the files too."""
        first = _LATER_PAGE.sub("", page.key)
        return first != page.key and self.index.captured(first)

    def _expect(self, listing: Listing, page: Page) -> None:
        """Note the next page of a listing, and the articles it leads to with what it says of them."""
        if listing.next_page is not None:
            self.index.expect(listing.next_page.url, Expected("listing", page.url))
        for entry in listing.entries:
            if entry.url is not None and self.source.follows(entry):
                known = Expected("article", listing.url, entry.title, entry.published_on, entry.url)
                self.index.expect(entry.url, known)

    def _listed_before(self, page: Page) -> Expected | None:
        """What a listing in the archive says of a page."""
        rows = table(EntryRow).c
        named = (rows.source_id == self.source.id, rows.key == uid_of_url(page.key), rows.external.is_(False))
        with reading(self.run.engine) as connection:
            row = connection.execute(select(rows.listing_url, rows.title, rows.published_on).where(*named)).first()
        return Expected("article", row.listing_url, row.title, row.published_on, page.url) if row else None

    def _is_known(self, capture: Capture) -> bool:
        """Whether the archive holds this very exchange, so that an import that was cut off goes on after it."""
        digest = payload_digest(capture.wire.payload if capture.wire else capture.body)
        moment = capture.fetched_at.replace(microsecond=0)
        if moment != self._moment:
            self._moment = moment
            self._met.clear()
        if (capture.url, digest) in self._met:
            return True
        self._met.add((capture.url, digest))
        rows, crawls = table(CaptureRow).c, table(Crawl).c
        same = (rows.payload_digest == digest, rows.url == capture.url, rows.fetched_at == moment)
        joined = table(CaptureRow).join(table(Crawl), crawls.id == rows.crawl_id)
        found = select(rows.id).select_from(joined).where(*same, crawls.source_id == self.source.id)
        with reading(self.run.engine) as connection:
            return connection.execute(found.limit(1)).first() is not None


def _shows_entries(seen: Seen, listing: Listing) -> bool:
    """Whether a page is a listing; a home page is one where its entries have dates, as columns of news have."""
    if seen.kind == "home":
        return any(entry.published_on for entry in listing.entries)
    return seen.kind == "listing" and bool(listing.entries or listing.next_page)


def _may_gain(seen: Seen) -> bool:
    """Whether a listing may say more of a page than it says itself."""
    if seen.kind == "article" and seen.article is not None:
        return not (seen.article.title and seen.article.published_on)
    return seen.kind in ("home", "other", "error")
