"""`merge`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import DONE, LOOK, output

if TYPE_CHECKING:
    from crawler.operate.merge import Merged

_COLUMNS = ("new", "met", "changed")


def merge(
    context: typer.Context,
    other: Annotated[
        str, typer.Argument(metavar="OTHER.db", help="The archive to bring in; it is only read.", show_default=False)
    ],
    json_: output.AsJson = False,
) -> int:
    """Bring another archive in: same uids meet, states and captures come along; twice is once."""
    from crawler.archive import open_archive
    from crawler.cli.progress import Bar
    from crawler.operate.merge import merge as bring
    from crawler.operate.merge import open_other

    theirs = open_other(other)
    try:
        engine = open_archive(context.obj, create=True)
        try:
            with output.stopping("Stopped; what came is kept, and the same command goes on."), Bar() as bar:
                done = bring(engine, theirs, on_progress=None if json_ else bar)
        finally:
            engine.dispose()
    finally:
        theirs.dispose()
    if json_:
        output.print_json(dataclasses.asdict(done))
    else:
        _print(done)
    return LOOK if done.left_alone or done.lost or done.notes else DONE


def _print(done: Merged) -> None:
    rows = [(name, *(counted[what] for what in _COLUMNS)) for name, counted in done.counts.items()]
    output.print_table(("", *_COLUMNS), rows, right=_COLUMNS)
    output.say(f"{done.files} capture files were copied ({done.bytes / 1e6:.1f} MB).")
    if done.kept_out:
        output.say(f"{done.kept_out} articles were taken down here and stay out.")
    for uid in done.left_alone:
        output.say(
            f"{uid} was taken down there and is here; `zhaoshang takedown {uid} --reason TEXT` does so here too."
        )
    for note in done.notes:
        output.say(output.readable(f"Note: {note}."))
    if done.lost_captures:
        output.say(f"The bytes of {done.lost_captures} captures could not be read:")
    for reason in done.lost:
        output.say(f"  {output.readable(reason)}")
