"""Printing: data to stdout, as a table or as JSON; talk to stderr."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import INTERRUPTED

if TYPE_CHECKING:
    from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


# What a terminal obeys although JSON lets it stand: C1 controls, marks of writing direction, halves of characters.
_CONTROLS = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class UserError(ValueError):
    """A wrong use of the command; the text is one sentence that says what to do."""


def print_json(value: Any) -> None:
    """One JSON document, times in UTC ISO 8601; control characters in its texts are escaped, as JSON may."""
    document = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    print(_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", document))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Iterable[str] = ()) -> None:
    """A table on stdout; `right` names the columns of figures."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    figures = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    # A pipe has no width: a row then is one line, whatever its length.
    console(width=None if sys.stdout.isatty() else 200, soft_wrap=False).print(table)


def console(**options: Any) -> Console:
    """A console on stdout. That its reader stops listening is an error like any other; rich would exit with 1."""
    from rich.console import Console

    class Pipe(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    return Pipe(**options)


@contextmanager
def stopping(sentence: str) -> Iterator[None]:
    """Say on Ctrl-C what is kept and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        say(sentence)
        raise typer.Exit(INTERRUPTED) from None


def say(text: str) -> None:
    """Talk, on stderr."""
    print(text, file=sys.stderr, flush=True)


def readable(text: str) -> str:
    """Text from a page, safe to print: terminal control characters are shown, not sent."""
    return "".join(char if _is_harmless(char) else f"\\x{ord(char):02x}" for char in text)


def _is_harmless(char: str) -> bool:
    """Printable, a line break, a tab, or a blank of any width: the ideographic one is common in Chinese text."""
    return char.isprintable() or char in "\n\t" or unicodedata.category(char) == "Zs"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return readable(str(value))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value.utcoffset() is not None else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")
