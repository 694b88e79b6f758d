"""What one merge knows: both archives, which of our rows each of theirs is, and the counts."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, func, insert, select

from crawler.archive.engine import take_turn, writing
from crawler.archive.models import Base, batched, table

What = Literal["new", "met", "changed"]
THINGS = (
    "sources",
    "crawls",
    "captures",
    "articles",
    "revisions",
    "entries",
    "attachments",
    "corrections",
    "rejections",
    "tombstones",
)


Row = Mapping[Any, Any]
"""A row of a table, by the names of its columns."""


class MergeFailure(ValueError):
    """The other archive cannot be merged; the text is one sentence that says what to do."""


@dataclass(slots=True)
class KeptOut:
    """What was taken down here: names it would come back under, and payloads that held it, each with the moment."""

    marks: dict[str, datetime] = field(default_factory=dict)
    digests: dict[str, datetime] = field(default_factory=dict)

    def since(self, marks: Iterable[str], digest: str | None = None) -> datetime | None:
        """When something of these names or this payload was taken down, None where nothing was."""
        found = [self.marks[mark] for mark in marks if mark in self.marks]
        if digest is not None and digest in self.digests:
            found.append(self.digests[digest])
        return min(found, default=None)

    def __bool__(self) -> bool:
        return bool(self.marks)


@dataclass(slots=True)
class Merge:
    """One merge of `theirs`, read as of one moment, into `engine`.

    `rows` tells for each kind which of our rows each of their rows is, 0 for none; eight bytes a row, so a million
    captures are 8 MB. `kept_out` is what was taken down here, `out_captures` their captures that held it, `left_alone`
    are articles that they took down and that are here. `lost` says why bytes of captures could not be read. `touched`
    are our articles that are new or changed.
    """

    engine: Engine
    theirs: Connection
    their_name: str
    root: Path
    their_root: Path
    now: datetime
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in THINGS})
    rows: dict[str, array[int]] = field(default_factory=dict)
    kept_out: KeptOut = field(default_factory=KeptOut)
    out_captures: set[int] = field(default_factory=set)
    kept_out_count: int = 0
    touched: set[int] = field(default_factory=set)
    files: int = 0
    bytes: int = 0
    lost: list[str] = field(default_factory=list)
    lost_count: int = 0
    notes: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    on_rows: Callable[[int], None] = lambda number: None

    def count(self, thing: str, what: What, number: int = 1) -> None:
        """Count rows of a kind; rows that changed were met as well."""
        self.counts[thing][what] += number

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction of ours."""
        with writing(self.engine) as connection:
            take_turn(connection)
            yield connection

    def place_for(self, model: type[Base]) -> array[int]:
        """The map of a kind of row, made when first asked for."""
        name = model.__tablename__
        if name not in self.rows:
            largest = self.theirs.execute(select(func.max(table(model).c.id))).scalar() or 0
            self.rows[name] = array("q", bytes(8 * (largest + 1)))
        return self.rows[name]

    def ours(self, model: type[Base], theirs: int | None) -> int | None:
        """Our row of one of theirs, None for none. Raises MergeFailure where theirs refers to what is not there."""
        if theirs is None:
            return None
        places = self.place_for(model)
        found = places[theirs] if 0 < theirs < len(places) else 0
        if not found and model.__tablename__ != "article":
            raise MergeFailure(
                f"{self.their_name} is damaged: it refers to {model.__tablename__} {theirs}, which is not there; "
                f"`zhaoshang --archive {self.their_name} verify` says more."
            )
        return found or None

    def stream(self, statement: Select[Any]) -> Iterator[Row]:
        """Their rows, a few hundred at a time."""
        yield from self.theirs.execution_options(yield_per=500).execute(statement).mappings()

    def theirs_of(self, model: type[Base], column: str, values: Iterable[int]) -> dict[int, list[Row]]:
        """Their rows with these values in a column, by the value, each in the order of its key."""
        return rows_of(self.theirs, model, column, values)


def rows_of(connection: Connection, model: type[Base], column: str, values: Iterable[Any]) -> dict[Any, list[Row]]:
    """The rows of a table with these values in a column, by the value, each in the order of its key."""
    rows = table(model)
    found: dict[Any, list[Row]] = {}
    for part in batched(values):
        wanted = select(rows).where(rows.c[column].in_(part)).order_by(*rows.primary_key.columns)
        for row in connection.execute(wanted).mappings():
            found.setdefault(row[column], []).append(row)
    return found


def copied(row: Row, **changed: Any) -> dict[str, Any]:
    """A row of theirs as one of ours: without its number, and with what differs here."""
    return {name: value for name, value in row.items() if name != "id"} | changed


def add(connection: Connection, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows and give their numbers, in their order."""
    if not rows:
        return []
    into = table(model)
    statement = insert(into).returning(into.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())
