"""Results: typed records that can be gone through again and again, and become a data frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import pandas
    import polars

_T = TypeVar("_T")


class MissingLibrary(ValueError):
    """A library of the extra `research` is not installed; the text is one sentence that says what to do."""

    def __init__(self, wish: str) -> None:
        super().__init__(f"{wish} needs more libraries: pip install 'zhaoshang[research]'.")


class Results(ABC, Iterable[_T], Generic[_T]):
    """Records of one kind, which become a data frame."""

    @abstractmethod
    def __iter__(self) -> Iterator[_T]:
        """The records, from the first on at each call."""

    @abstractmethod
    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame, one row a record. Raises MissingLibrary."""

    @abstractmethod
    def to_polars(self) -> polars.DataFrame:
        """A polars data frame, one row a record. Raises MissingLibrary."""


def pandas_frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pandas.DataFrame:
    """A pandas data frame with these columns, also where there are no rows. Raises MissingLibrary."""
    try:
        import pandas
    except ImportError as error:
        raise MissingLibrary("A pandas data frame") from error
    return pandas.DataFrame.from_records([tuple(row) for row in rows], columns=list(columns))


def polars_frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> polars.DataFrame:
    """A polars data frame with these columns, also where there are no rows. Raises MissingLibrary."""
    try:
        import polars
    except ImportError as error:
        raise MissingLibrary("A polars data frame") from error
    return polars.DataFrame(list(rows), schema=list(columns), orient="row", infer_schema_length=None)
