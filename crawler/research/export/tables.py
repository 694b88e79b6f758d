"""Ways to write a table: CSV, JSON Lines, Parquet. Each takes chunks of columns and holds no more than a few."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import IO, Any, Protocol

from crawler.research.export.schema import TableSchema

_JOINED = "; "
# What spreadsheets take for a formula at the beginning of a cell: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class TableWriter(Protocol):
    """Something that a table is written to."""

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Some rows more, column by column in the table's order."""

    def close(self) -> None:
        """Nothing more comes. The file below stays open."""


class CsvWriter:
    """CSV in UTF-8. A cell that a spreadsheet would take for a formula gets an apostrophe before it."""

    def __init__(self, target: IO[bytes], schema: TableSchema, *, bom: bool = True) -> None:
        self._text = TextIOWrapper(target, "utf-8", errors="replace", newline="", write_through=True)
        self._schema = schema
        if bom:
            self._text.write("\ufeff")
        self._rows = csv.writer(self._text, lineterminator="\r\n" if bom else "\n")
        self._rows.writerow(schema.names)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Some rows more."""
        kinds = [column.type for column in self._schema.columns]
        cells = [_as_cells(kind, values) for kind, values in zip(kinds, columns, strict=True)]
        self._rows.writerows(zip(*cells, strict=True))

    def close(self) -> None:
        """Leave the file below open."""
        self._text.flush()
        self._text.detach()


def _as_cells(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind == "list":
        return [defused(_JOINED.join(each or ())) for each in values]
    if kind == "number":
        return [plain_number(each) for each in values]
    if kind == "string":
        return [defused(each) if each else each for each in values]
    return values


def defused(text: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe goes before what could begin a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_number(value: float | None) -> int | float | None:
    """Whole sums without a fraction: 13700000000, not 13700000000.0."""
    return int(value) if value is not None and value == int(value) else value


class JsonLinesWriter:
    """JSON Lines in UTF-8: one object a row."""

    def __init__(self, target: IO[bytes], schema: TableSchema) -> None:
        self._target = target
        self._names = schema.names
        self._numbers = [at for at, column in enumerate(schema.columns) if column.type == "number"]

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Some rows more."""
        cells = list(columns)
        for at in self._numbers:
            cells[at] = [plain_number(value) for value in cells[at]]
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
        lines = [encode(dict(zip(self._names, row, strict=True))) for row in zip(*cells, strict=True)]
        if lines:
            self._target.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))

    def close(self) -> None:
        """Leave the file below open."""
        self._target.flush()


class ParquetWriter:
    """Parquet with Zstandard, in row groups of bounded size. Raises MissingLibrary where pyarrow is not installed."""

    def __init__(self, target: IO[bytes], schema: TableSchema, *, about: Mapping[str, str] | None = None) -> None:
        from crawler.research.export.arrow import arrow_schema

        self._arrow = arrow_schema(schema, about)
        import pyarrow.parquet  # type: ignore[import-untyped]

        self._writer = pyarrow.parquet.ParquetWriter(target, self._arrow, compression="zstd")
        self._waiting: list[Any] = []
        self._bytes = 0

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Some rows more."""
        from crawler.research.export.arrow import as_batch

        batch = as_batch(self._arrow, columns)
        self._waiting.append(batch)
        self._bytes += batch.nbytes
        if self._bytes >= ROW_GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what waits, and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow

        if self._waiting:
            self._writer.write_table(pyarrow.Table.from_batches(self._waiting, self._arrow), row_group_size=ROW_GROUP)
        self._waiting, self._bytes = [], 0


ROW_GROUP = 100_000  # rows
ROW_GROUP_BYTES = 16 * 1024 * 1024
