"""`reindex`: making again what is derived from the archive."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from crawler.cli import DONE, output

# Each thing that can be made again: the module whose `rebuild(engine, on_progress=…)` makes it, and what it counts.
REBUILDS: dict[str, tuple[str, str]] = {
    "facts": ("crawler.operate.reindex_facts", "articles whose facts were read"),
    "search": ("crawler.operate.reindex_search", "states of articles in the search index"),
    "clusters": ("crawler.operate.reindex_clusters", "stories of several articles"),
    "fts": ("crawler.operate.reindex_fts", "articles in the FTS5 table"),
}
# What is kept of each where Ctrl-C stops it.
STOPPED = {
    "facts": "what was written is kept; the same command reads all again",
    "search": "the index stays as it was; the same command builds it anew",
    "clusters": "the same command makes them anew",
    "fts": "the table stays as it was; the same command makes it anew",
}


def rebuild(url: str | None, wanted: list[str], *, json_: bool) -> int:
    """Make each of these again from the articles, and say how much there was."""
    from crawler.archive import open_archive
    from crawler.cli.progress import Bar

    engine = open_archive(url, write=True)
    counts = {}
    try:
        with Bar() as bar:
            for name in wanted:
                with output.stopping(f"Stopped; {STOPPED[name]}."):
                    counts[name] = import_module(REBUILDS[name][0]).rebuild(engine, on_progress=None if json_ else bar)
    finally:
        engine.dispose()
    if json_:
        output.print_json(counts)
    else:
        for name, count in counts.items():
            print(f"{count} {REBUILDS[name][1]}")
    return DONE


def reindex(
    context: typer.Context,
    facts: Annotated[bool, typer.Option("--facts", help="Read the facts of all articles again.")] = False,
    search: Annotated[bool, typer.Option("--search", help="The full-text index beside the archive.")] = False,
    fts: Annotated[bool, typer.Option("--fts", help="An FTS5 table in the file, for plain SQL and Datasette.")] = False,
    clusters: Annotated[bool, typer.Option("--clusters", help="Which articles tell the same story.")] = False,
    json_: output.AsJson = False,
) -> int:
    """Make derived things anew from the articles; originals are never touched."""
    asked = {"facts": facts, "search": search, "fts": fts, "clusters": clusters}
    wanted = [name for name in REBUILDS if asked[name]]
    if not wanted:
        raise output.UserError(f"Say what to make anew: {', '.join(f'--{name}' for name in REBUILDS)}.")
    return rebuild(context.obj, wanted, json_=json_)
