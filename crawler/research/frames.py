"""Results: typed records that can be gone through again and again, and become a data frame."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
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
    """Records of one kind (dataclasses); subclasses say how to go through them, or know a quicker way to a frame."""

    @abstractmethod
    def __iter__(self) -> Iterator[_T]:
        """The records, from the first on at each call."""

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame, one row a record. Raises MissingLibrary."""
        try:
            import pandas
        except ImportError as error:
            raise MissingLibrary("A pandas data frame") from error
        return pandas.DataFrame.from_records(self._rows())

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame, one row a record. Raises MissingLibrary."""
        try:
            import polars
        except ImportError as error:
            raise MissingLibrary("A polars data frame") from error
        return polars.DataFrame(self._rows(), infer_schema_length=None)

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}  # type: ignore[arg-type]
            for record in self
        ]
