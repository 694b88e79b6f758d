"""`crawl`."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.operate.crawl import CrawlReport
    from crawler.sources import Registry, Source

COUNTS = ("pages", "new", "changed", "unchanged", "duplicate", "rejected")


def crawl(
    context: typer.Context,
    wanted: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE or URL]...", show_default=False)] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every source of the registry.")] = False,
    due: Annotated[bool, typer.Option(help="The sources whose schedule says so.")] = False,
    demo: Annotated[bool, typer.Option(help="The fixture sites, served on loopback.")] = False,
    max_pages: Annotated[int | None, typer.Option(min=1, help="End each crawl after so many pages.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Follow no older entries.")] = None,
    full: Annotated[bool, typer.Option(help="Fetch everything again; do not go on where a crawl was cut off.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Crawl into a copy of the archive and report; change nothing.")] = False,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="WARC|FOLDER", help="Read captures or a fixture site; no socket is opened."),
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", "-s", metavar="NAME=VALUE", help="A Scrapy setting.")
    ] = None,
    json_: output.AsJson = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show Scrapy's log.")] = False,
) -> int:
    """Crawl sources, or any listing by its URL, into the archive."""
    from crawler.operate.crawl import run_crawls
    from crawler.operate.dry_run import scratch_archive
    from crawler.spiders.options import CrawlOptions

    with ExitStack() as stack:
        if replay is not None:
            stack.enter_context(_replayed(replay, demo))
        sources = _sources(context.obj, wanted or [], all_, due, demo, stack)
        if replay is None and not demo:
            _require_contact(sources)
        options = CrawlOptions(max_pages, since.date() if since else None, full)
        archive = stack.enter_context(scratch_archive(context.obj)) if dry_run else context.obj
        show = stack.enter_context(_Display(len(sources)))
        settings = {"LOG_ENABLED": verbose, "LOG_LEVEL": "INFO", **_settings(set_ or [])}
        if replay is not None:
            settings["REPLAY"] = str(replay)
        reports = run_crawls(sources, archive=archive, options=options, settings=settings, on_progress=show)
    _print_reports(reports, json_)
    if not json_:
        _hints(context.obj, reports, dry_run)
    if any(report.status == "interrupted" for report in reports):
        goes_on = "The same command goes on from here." if replay is None else "The same command begins anew."
        output.say(f"Stopped; everything fetched is archived. {goes_on}")
        return 130
    return LOOK if any(report.needs_a_look for report in reports) else DONE


def _sources(
    archive: str | None, wanted: list[str], all_: bool, due: bool, demo: bool, stack: ExitStack
) -> list[Source]:
    from crawler.operate.due import due_sources
    from crawler.operate.fixtures import demo_sources
    from crawler.sources import Registry, source_from_url

    if sum((bool(wanted), all_, due, demo)) != 1:
        raise output.UserError("Say what to crawl: SOURCE or URL, or one of --all, --due, --demo.")
    if demo:
        return stack.enter_context(demo_sources())
    registry = Registry()
    if wanted:
        chosen = [source_from_url(each) if "://" in each else registry[each] for each in dict.fromkeys(wanted)]
    else:
        chosen = [source for source in registry if source.start_urls and not registry.is_fixture(source.id)]
        if due:
            chosen = due_sources(chosen, archive)
        else:
            _say_left_out(registry)
    for source in chosen:
        if not source.start_urls:
            raise output.UserError(f"Source {source.id} names no start_urls; it is fed by `zhaoshang import`.")
    return chosen


def _say_left_out(registry: Registry) -> None:
    """Say which sources of the registry --all leaves out, and why."""
    fixtures = [source.id for source in registry if registry.is_fixture(source.id)]
    fed = [source.id for source in registry if not source.start_urls and source.id not in fixtures]
    for names, why in ((fixtures, "fixture sites, which --demo crawls"), (fed, "no start_urls; fed by import")):
        if names:
            output.say(f"Left out: {', '.join(names)} ({why}).")


def _replayed(path: Path, demo: bool) -> AbstractContextManager[object]:
    """Open what is replayed before anything is crawled, and tell how far that is where it takes long."""
    from crawler.fetch.replay import opened

    if demo:
        raise output.UserError("--demo serves its sites itself: name a source or a URL to replay.")
    began = told = time.monotonic()

    def on_progress(file: Path, responses: int) -> None:
        nonlocal told
        if time.monotonic() - told >= 2:
            told = time.monotonic()
            output.say(f"Indexed {file}: {responses} responses so far, {told - began:.0f} s")

    return opened(path, on_progress)


def _settings(given: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    wrong = next((name for name, equals, _ in pairs if not equals or not name.isupper()), None)
    if wrong is not None:
        raise output.UserError(f"--set {wrong} is no setting; write it as NAME=VALUE, for example DOWNLOAD_DELAY=5.")
    return {name: value for name, _, value in pairs}


def _require_contact(sources: list[Source]) -> None:
    from crawler.fetch.contact import find_contact, require_contact

    require_contact(find_contact(), [url for source in sources for url in source.listing_urls])


def _print_reports(reports: list[CrawlReport], json_: bool) -> None:
    if json_:
        output.print_json([_report(report) for report in reports])
        return
    rows: list[list[Any]] = [
        [report.source.id, *(report.counts.get(name, 0) for name in COUNTS), f"{report.seconds:.1f}", report.status]
        for report in reports
    ]
    if len(rows) > 1:
        totals = [sum(row[place] for row in rows) for place in range(1, len(COUNTS) + 1)]
        rows.append(["total", *totals, "", ""])
    output.print_table(("source", *COUNTS, "seconds", "status"), rows, right=(*COUNTS, "seconds"))
    for report in reports:
        if report.failure:
            output.say(f"{report.source.id}: {output.readable(report.failure)}")
        for warning in report.warnings:
            output.say(f"{report.source.id}: warning: {output.readable(warning)}")


def _report(report: CrawlReport) -> dict[str, Any]:
    return {
        "source": report.source.id,
        "crawl": report.crawl_id,
        "status": report.status,
        **{name: report.counts.get(name, 0) for name in COUNTS},
        "seconds": report.seconds,
        "resumed": report.resumed,
        "warnings": report.warnings,
        "failure": report.failure,
    }


def _hints(archive: str | None, reports: list[CrawlReport], dry_run: bool) -> None:
    """Three commands to try next, with a real article."""
    if dry_run or not any(report.counts.get("pages") for report in reports):
        return
    from crawler.research import Archive

    with Archive(archive) as opened:
        newest = next(iter(opened.articles()), None)
    if newest is None:
        return
    prefix = f"{_program()} --archive {archive}" if archive else _program()
    output.say("Try next:")
    for command, does in (
        (f"{prefix} show {newest.uid}", "read the newest article"),
        (f"{prefix} stats", "see what the archive holds"),
        (f"{prefix} runs", "see how each crawl went"),
    ):
        output.say(f"  {command:<42} # {does}")


def _program() -> str:
    """The command as the user can type it: its name where that is on the path, else how it was called."""
    called = Path(sys.argv[0])
    if shutil.which("zhaoshang") or not called.is_file():
        return "zhaoshang"
    return os.path.relpath(called)


class _Display:
    """Progress on stderr: bars on a terminal, plain lines elsewhere."""

    def __init__(self, sources: int) -> None:
        self.sources = sources
        self.finished = 0
        self.bars: Any = None
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> _Display:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            text = TextColumn(
                "{task.fields[source]:<28} {task.completed:>6} pages  {task.fields[archived]:>6} articles"
            )
            self.bars = Progress(SpinnerColumn(), text, TimeElapsedColumn(), console=Console(stderr=True))
            self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bars is not None:
            self.bars.stop()

    def __call__(self, progress: Any) -> None:
        self.finished += progress.done
        if self.bars is None:
            if progress.done:
                counted = f"{progress.pages} pages, {progress.archived} articles, {progress.rejected} rejected"
                output.say(f"[{self.finished}/{self.sources}] {progress.source_id}: {counted}")
            return
        if progress.source_id not in self.tasks:
            self.tasks[progress.source_id] = self.bars.add_task("", source=progress.source_id, archived=0, total=None)
        task = self.tasks[progress.source_id]
        self.bars.update(task, completed=progress.pages, archived=progress.archived)
        if progress.done:
            self.bars.update(task, total=max(progress.pages, 1))
