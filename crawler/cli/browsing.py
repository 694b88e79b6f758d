"""`datasette`."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import DONE, output


def datasette(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 for any that is free.")] = 8001,
    json_: output.AsJson = False,
) -> int:
    """Open the archive in Datasette, read only, on loopback, until Ctrl-C: tables, facets, ready queries, free SQL."""
    from crawler.research.sql_pages import serve_pages, sql_pages

    def ready(url: str) -> None:
        if json_:
            output.print_json({"url": url})
        else:
            print(url, flush=True)
        output.say("Serving until Ctrl-C.")

    try:
        serve_pages(sql_pages(context.obj), port, on_ready=ready)
    except KeyboardInterrupt:
        output.say("Stopped.")
    return DONE
