"""`facts`: what is read out of a text, and the same of an archived article."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import DONE, output

if TYPE_CHECKING:
    from crawler.fact_items import Facts

# The columns of each kind of fact, in the order of its table; `--json` names them so.
COLUMNS: dict[str, tuple[str, ...]] = {
    "regions": ("field", "code", "name", "role", "start", "end", "surface", "code_now"),
    "amounts": (
        *("field", "value_cny", "value", "currency", "low", "high", "qualifier", "kind"),
        *("start", "end", "surface", "provenance"),
    ),
    "organizations": ("field", "name", "normalized_name", "role", "start", "end", "surface"),
    "industries": ("field", "code", "name", "score", "start", "end", "surface"),
    "events": ("field", "type", "count", "start", "end", "surface"),
    "projects": ("organization", "value_cny", "region_code", "event", "start", "end", "surface"),
}
# What a person is shown of them: what the text says first, then what it was read as.
_SHOWN: dict[str, tuple[str, ...]] = {
    "regions": ("surface", "code", "name", "role", "code_now", "field", "start"),
    "amounts": ("surface", "value", "currency", "low", "high", "qualifier", "kind", "value_cny", "field", "start"),
    "organizations": ("surface", "normalized_name", "role", "field", "start"),
    "industries": ("surface", "code", "name", "score", "field", "start"),
    "events": ("surface", "type", "count", "field", "start"),
    "projects": ("organization", "value_cny", "region_code", "event", "surface", "start"),
}
_BRIEF: dict[str, tuple[str, ...]] = {
    "regions": ("name", "code"),
    "amounts": ("surface", "kind"),
    "organizations": ("normalized_name", "role"),
    "industries": ("code", "name"),
    "events": ("type", "count"),
    "projects": ("organization", "value_cny", "region_code", "event"),
}
_FIGURES = ("value", "low", "high", "value_cny", "score", "count", "start")
_LONGEST_SURFACE = 40


def facts(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A text file; - is standard input.")] = "-",
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", metavar="DATE", formats=["%Y-%m-%d"], help="The article's date: region codes and rates."
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="The GB/T 2260 code of who published it; settles ambiguous names."),
    ] = None,
    json_: output.AsJson = False,
) -> int:
    """Print the facts in a text. All of it counts as the body of an article; there is no title."""
    from crawler.facts import read_facts

    if region is not None and not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise output.UserError(f"{region!r} is no region code; give six digits of GB/T 2260, for example 420100.")
    found = read_facts("", _text(file), on=day.date() if day else None, source_region=region)
    if json_:
        output.print_json(facts_json(found))
    else:
        print_facts(found)
    return DONE


def facts_json(found: Facts) -> dict[str, Any]:
    """Facts in the form of the command's contract: each with the columns of its table."""
    return {
        kind: [{name: getattr(fact, name) for name in names} for fact in getattr(found, kind)]
        for kind, names in COLUMNS.items()
    }


def print_facts(found: Facts) -> None:
    """A table for each kind of fact that there is."""
    kinds = [kind for kind in COLUMNS if getattr(found, kind)]
    for kind in kinds:
        print(kind)
        output.print_table(_SHOWN[kind], _rows(getattr(found, kind), _SHOWN[kind]), right=_FIGURES)
    if not kinds:
        output.say("No facts were found.")


def print_short(found: Facts) -> None:
    """A line for each kind of fact that there is: what the text says, and what it was read as."""
    lines = [(kind, _briefly(kind, getattr(found, kind))) for kind in COLUMNS if getattr(found, kind)]
    if lines:
        print()
    for kind, words in lines:
        print(output.readable(f"  {kind:<14} {words}"))


def _briefly(kind: str, found: Sequence[Any]) -> str:
    """Each value once, in the order of the text."""
    names = _BRIEF[kind]
    values = [
        " ".join(str(_shown(each, getattr(fact, each))) for each in names if getattr(fact, each)) for fact in found
    ]
    return "; ".join(dict.fromkeys(values))


def _rows(found: Sequence[Any], names: Sequence[str]) -> Iterator[list[Any]]:
    for fact in found:
        values = dataclasses.asdict(fact)
        yield [_shown(name, values[name]) for name in names]


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.2f}" if name == "score" else f"{value:,.0f}"
    if name == "surface" and len(value) > _LONGEST_SURFACE:
        return value[: _LONGEST_SURFACE - 1] + "…"
    return value


def _text(file: str) -> str:
    """The text of a file: UTF-8, or else of the GBK family. A line ends with one character, as in an archived body."""
    if file == "-":
        content = sys.stdin.buffer.read()
    else:
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise output.UserError(
                f"{file} cannot be read: {error.strerror}; give a text file, or - for input."
            ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
