"""`export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from crawler.cli import DONE, LOOK, output


def export(
    context: typer.Context,
    format_: Annotated[Literal["wacz"], typer.Option("--format", help="wacz: a web archive that others can open.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.", show_default=False)],
    source: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Of this source only; may be repeated.")
    ] = None,
    json_: output.AsJson = False,
) -> int:
    """Write the archive, or sources of it, in a form that others read."""
    from crawler.archive import open_archive
    from crawler.cli.progress import Bar
    from crawler.research.wacz import export_wacz

    engine = open_archive(context.obj)
    try:
        with Bar() as bar:
            made = export_wacz(engine, out, sources=source or None, on_progress=None if json_ else bar)
    finally:
        engine.dispose()
    if json_:
        counts = {"captures": made.captures, "pages": made.pages, "bytes": made.bytes, "damaged": made.damaged}
        output.print_json({"file": str(out), **counts})
    else:
        output.say(f"{out}: {made.captures} captures, {made.pages} pages ({made.bytes / 1e6:.1f} MB).")
        if made.damaged:
            output.say(f"{made.damaged} captures cannot be read and were left out; `zhaoshang verify` names them.")
    return LOOK if made.damaged else DONE
