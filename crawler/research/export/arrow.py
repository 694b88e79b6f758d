"""Chunks of columns as Arrow data: what Parquet files and data frames are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crawler.research.export.chunks import article_table, chunks, one_state
from crawler.research.export.schema import TableSchema
from crawler.research.export.wanted import Wanted
from crawler.research.frames import MissingLibrary

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped]
    from sqlalchemy import Engine


def arrow_schema(schema: TableSchema, about: Mapping[str, str] | None = None) -> pyarrow.Schema:
    """The Arrow schema of a table, each field with its description. Raises MissingLibrary."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingLibrary("Parquet and data frames") from error
    types = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("s", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
    }
    fields = [
        pyarrow.field(column.name, types[column.type], metadata={"description": column.description})
        for column in schema.columns
    ]
    return pyarrow.schema(fields, metadata=dict(about or {}))


def as_batch(schema: pyarrow.Schema, columns: Sequence[Sequence[Any]]) -> pyarrow.RecordBatch:
    """Columns as Arrow arrays; days and times are parsed from their text all at once."""
    import pyarrow

    arrays = []
    for field, values in zip(schema, columns, strict=True):
        if pyarrow.types.is_temporal(field.type):
            arrays.append(pyarrow.array(values, pyarrow.string()).cast(field.type))
        else:
            arrays.append(pyarrow.array(values, field.type))
    return pyarrow.record_batch(arrays, schema=schema)


def read_arrow(engine: Engine, wanted: Wanted) -> pyarrow.Table:
    """All that is wanted as one Arrow table, in memory."""
    schema = arrow_schema(article_table(wanted))
    import pyarrow

    with one_state(engine) as connection:
        batches = [as_batch(schema, chunk.articles) for chunk in chunks(connection, wanted)]
    return pyarrow.Table.from_batches(batches, schema)
