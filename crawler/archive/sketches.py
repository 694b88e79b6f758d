"""The rows of sketches: what tells most candidates apart before their signatures are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select, update

from crawler.archive.among import among
from crawler.archive.models import Sketch, table


def keep(connection: Connection, sketches: Mapping[int, bytes]) -> None:
    """Write the sketches of these articles, in place of what is there of them."""
    if sketches:
        marks = "%s, %s" if connection.dialect.name == "postgresql" else "?, ?"
        written = f"INSERT INTO sketch (article_id, sketch) VALUES ({marks})"  # noqa: S608
        in_place = "ON CONFLICT (article_id) DO UPDATE SET sketch = excluded.sketch"
        connection.exec_driver_sql(f"{written} {in_place}", list(sketches.items()))


def kept(connection: Connection, article_ids: Collection[int]) -> dict[int, bytes]:
    """The sketches of these articles."""
    rows = table(Sketch).c
    asked = select(rows.article_id, rows.sketch).where(among(connection, rows.article_id, article_ids))
    return {row.article_id: row.sketch for row in connection.execute(asked).all()}


def drop(connection: Connection, article_ids: Collection[int]) -> None:
    """Delete the sketches of these articles."""
    rows = table(Sketch)
    connection.execute(delete(rows).where(among(connection, rows.c.article_id, article_ids)))


def pass_on(connection: Connection, article_id: int, heir: int) -> None:
    """Let another article have the sketch of this one."""
    rows = table(Sketch)
    connection.execute(update(rows).where(rows.c.article_id == article_id).values(article_id=heir))
