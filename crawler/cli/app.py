"""The command's options and groups."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from crawler import __version__
from crawler.cli import (
    browsing,
    crawling,
    developing,
    exporting,
    importing,
    keeping,
    merging,
    operating,
    output,
    plotting,
    reading,
    rebuilding,
    searching,
    sources,
)
from crawler.cli.facts import facts


class _Stoppable(TyperGroup):
    """The command: Ctrl-C is never answered by silence. Work that has more to say about it says it itself."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command line."""
        with output.stopping("Stopped."):
            return super().invoke(ctx)


app = typer.Typer(
    name="zhaoshang",
    cls=_Stoppable,
    help="Crawler and archive for China's regional investment-promotion sites (招商).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"zhaoshang {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    archive: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="ZHAOSHANG_ARCHIVE",
            help="A file, sqlite:///FILE or postgresql://…; by default sqlite:///archive.db",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    context.obj = archive


app.command("crawl")(crawling.crawl)
app.command("import")(importing.import_)
app.command("merge")(merging.merge)
app.command("extract")(developing.extract)
app.command("facts")(facts)
app.add_typer(sources.app, name="sources")
app.add_typer(developing.fixture, name="fixture")
app.command("runs")(reading.runs)
app.command("export")(exporting.export)
app.command("plot")(plotting.plot)
app.command("datasette")(browsing.datasette)
app.command("search")(searching.search)
app.command("sql")(searching.sql)
app.command("show")(reading.show)
app.command("stats")(reading.stats)
app.command("correct")(operating.correct)
app.command("verify")(keeping.verify)
app.command("backup")(keeping.backup)
app.command("reextract")(keeping.reextract)
app.command("takedown")(keeping.takedown)
app.command("reindex")(rebuilding.reindex)
app.command("doctor")(operating.doctor)
app.command("upgrade")(operating.upgrade)
