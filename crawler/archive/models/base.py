"""What all tables share, and how batches are written to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import JSON, Date, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase

from crawler.archive.types import UtcTime

_T = TypeVar("_T")


class Base(DeclarativeBase):
    """The base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcTime, dict[str, Any]: JSON, date: Date, str: Text}


# SQLite takes 32,766 values in one statement; longer lists are asked in parts.
MOST_VALUES = 5_000


def batched(values: Iterable[_T]) -> Iterator[tuple[_T, ...]]:
    """Values in parts that one statement can take."""
    rest = iter(values)
    while part := tuple(islice(rest, MOST_VALUES)):
        yield part


def table(model: type[Base]) -> Table:
    """The Core table of a model: batch writes go round the unit of work, which would cost more than the writes."""
    return cast("Table", model.__table__)
