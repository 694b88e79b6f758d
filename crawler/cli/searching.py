"""`search` and `sql`: finding articles, and asking the tables."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, output
from crawler.cli.filtering import filtered

if TYPE_CHECKING:
    from crawler.research.filters import Filters
    from crawler.research.search import SearchResult, SearchResults
    from crawler.research.sql import SqlResult

_SHOWN = 6  # values of a facet on a terminal


@filtered
def search(
    context: typer.Context,
    filters: Filters,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY", help='Words, "phrases", AND, OR, NOT or -, (…), title:, org:.', show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="How many to show.")] = 20,
    offset: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many to pass over.")] = 0,
    sort: Annotated[str | None, typer.Option(metavar="ORDER", help="relevance, date or recency.")] = None,
    json_: output.AsJson = False,
) -> int:
    """Search titles and texts, with counts by source, region, year, industry and event."""
    from crawler.cli.progress import Bar
    from crawler.research.filters import Filters
    from crawler.research.search import open_rows
    from crawler.research.search import search as find

    words = " ".join(query or ())
    if not words.strip() and filters == Filters(all=filters.all):
        raise output.UserError("Say what to search for, for example `zhaoshang search 光谷`, or give a filter.")
    with output.stopping("Stopped; nothing of the archive is changed, and the next search goes on."), Bar() as bar:
        found = find(open_rows(context.obj), words, filters, sort=sort, limit=limit, offset=offset, on_progress=bar)
    if found.stale:
        output.say(
            "The index is behind, for another process writes it or it may not be written; the newest may be missing."
        )
    if json_:
        output.print_json(found.as_json())
    else:
        _print(found, offset)
    return DONE


def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(metavar="SELECT", help="One statement that reads; - is stdin.")],
    format_: Annotated[str, typer.Option("--format", metavar="table|csv|json")] = "table",
    timeout: Annotated[float, typer.Option(min=0.01, max=86_400, help="Seconds until it is stopped.")] = 30.0,
    json_: output.AsJson = False,
) -> int:
    """Run read-only SQL on the archive."""
    from crawler.research.search import open_rows
    from crawler.research.sql import run_sql

    form = "json" if json_ else format_
    if form not in _FORMS:
        raise output.UserError(f"There is no format {form!r}; choose from {', '.join(_FORMS)}.")
    asked = sys.stdin.read() if statement == "-" else statement
    _FORMS[form](run_sql(open_rows(context.obj), asked, timeout))
    return DONE


def _print(found: SearchResults, offset: int) -> None:
    """Results one under the other, hits in bold on a terminal, and the counts below."""

    console = output.console(soft_wrap=True, highlight=False)
    across = f", {found.across} of them only across two words" if found.across else ""
    for number, result in enumerate(found, offset + 1):
        for line in _lines(number, result, terminal=console.is_terminal):
            console.print(line)
    console.print(f"{found.total} articles{across}")
    for name, counts in found.facets.items():
        if counts:
            shown = [f"{_label(name, value)} {count}" for value, count in _first(name, counts)]
            more = " …" if len(counts) > len(shown) else ""
            console.print(output.readable(f"  {name}: {', '.join(shown)}{more}"), markup=False)


def _lines(number: int, result: SearchResult, *, terminal: bool) -> list[Any]:
    from rich.text import Text

    head = Text(f"{number}. ")
    head.append_text(_marked(result.marked_title, terminal=terminal))
    others = f"  and {result.others} more of this story" if result.others else ""
    facts = f"   {result.uid}  {result.published_on or 'undated'}  {result.source}{others}"
    return [head, Text(output.readable(facts), style="dim"), Text("   ") + _marked(result.snippet, terminal=terminal)]


def _marked(snippet: Any, *, terminal: bool) -> Any:
    from rich.text import Text

    if not terminal:
        return Text(output.readable(snippet.marked("«", "»")))
    text = Text(snippet.text)
    for start, end in snippet.hits:
        text.stylize("bold yellow", start, end)
    return text


def _first(name: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    pairs = list(counts.items())
    return pairs[-_SHOWN:] if name == "year" else pairs[:_SHOWN]


def _label(name: str, value: str) -> str:
    if name != "region":
        return value
    from crawler.research.places import name_of

    return name_of(value) or value


def _print_csv(result: SqlResult) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([_plain(value) for value in row] for row in result.rows)


def _print_json(result: SqlResult) -> None:
    output.print_json([{name: _plain(value) for name, value in row.items()} for row in result])


def _print_table(result: SqlResult) -> None:
    output.print_table(result.columns, [[_plain(value) for value in row] for row in result.rows])


def _plain(value: Any) -> Any:
    """A value as text can hold it: bytes in hexadecimal."""
    return value.hex() if isinstance(value, bytes) else value


_FORMS = {"table": _print_table, "csv": _print_csv, "json": _print_json}
