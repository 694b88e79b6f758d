"""`import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.archive.run import Run
    from crawler.operate.warcs.importing import WarcImport
    from crawler.sources import Source

COUNTS = ("pages", "new", "changed", "unchanged", "duplicate", "rejected")
AUTO = "auto"


def import_(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    source: Annotated[
        str,
        typer.Option(
            metavar="ID|auto",
            help="The source the files belong to; `auto`: a source for each host of a web archive.",
            show_default=False,
        ),
    ],
    json_: output.AsJson = False,
) -> int:
    """Read files into the archive: listings as text (records between lines of `-`), HTML or JSON Lines; WARC, WACZ."""
    from crawler.operate.warcs.files import is_web_archive
    from crawler.sources import Registry

    known = None if source == AUTO else Registry()[source]
    missing = next((path for path in files if not path.is_file()), None)
    if missing is not None:
        if missing.is_dir():
            raise output.UserError(f"{missing} is a folder; name the files in it that are to be imported.")
        raise output.UserError(f"{missing} is no file." if missing.exists() else f"There is no file {missing}.")
    archives = [path for path in files if is_web_archive(path)]
    if len(archives) == len(files):
        return _web_archives(context.obj, archives, known, json_)
    if archives:
        raise output.UserError("Import web archives (WARC, WACZ) and saved listings in a command each.")
    if known is None:
        raise output.UserError("--source auto is for web archives (WARC, WACZ); name the source of the listings.")
    return _listings(context.obj, files, known, json_)


def _listings(archive: str | None, files: list[Path], source: Source, json_: bool) -> int:
    from crawler.archive import open_archive
    from crawler.operate.imports import import_files

    engine = open_archive(archive, create=True)
    progress = None if json_ else lambda path, total: output.say(f"{path}: {total} articles so far")
    again = "what was read whole is archived, and the same command goes on: what it meets again is unchanged"
    try:
        with output.stopping(f"Stopped; {again}."):
            run = import_files(engine, files, source, on_progress=progress)
    finally:
        engine.dispose()
    if json_:
        output.print_json(_as_json(source, run))
    else:
        _print_runs([(source, run)])
    return LOOK if _too_much_rejected(source, run) else DONE


def _web_archives(archive: str | None, files: list[Path], source: Source | None, json_: bool) -> int:
    from crawler.archive import open_archive
    from crawler.cli.progress import Bar
    from crawler.operate.warcs.importing import import_warcs
    from crawler.sources import Registry

    engine = open_archive(archive, create=True)
    try:
        with output.stopping("Stopped; what was read is archived, and the same command goes on."), Bar() as bar:
            registry = Registry() if source is None else ()
            done = import_warcs(engine, files, source, registry=registry, on_progress=None if json_ else bar)
    finally:
        engine.dispose()
    if json_:
        reports = [_as_json(each.source, each.run) for each in done.sources]
        beside = {
            "passed_over": dict(done.passed_over),
            "damaged": [{"file": each.path, "byte": each.offset, "reason": each.reason} for each in done.damages],
        }
        output.print_json({**reports[0], **beside} if source is not None else {"sources": reports, **beside})
    else:
        _print_runs([(each.source, each.run) for each in done.sources])
        _say_beside(done)
    runs = [(each.source, each.run) for each in done.sources]
    look = done.damages or not runs or any(run.warnings or _too_much_rejected(of, run) for of, run in runs)
    return LOOK if look else DONE


def _as_json(source: Source, run: Run) -> dict[str, Any]:
    return {"source": source.id, "crawl": run.crawl_id, **run.counts, "warnings": run.warnings}


def _print_runs(runs: list[tuple[Source, Run]]) -> None:
    output.print_table(("source", *COUNTS), [(source.id, *run.counts.values()) for source, run in runs], right=COUNTS)
    for source, run in runs:
        for warning in run.warnings:
            output.say(f"{source.id}: warning: {output.readable(warning)}")


def _say_beside(done: WarcImport) -> None:
    if not done.sources:
        output.say("The files hold no page with an article or a listing.")
    if done.passed_over:
        output.say("Passed over: " + ", ".join(f"{number} {what}" for what, number in done.passed_over.most_common()))
    for damage in done.damages:
        output.say(f"Damaged: {output.readable(str(damage))}")


def _too_much_rejected(source: Source, run: Run) -> bool:
    counts = run.counts
    records = sum(counts[name] for name in ("new", "changed", "unchanged", "duplicate", "rejected"))
    return counts["rejected"] > source.limits.max_rejected * max(records, 1)
