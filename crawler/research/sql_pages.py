"""The archive in Datasette: free SQL over it in a browser, with titles, descriptions, facets and ready queries.

It reads only: Datasette opens the file so that SQLite itself refuses to write. What it says of the tables is data:
`datasette.yaml`.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from crawler.archive.engine import archive_name, archive_url, open_archive
from crawler.research.frames import MissingLibrary

if TYPE_CHECKING:
    from datasette.app import Datasette  # type: ignore[import-untyped]

_TABLE = Path(__file__).with_name("datasette.yaml")
LOOPBACK = "127.0.0.1"
_SETTINGS = {"sql_time_limit_ms": 5_000, "truncate_cells_html": 400, "default_page_size": 50, "force_https_urls": False}


class PagesFailure(ValueError):
    """The pages cannot be served; the text is one sentence that says what to do."""


def metadata(database: str) -> dict[str, Any]:
    """What Datasette is told of a database: titles, descriptions, facets, ready queries."""
    told: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    tables = {**told["tables"], **{name: {"hidden": True} for name in told["hidden"]}}
    described = {"title": told["title"], "description": told["description"]}
    return {**described, "databases": {database: {"tables": tables, "queries": told["queries"]}}}


def sql_pages(archive: str | None = None, *, base_url: str = "/") -> Datasette:
    """A Datasette of the archive (SQLite only); `base_url` is where it is mounted. `.app()` is an ASGI application.

    Raises PagesFailure, MissingLibrary, ArchiveError.
    """
    url = archive_url(archive)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise PagesFailure(f"Datasette reads SQLite files only, and {archive_name(url)} is none; use `zhaoshang sql`.")
    open_archive(archive).dispose()  # says what is wrong with it in one sentence
    try:
        from datasette.app import Datasette
    except ImportError as error:
        raise MissingLibrary("Datasette") from error
    file = Path(url.database).resolve()
    settings = {**_SETTINGS, "base_url": base_url}
    return Datasette([str(file)], metadata=metadata(file.stem), settings=settings)


def serve_pages(pages: Datasette, port: int, *, on_ready: Callable[[str], None]) -> None:
    """Serve on loopback until Ctrl-C; `on_ready` gets the address. Raises PagesFailure."""
    import uvicorn

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, port))
        except OSError as error:
            raise PagesFailure(f"Port {port} is taken: choose another, --port 0 for any.") from error
        listening.listen()
        on_ready(f"http://{LOOPBACK}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(pages.app(), log_level="warning", lifespan="on")
        uvicorn.Server(config).run(sockets=[listening])
