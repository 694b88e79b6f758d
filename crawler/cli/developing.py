"""`extract` and `fixture`: working with saved pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import DONE, output

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
