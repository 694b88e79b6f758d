"""The tables and columns of an export. What they are is data: `schema.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

ColumnType = Literal["string", "integer", "number", "date", "datetime", "list"]
_TABLE = Path(__file__).with_name("schema.csv")


@dataclass(slots=True, frozen=True)
class Column:
    """One column: its type as Frictionless names it (or `list`), and what it means."""

    name: str
    type: ColumnType
    required: bool
    masked: bool
    description: str


@dataclass(slots=True, frozen=True)
class TableSchema:
    """One table of an export."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def without(self, *names: str) -> TableSchema:
        """The table without some of its columns."""
        return TableSchema(self.name, tuple(column for column in self.columns if column.name not in names))


@cache
def tables() -> dict[str, TableSchema]:
    """All tables by name, in the order of a data package."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found: dict[str, list[Column]] = {}
    for row in csv.DictReader(lines):
        kind = cast("ColumnType", row["type"])
        column = Column(row["name"], kind, row["required"] == "yes", row["masked"] == "masked", row["description"])
        found.setdefault(row["table"], []).append(column)
    return {name: TableSchema(name, tuple(columns)) for name, columns in found.items()}
