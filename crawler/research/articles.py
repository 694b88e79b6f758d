"""The articles that filters mean, streamed as typed records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import Engine, Select, func
from sqlalchemy.engine import RowMapping

from crawler.archive.engine import reading
from crawler.archive.models import Article, table
from crawler.research.filters import Filters
from crawler.research.frames import MissingLibrary, Results
from crawler.research.records import ArticleRecord
from crawler.research.selection import columns, selected

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow  # type: ignore[import-untyped]

_STREAMED = 500
_FIELDS = tuple(name for name in ArticleRecord.__slots__ if name not in ("source", "attachments"))


class FilterWords(TypedDict, total=False):
    """The filters as words: see `crawler.research.filters.Filters.of`."""

    region: str | int | None
    since: str | int | date | None
    until: str | int | date | None
    industry: str | int | None
    event: str | None
    min_amount: str | float | None
    max_amount: str | float | None
    org: str | None
    as_of: str | int | date | None
    all: bool


class Articles(Results[ArticleRecord]):
    """The articles that filters mean, newest first; each pass reads the archive anew."""

    def __init__(self, engine: Engine, filters: Filters) -> None:
        self.engine = engine
        self.filters = filters

    def __iter__(self) -> Iterator[ArticleRecord]:
        with reading(self.engine) as connection:
            streamed = connection.execution_options(yield_per=_STREAMED)
            for row in streamed.execute(article_query(self.filters)).mappings():
                yield article_record(row)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table with the columns of an export, whole texts, unmasked. Raises MissingLibrary."""
        from crawler.research.export.arrow import read_arrow
        from crawler.research.export.wanted import Wanted

        return read_arrow(self.engine, Wanted(self.filters, "full", masked=False))

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame with the columns of `to_arrow`. Raises MissingLibrary."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame with the columns of `to_arrow`. Raises MissingLibrary."""
        table = self.to_arrow()
        try:
            import polars
        except ImportError as error:
            raise MissingLibrary("A polars data frame") from error
        return polars.DataFrame(table)

    def count(self) -> int:
        """How many there are."""
        with reading(self.engine) as connection:
            return int(connection.execute(selected(self.filters, func.count())).scalar_one())


def article_query(filters: Filters) -> Select[Any]:
    """The articles that filters mean with all that a record holds, newest first."""
    named = columns(filters)
    wanted = selected(filters, *(named[name] for name in (*_FIELDS, "source_id")))
    return wanted.order_by(named["published_on"].desc(), table(Article).c.id)


def article_record(row: RowMapping, attachments: list[dict[str, Any]] | None = None) -> ArticleRecord:
    """A row of `article_query` as a record."""
    return ArticleRecord(
        source=row["source_id"], attachments=attachments or [], **{name: row[name] for name in _FIELDS}
    )
