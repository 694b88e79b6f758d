"""The spider that crawls any source from its YAML: listing, entries, article pages, next listing page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure

from crawler.archive.engine import open_archive
from crawler.archive.errors import ArchiveError
from crawler.archive.run import Batch, CrawlStatus, Run, SourceRow
from crawler.archive.starting import start_run
from crawler.archive.types import digest
from crawler.extract.urls import canonical_url
from crawler.extract.whole import incomplete, joined, with_entry
from crawler.fetch.apart import works_apart
from crawler.fetch.failures import explain
from crawler.fetch.replay import Answers, is_missing, opened
from crawler.fetch.robots import robots_answered
from crawler.fetch.stopping import StillWaiting, stop_crawl
from crawler.items import Article, Capture, Entry, Listing, Page, PageRequest, Rejection, Selectors, Visit
from crawler.sources import Registry, Source, source_from_url
from crawler.spiders.options import CrawlOptions
from crawler.spiders.outcome import listing_parts, no_entries, refusal
from crawler.spiders.pages import capture_of, fetched_at, header, hops_of, sent_home
from crawler.spiders.reader import PageReader
from crawler.spiders.requests import KIND, PAGE_ID, page_request

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# How a Scrapy closing reason ends a crawl; any other reason is a failure.
_STATUS: dict[str, CrawlStatus] = {"finished": "finished", "page limit": "finished", "shutdown": "interrupted"}

Item = Article | Listing | Rejection


class SourceSpider(Spider):
    """Crawls one source into the archive.

    Arguments: `id` (a source of the registry), or `url` (a listing crawled without any configuration), or `source`
    (a Source). `since=YYYY-MM-DD` follows no older entries, `full=1` ignores the source's own limits on what is
    fetched again and an earlier crawl's frontier, `max_pages=N` ends the crawl after N pages.
    """

    name = "source"
    run: Run
    reader: PageReader
    source: Source

    def __init__(self, source: Source, options: CrawlOptions, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.options = options
        self.max_pages = min(options.max_pages or source.limits.max_pages, source.limits.max_pages)
        self.home_urls = source.listing_urls or (source.homepage,)
        self.politeness_group = source.politeness_group
        self.request_delay = source.delay
        # Scrapy's own guard keeps redirects and next pages on these hosts and their subdomains.
        self.allowed_domains = [host.removeprefix("www.") for host in source.hosts]
        self.selectors: tuple[Selectors, ...] = tuple(each.selectors() for each in source.selectors)
        self.rechecked = False
        self.status: CrawlStatus = "running"
        self.failure: str | None = None
        self.archive_error: ArchiveError | None = None
        self.replay: Answers | None = None
        self.opened = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider for a crawl, and open its run in the archive named by the ARCHIVE setting."""
        source = _chosen(kwargs.pop("source", None), kwargs.pop("id", None), kwargs.pop("url", None))
        options = CrawlOptions.read(kwargs)
        spider = super().from_crawler(crawler, source, options, **kwargs)
        spider.reader = PageReader(apart=works_apart(crawler.settings))
        spider._open(crawler.settings)
        crawler.signals.connect(spider.recheck, signals.spider_idle)
        crawler.signals.connect(spider.note_robots, robots_answered)
        return spider

    def _open(self, settings: BaseSettings) -> None:
        """Open the captures of a replay, and the run in the archive."""
        source = self.source
        with ExitStack() as stack:
            if settings.get("REPLAY"):
                self.replay = stack.enter_context(opened(settings["REPLAY"]))
            self.run = start_run(
                open_archive(settings.get("ARCHIVE"), write=True, create=True),
                SourceRow(source.id, source.name, source.homepage, source.kind, source.region, source.politeness_group),
                "replay" if self.replay else "crawl",
                resume_within=None if self.options.full or self.replay else self.options.resume_within,
                batch=Batch(settings.getint("ARCHIVE_BATCH_PAGES"), settings.getfloat("ARCHIVE_BATCH_SECONDS")),
                captures=_told(settings, "CAPTURES", source.captures.policy),
                capture_root=settings.get("CAPTURE_ROOT"),
                capture_days=_days(_told(settings, "CAPTURES_DAYS", source.captures.days)),
            )
            self.opened = stack.pop_all()

    async def start(self) -> AsyncIterator[Any]:
        """The listings of the source."""
        for url in self.source.listing_urls:
            yield Request(url, self.parse_listing, cb_kwargs={"number": 1}, meta={KIND: "listing"})

    async def parse_listing(
        self, response: Response, number: int, seen: list[str] | None = None
    ) -> AsyncIterator[Item | Request]:
        """One page of entries: the next page first, so that the list moves as little as can be, then the articles."""
        visit = self._visit(response)
        page = await self._read(response, "listing")
        if page.kind in ("blocked", "error") or response.status >= 400:
            yield self._refused(response, visit, page.kind, page.reason)
            return
        if page.listing is None and page.article is not None and page.kind == "article":
            yield replace(page.article, visit=visit)
            return
        listing = page.listing
        if listing is None or not (listing.entries or listing.next_page):
            if number > 1:
                # Some pagers do not say how many pages there are: the first empty one is the end.
                yield Listing(response.url, visit=visit)
                return
            yield no_entries(response.url, page.reason, visit)
            return
        shown = digest("\n".join(entry.url or entry.title for entry in listing.entries))
        if listing.next_page is not None and self._goes_on(listing, shown, seen or [], number, response):
            seen = [*(seen or [])[:1], shown]
            yield page_request(
                listing.next_page,
                callback=self.parse_listing,
                cb_kwargs={"number": number + 1, "seen": seen},
                meta={KIND: "listing", "depth": response.meta.get("depth", 0) + 1},
            )
        for part in listing_parts(listing, visit):
            yield part
        for entry in self._to_fetch(listing):
            yield self._article_request(entry, listing, response)
        yield replace(listing, visit=visit)

    async def parse_article(
        self, response: Response, listing_url: str | None, title: str, published_on: str | None = None
    ) -> AsyncIterator[Item]:
        """One article page; the pages it continues on are fetched here, so that they are one article."""
        visit = self._visit(response, listing_url)
        if sent_home(response, visit):
            reason = "the site sends the reader of this page to its home page"
            yield Rejection(response.url, "extract", reason, gone=True, visit=visit)
            return
        page = await self._read(response, "article")
        article = page.article
        if article is None or page.kind in ("blocked", "error") or response.status >= 400:
            yield self._refused(response, visit, page.kind, page.reason)
            return
        try:
            article, more = await self._whole(article, response)
        except StillWaiting:
            return  # the crawl is ending: the page is not done, and the next crawl reads it whole
        article = with_entry(article, listing_url, title, date.fromisoformat(published_on) if published_on else None)
        yield replace(article, visit=replace(visit, more=more))

    def on_failure(self, failure: Failure) -> Iterator[Item]:
        """A page that could not be fetched, with the reason; one that was only held back still waits."""
        if isinstance(failure.value, StillWaiting):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        stage, reason = explain(failure)
        self.failure = self.failure or f"{request.url}: {reason}"
        yield Rejection(request.url, stage, reason, visit=Visit(page_id=request.meta.get(PAGE_ID)))

    def recheck(self) -> None:
        """Before a whole crawl ends, look again at some articles that no listing showed: are they still there?"""
        if self.rechecked or self.options.since or self.archive_error or self.replay:
            return
        self.rechecked = True
        try:
            unseen = self.run.to_recheck(self.source.limits.max_rechecked) if self.run.fetched else []
        except ArchiveError as error:
            self.stop_for(error)
            return
        for article in unseen:
            arguments = {"listing_url": article.listing_url, "title": article.title}
            request = Request(article.url, self.parse_article, cb_kwargs=arguments, meta={KIND: "article"})
            self.crawler.engine.crawl(request)
        if unseen:
            raise DontCloseSpider

    def stop_for(self, error: ArchiveError) -> None:
        """End the crawl because the archive cannot be written; what was committed is safe."""
        self.failure, self.archive_error = str(error), error
        stop_crawl(self.crawler, "archive")

    def closed(self, reason: str) -> None:
        """Close the run with what the reason means for it."""
        self.reader.close()
        for damage in self.replay.damages if self.replay else ():
            self.run.warn(damage)
        self.opened.close()
        self.status = _STATUS.get(reason, "failed")
        try:
            self.run.flush()
            if self.status == "finished" and self.failure and not self.run.fetched:
                self.status = "failed"
            if self.status == "failed":
                self.failure = self.failure or f"the crawl ended: {reason}"
            failure = {"failure": self.failure} if self.status == "failed" else {}
            self.run.finish(self.status, {"reason": reason, **failure})
        except ArchiveError as error:
            self.status, self.failure, self.archive_error = "failed", str(error), error
        finally:
            self.run.engine.dispose()

    async def _read(self, response: Response, role: Any) -> Page:
        return await self.reader.read(
            body=response.body,
            url=response.url,
            content_type=header(response, "Content-Type"),
            fetched_at=fetched_at(response),
            status=response.status,
            role=role,
            selectors=self.selectors,
        )

    def _visit(self, response: Response, via: str | None = None) -> Visit:
        asked: Request = response.request  # type: ignore[assignment]
        first = (response.meta.get("redirect_urls") or [asked.url])[0]
        before = hops_of(asked, first)
        capture = None if is_missing(response) else capture_of(response, first)
        return Visit(response.meta.get(PAGE_ID), capture, first, before=before, via=via)

    def note_robots(self, request: Request, response: Response) -> None:
        """A robots.txt that the crawl keeps to is kept as well."""
        if not is_missing(response):
            self.run.note((*hops_of(request, request.url), capture_of(response, request.url)))

    def _refused(self, response: Response, visit: Visit, kind: str, reason: str) -> Rejection:
        if is_missing(response):
            reason = "the replayed captures do not hold this page"
            self.failure = self.failure or f"{response.url}: {reason}"
            return Rejection(response.url, "fetch", reason, visit=visit)
        refused = refusal(response.url, response.status, kind, reason, visit)
        if response.status >= 400:
            self.failure = self.failure or f"{response.url}: {refused.reason}"
        return refused

    def _goes_on(self, listing: Listing, shown: str, seen: list[str], number: int, response: Response) -> bool:
        """Whether the next page is worth asking for: not where it repeats, lies beyond a limit, or is too old."""
        following = listing.next_page
        assert following is not None
        if following.method == "GET" and canonical_url(following.url) == canonical_url(response.url):
            self.run.warn(f"{response.url}: the next page of this listing is the page itself")
            return False
        if shown in seen:
            self.run.warn(f"{response.url}: page {number} of this listing repeats an earlier page")
            return False
        if number >= self.source.limits.max_listing_pages:
            self.run.warn(f"{response.url}: stopped at the limit of {number} listing pages")
            return False
        since = self.options.since
        days = [entry.published_on for entry in listing.entries]
        return not (since and days and all(day is not None and day < since for day in days))

    def _to_fetch(self, listing: Listing) -> list[Entry]:
        """The entries whose article pages are fetched: on hosts of the source, new enough, not known and settled."""
        since = self.options.since
        entries = [
            entry
            for entry in listing.entries
            if self.source.follows(entry)
            and not self.run.is_kept_out(entry.url)
            and not (since and entry.published_on and entry.published_on < since)
        ]
        days = None if self.options.full or self.replay else self.source.limits.recheck_days
        if days is None:
            return entries
        settled = self.run.settled([canonical_url(entry.url or "") for entry in entries], days)
        return [entry for entry in entries if canonical_url(entry.url or "") not in settled]

    def _article_request(self, entry: Entry, listing: Listing, response: Response) -> Request:
        arguments = {"listing_url": listing.url, "title": entry.title}
        if entry.published_on:
            arguments["published_on"] = entry.published_on.isoformat()
        depth = response.meta.get("depth", 0) + 1
        assert entry.url is not None
        return Request(entry.url, self.parse_article, cb_kwargs=arguments, meta={KIND: "article", "depth": depth})

    async def _whole(self, article: Article, response: Response) -> tuple[Article, tuple[Capture, ...]]:
        """An article with the pages it continues on; a part that cannot be had leaves it shorter, which is noted."""
        asked = {canonical_url(response.url)}
        captures: list[Capture] = []
        following: PageRequest | None = article.next_page
        while following and len(captures) < self.source.limits.max_article_parts:
            key = canonical_url(following.url)
            if key in asked or urlsplit(following.url).hostname != urlsplit(response.url).hostname:
                break
            asked.add(key)
            request = page_request(following, meta={PAGE_ID: response.meta.get(PAGE_ID), KIND: "part"})
            try:
                part = await self.crawler.engine.download_async(request)
            except StillWaiting:
                raise
            except Exception as error:
                return incomplete(article, explain(error)[1]), tuple(captures)
            if is_missing(part):
                return incomplete(article, f"the replayed captures do not hold {following.url}"), tuple(captures)
            captures.append(capture_of(part, request.url))
            read = (await self._read(part, "article")).article if part.status < 400 else None
            if read is None:
                return incomplete(article, f"{following.url} could not be read"), tuple(captures)
            article = joined(article, read)
            following = read.next_page
        return article, tuple(captures)


def _chosen(source: Source | None, source_id: str | None, url: str | None) -> Source:
    if source is not None:
        return source
    if url is not None:
        return source_from_url(url)
    if source_id is None:
        raise ValueError("say which source: scrapy crawl source -a id=ID (or -a url=URL)")
    return Registry()[source_id]


def _told(settings: BaseSettings, name: str, of_source: Any) -> Any:
    """A setting: as the command line says, else as the source's YAML says, else as it is set for all."""
    on_command_line = (settings.getpriority(name) or 0) >= SETTINGS_PRIORITIES["cmdline"]
    return settings.get(name) if of_source is None or on_command_line else of_source


def _days(given: Any) -> int | None:
    """For how many days captures are kept; None for good. Raises ArchiveError where the setting is no number."""
    if given in (None, ""):
        return None
    if not str(given).isdigit():
        raise ArchiveError(f"CAPTURES_DAYS={given} is no number of days; give one, or leave it out to keep captures.")
    return int(given)
