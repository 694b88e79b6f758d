"""`extract` and `fixture`: working with saved pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.operate.replayed import Replayed

fixture = typer.Typer(help="Hand-written and recorded sites for development.", no_args_is_help=True)


def extract(
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page, or a URL.", show_default=False)],
    url: Annotated[str | None, typer.Option(help="Where a saved page came from.")] = None,
    fetched_at: Annotated[datetime | None, typer.Option(metavar="TIME", help="When it was fetched (ISO 8601).")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON (it always does).")] = True,
) -> int:
    """Print what the extractor sees in a page."""
    from crawler.operate.extracting import extract_page

    output.print_json(extract_page(page, url=url, fetched_at=fetched_at))
    return DONE


@fixture.command("serve")
def serve(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...", show_default=False)] = None,
) -> int:
    """Serve fixture sites on loopback until Ctrl-C; without a folder, all of them."""
    import signal

    from crawler.operate.fixture_server import serve_all
    from crawler.operate.fixtures import fixture_folders

    with serve_all(folders or fixture_folders()) as servers:
        for server in servers:
            print(server.base_url, flush=True)
        output.say("Serving until Ctrl-C.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            output.say("Stopped.")
    return DONE


@fixture.command("record")
def record(
    wanted: Annotated[str, typer.Argument(metavar="URL|SOURCE", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="A new folder, e.g. fixtures/NAME.", show_default=False)],
    max_pages: Annotated[int, typer.Option(min=1, help="Keep so many pages.")] = 30,
    replay: Annotated[
        Path | None, typer.Option(metavar="WARC|FOLDER", help="Take the pages from captures, not from the site.")
    ] = None,
    json_: output.AsJson = False,
) -> int:
    """Crawl a small part of a site and keep it as a fixture site: pages to open and edit, and their manifest."""
    from crawler.operate.recording import record_site

    def on_progress(progress: Any) -> None:
        if progress.done:
            output.say(f"{progress.source_id}: {progress.pages} pages, {progress.archived} articles")

    report, kept = record_site(wanted, out, max_pages=max_pages, replay=replay, on_progress=on_progress)
    if json_:
        output.print_json({"folder": str(out), "answers": kept, "counts": report.counts, "failure": report.failure})
    elif kept:
        print(out)
        output.say(f"Recorded {kept} answers. Check {out / 'expected.json'}, then: zhaoshang fixture replay {out}")
    if report.failure:
        output.say(f"{report.source.id}: {output.readable(report.failure)}")
    return DONE if kept and not report.failure else LOOK


@fixture.command("replay")
def replay(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...", show_default=False)] = None,
    json_: output.AsJson = False,
) -> int:
    """Replay fixture sites without a socket, print what comes out, and compare it with their expected.json."""
    from crawler.operate.fixtures import fixture_folders
    from crawler.operate.replayed import differences, read_expected
    from crawler.operate.replaying import replayed

    outcomes = []
    for folder in folders or fixture_folders():
        expected = read_expected(folder)
        with replayed(folder) as outcome:
            found = differences(outcome, expected) if expected is not None else []
            outcomes.append((folder, outcome, expected, found))
    if json_:
        output.print_json([_outcome(*each) for each in outcomes])
    else:
        for each in outcomes:
            _print_outcome(*each)
    return LOOK if any(found or outcome.report.failure for _, outcome, _, found in outcomes) else DONE


def _outcome(folder: Path, outcome: Replayed, expected: Any, found: list[str]) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "source": outcome.source.id,
        "counts": dict(outcome.counts),
        "articles": [
            {"uid": each.uid, "url": each.url, "title": each.title, "published_on": each.published_on}
            for each in outcome.articles
        ],
        "rejections": list(outcome.rejections),
        "warnings": list(outcome.warnings),
        "failure": outcome.report.failure,
        "compared": expected is not None,
        "differences": found,
    }


def _print_outcome(folder: Path, outcome: Replayed, expected: Any, found: list[str]) -> None:
    rows = [(each.published_on, each.origin, each.title, each.url) for each in outcome.articles]
    output.print_table(("date", "origin", "title", "url"), rows)
    for rejection in outcome.rejections:
        output.say(f"{folder}: rejected: {output.readable(f'{rejection.url}: {rejection.reason}')}")
    for text in [*outcome.warnings, *([outcome.report.failure] if outcome.report.failure else [])]:
        output.say(f"{folder}: {output.readable(text)}")
    for text in found:
        output.say(f"{folder}: differs: {output.readable(text)}")
    if expected is None:
        output.say(f"{folder}: there is no expected.json to compare with.")
    elif not found:
        counts = f"{outcome.counts.get('pages', 0)} pages, {len(outcome.articles)} articles"
        output.say(f"{folder}: {counts}, all as expected.json says")
