"""Running crawls of several sources in one process: one after the other per server, several servers at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from crawler.archive.errors import ArchiveError, SourceBusy
from crawler.fetch.replay import opened
from crawler.sources import Source
from crawler.spiders.options import CrawlOptions
from crawler.spiders.source import SourceSpider

PARALLEL_SERVERS = 4

Report = Callable[["Progress"], None]


@dataclass(slots=True)
class CrawlReport:
    """What came of one source's crawl. `failure` is one sentence where it did not end as it should."""

    source: Source
    status: str = "failed"
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)
    failure: str | None = None
    resumed: bool = False
    crawl_id: int | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether an operator should look: it failed, it warned, or more was rejected than the source allows."""
        pages, rejected = self.counts.get("pages", 0), self.counts.get("rejected", 0)
        too_many = rejected > self.source.limits.max_rejected * max(pages, 1)
        return self.status == "failed" or bool(self.warnings) or too_many


@dataclass(slots=True, frozen=True)
class Progress:
    """How far one source's crawl is; `done` with the last one."""

    source_id: str
    pages: int
    archived: int
    rejected: int
    done: bool = False


def run_crawls(
    sources: Sequence[Source],
    *,
    archive: str | None = None,
    options: CrawlOptions | None = None,
    settings: Mapping[str, Any] | None = None,
    on_progress: Report | None = None,
) -> list[CrawlReport]:
    """Crawl sources into an archive and report on each, in their order.

    Blocks until all are done; Ctrl-C ends them cleanly. Raises ArchiveError where the archive cannot be used at all.
    """
    process = _Process(_configured(archive, settings))
    conductor = _Conductor(process, sources, options or CrawlOptions(), on_progress)
    process.work = asyncio.get_event_loop().create_task(conductor.all())
    process.start()
    if conductor.fatal is not None:
        raise conductor.fatal
    return conductor.reports


def replay_crawls(
    sources: Sequence[Source],
    replay: Path,
    *,
    archive: str | None = None,
    options: CrawlOptions | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[CrawlReport]:
    """Crawl sources out of captures or a fixture site, as often in one process as wanted; no socket is opened.

    Raises ArchiveError as `run_crawls` does, ReplayError or SiteError where there is nothing to replay.
    """
    with opened(replay):
        loop = _lasting_loop()
        runner = AsyncCrawlerRunner(
            _configured(archive, {"LOG_ENABLED": False, **(settings or {}), "REPLAY": str(replay)})
        )
        conductor = _Conductor(runner, sources, options or CrawlOptions(), None)
        loop.run_until_complete(conductor.all())
    if conductor.fatal is not None:
        raise conductor.fatal
    return conductor.reports


def _configured(archive: str | None, settings: Mapping[str, Any] | None) -> Settings:
    configured = Settings()
    configured.setmodule("crawler.settings", priority="project")
    configured.setdict({"ARCHIVE": archive, **(settings or {})}, priority="cmdline")
    if not configured.getbool("LOG_ENABLED"):
        # Scrapy writes several debug records a page; made for nobody, they cost a tenth of a crawl.
        logging.getLogger("scrapy").setLevel(logging.ERROR)
    return configured


def _lasting_loop() -> asyncio.AbstractEventLoop:
    """The loop of Twisted's reactor, which can be started once in a process: it goes on from crawl to crawl."""
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
    return loop


class _Process(AsyncCrawlerProcess):
    """A Scrapy process that ends with one piece of work, which starts its crawls by and by."""

    work: asyncio.Task[None]

    async def join(self) -> None:
        """Wait for the work."""
        await self.work


class _Conductor:
    """Starts crawls in the order of the sources, never two of one server at once."""

    def __init__(
        self, process: AsyncCrawlerRunner, sources: Sequence[Source], options: CrawlOptions, on_progress: Report | None
    ) -> None:
        self.process = process
        self.reports = [CrawlReport(source) for source in sources]
        self.options = options
        self.on_progress = on_progress
        self.fatal: ArchiveError | None = None
        self.stopped = False

    async def all(self) -> None:
        """Crawl every source."""
        queues: dict[str, list[CrawlReport]] = {}
        for report in self.reports:
            queues.setdefault(_server(report.source), []).append(report)
        free = asyncio.Semaphore(PARALLEL_SERVERS)
        await asyncio.gather(*(self._queue(queue, free) for queue in queues.values()))

    async def _queue(self, queue: Sequence[CrawlReport], free: asyncio.Semaphore) -> None:
        for report in queue:
            async with free:
                if self.fatal is None and not self.stopped:
                    await self._one(report)

    async def _one(self, report: CrawlReport) -> None:
        crawler = self.process.create_crawler(SourceSpider)
        ticker = asyncio.ensure_future(self._tick(report, crawler))
        try:
            await self.process.crawl(crawler, source=report.source, options=self.options)
        except SourceBusy as error:
            report.failure = str(error)
        except ArchiveError as error:
            self.fatal = error
        except Exception as error:
            report.failure = f"{type(error).__name__}: {error}"
        finally:
            ticker.cancel()
        self._fill(report, crawler.spider)

    def _fill(self, report: CrawlReport, spider: Any) -> None:
        run = getattr(spider, "run", None)
        if run is None:
            return
        report.crawl_id = run.crawl_id
        report.status = spider.status
        self.stopped = self.stopped or report.status == "interrupted"
        report.counts = run.counts
        report.seconds = round((run.now() - run.started_at).total_seconds(), 1)
        report.warnings = list(run.warnings)
        report.resumed = run.resumed_from is not None
        report.failure = report.failure or (spider.failure if report.status == "failed" else None)
        if spider.archive_error is not None:
            self.fatal = spider.archive_error
        self._tell(report, done=True)

    async def _tick(self, report: CrawlReport, crawler: Any) -> None:
        while self.on_progress is not None:
            await asyncio.sleep(0.5)
            run = getattr(crawler.spider, "run", None)
            if run is not None:
                report.counts = run.counts
                self._tell(report)

    def _tell(self, report: CrawlReport, *, done: bool = False) -> None:
        if self.on_progress is not None:
            counts = report.counts
            archived = sum(counts.get(name, 0) for name in ("new", "changed", "unchanged"))
            pages, rejected = counts.get("pages", 0), counts.get("rejected", 0)
            self.on_progress(Progress(report.source.id, pages, archived, rejected, done))


def _server(source: Source) -> str:
    """Sources that certainly share a server; hosts that turn out to share an address take turns by its lease."""
    return source.politeness_group or urlsplit((source.listing_urls or (source.homepage,))[0]).netloc
