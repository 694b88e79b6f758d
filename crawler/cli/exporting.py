"""`export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args

import typer

from crawler.cli import DONE, INTERRUPTED, LOOK, output
from crawler.cli.filtering import filtered

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.research.export.wanted import Wanted
    from crawler.research.filters import Filters

Format = Literal["csv", "jsonl", "parquet", "datapackage", "wacz"]
Text = Literal["none", "excerpt", "full"]
_STREAMED = ("csv", "jsonl")
# What the name of a file says of its format.
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".zip": "datapackage",
    ".wacz": "wacz",
}


@filtered
def export(
    context: typer.Context,
    filters: Filters,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="By default what --out ends in. datapackage: a folder, or a .zip.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="By default stdout (csv, jsonl).", show_default=False)
    ] = None,
    text: Annotated[Text, typer.Option(help="How much of the texts.")] = "excerpt",
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Leave mobile and identity numbers as they are.")
    ] = False,
    json_: output.AsJson = False,
) -> int:
    """Write articles with their facts, or the captures (wacz), in a form that others read."""
    from crawler.archive import open_archive
    from crawler.research.export.wanted import Wanted

    kind = _format(format_, out, json_)
    if kind == "wacz":
        _only_sources(filters)
    engine = open_archive(context.obj)
    try:
        if kind == "wacz":
            return _wacz(engine, _file(out, kind), filters, json_)
        wanted = Wanted(filters, text, masked=not unmasked)
        if out is None:
            return _stream(engine, kind, wanted)
        return _write(engine, kind, out, wanted, json_)
    except KeyboardInterrupt:
        output.say("Stopped; nothing was written." if out is not None else "Stopped.")
        return INTERRUPTED
    finally:
        engine.dispose()


def _format(given: Format | None, out: Path | None, json_: bool) -> Format:
    if given is not None:
        if out is None and given not in _STREAMED:
            _file(out, given)
        return given
    if out is None:
        if json_:
            return "jsonl"
        raise output.UserError(f"Say which format: --format {'|'.join(get_args(Format))}, or --out FILE.csv.")
    found = _SUFFIXES.get(out.suffix.lower())
    if found is None:
        raise output.UserError(f"{out} does not say which format; add --format {'|'.join(get_args(Format))}.")
    return found


def _file(out: Path | None, kind: Format) -> Path:
    if out is None:
        raise output.UserError(f"Say where to write it: --format {kind} needs --out FILE.")
    return out


def _only_sources(filters: Filters) -> None:
    from crawler.research.filters import Filters

    if filters != Filters(sources=filters.sources):
        raise output.UserError("A WACZ holds the captures of whole sources: of the filters it takes --source only.")


def _stream(engine: Engine, kind: Format, wanted: Wanted) -> int:
    from crawler.research.export.writing import TableFormat, export_table

    export_table(engine, wanted, cast("TableFormat", kind), sys.stdout.buffer)
    return DONE


def _write(engine: Engine, kind: Format, out: Path, wanted: Wanted, json_: bool) -> int:
    from crawler.cli.progress import Bar
    from crawler.research.export.datapackage import export_datapackage
    from crawler.research.export.writing import TableFormat, export_table

    with Bar() as bar:
        report = None if json_ else bar
        if kind == "datapackage":
            count = export_datapackage(engine, wanted, out, on_progress=report)
        else:
            count = export_table(engine, wanted, cast("TableFormat", kind), out, on_progress=report)
    made: dict[str, Any] = {"file": str(out), "format": kind, "articles": count}
    if json_:
        output.print_json(made)
    else:
        output.say(f"{out}: {made['articles']} articles.")
    return DONE


def _wacz(engine: Engine, out: Path, filters: Filters, json_: bool) -> int:
    from crawler.cli.progress import Bar
    from crawler.research.wacz import export_wacz

    with Bar() as bar:
        made = export_wacz(engine, out, sources=filters.sources or None, on_progress=None if json_ else bar)
    if json_:
        counts = {"captures": made.captures, "pages": made.pages, "bytes": made.bytes, "damaged": made.damaged}
        output.print_json({"file": str(out), **counts})
    else:
        output.say(f"{out}: {made.captures} captures, {made.pages} pages ({made.bytes / 1e6:.1f} MB).")
        if made.damaged:
            output.say(f"{made.damaged} captures cannot be read and were left out; `zhaoshang verify` names them.")
    return LOOK if made.damaged else DONE
