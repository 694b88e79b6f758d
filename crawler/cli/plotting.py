"""`plot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crawler.cli import DONE, output
from crawler.cli.filtering import filtered

if TYPE_CHECKING:
    from crawler.research.filters import Filters


@filtered
def plot(
    context: typer.Context,
    filters: Filters,
    picture: Annotated[
        Literal["articles", "amounts", "regions", "industries", "syndication"],
        typer.Argument(metavar="articles|amounts|regions|industries|syndication", show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.svg|png|html", help="The picture to write.", show_default=False)
    ] = None,
    json_: output.AsJson = False,
) -> int:
    """Draw a timeline, a bar chart, a map of the provinces or who copies whom; --json prints the figures."""
    from crawler.archive import open_archive
    from crawler.research.plots.drawing import count_for, draw

    if out is None and not json_:
        raise output.UserError("Say where to draw it: --out FILE.svg (or .png, .html); --json prints the figures.")
    engine = open_archive(context.obj)
    try:
        rows = draw(engine, picture, filters, out) if out is not None else count_for(engine, picture, filters)
    finally:
        engine.dispose()
    if json_:
        output.print_json(rows)
    if out is not None:
        output.say(f"{out}: drawn.")
    return DONE
