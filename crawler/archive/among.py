"""Asking for many rows at once: one value that holds a list, so that a statement is compiled once for any number."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: Connection, wanted: ColumnElement[Any], values: Collection[int] | Collection[str]) -> Any:
    """The condition that a column's value is one of these; they may be any number."""
    if connection.dialect.name == "postgresql":
        return wanted == any_(bindparam(None, list(values), type_=ARRAY(wanted.type), unique=True))
    listed = func.json_each(json.dumps(list(values))).table_valued(column("value"))
    return wanted.in_(select(listed.c.value))
