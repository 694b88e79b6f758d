"""`reindex`: making again what is derived from the archive."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

from crawler.cli import DONE, output

# Each thing that can be made again: the module whose `rebuild(engine, on_progress=…)` makes it, and what it counts.
REBUILDS: dict[str, tuple[str, str]] = {
    "facts": ("crawler.operate.reindex_facts", "articles whose facts were read"),
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
    json_: output.AsJson = False,
) -> int:
    """Make derived things anew from the articles; originals are never touched."""
    wanted = [name for name, is_wanted in (("facts", facts),) if is_wanted]
    if not wanted:
        raise output.UserError(f"Say what to make anew: {', '.join(f'--{name}' for name in REBUILDS)}.")
    return rebuild(context.obj, wanted, json_=json_)
