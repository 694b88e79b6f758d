"""Writing an export: to a file that is whole when it appears under its name, or to a stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from sqlalchemy import Engine

from crawler import __version__
from crawler.research.export.chunks import article_table, chunks, count_articles, one_state, uncollected
from crawler.research.export.tables import CsvWriter, JsonLinesWriter, ParquetWriter, TableWriter
from crawler.research.export.wanted import ExportFailure, Progress, Report, Wanted
from crawler.research.selection import check_sources

TableFormat = Literal["csv", "jsonl", "parquet"]


def export_table(
    engine: Engine,
    wanted: Wanted,
    format_: TableFormat,
    out: Path | IO[bytes],
    *,
    on_progress: Report | None = None,
) -> int:
    """Write the articles that are wanted as one table, and give their number.

    A file is written beside its name and renamed when it is whole. Raises ExportFailure, FilterError, MissingLibrary.
    """
    tell = on_progress or (lambda progress: None)
    if isinstance(out, Path):
        with partial_file(out) as target:
            return _write(engine, wanted, format_, target, tell)
    return _write(engine, wanted, format_, out, tell)


def _write(engine: Engine, wanted: Wanted, format_: TableFormat, target: IO[bytes], tell: Report) -> int:
    done = 0
    with uncollected(), one_state(engine) as connection:
        check_sources(connection, wanted.filters)
        total = count_articles(connection, wanted)
        writer = _writer(target, wanted, format_)
        for chunk in chunks(connection, wanted):
            writer.write(chunk.articles)
            done += chunk.count
            tell(Progress("writing articles", done, total))
        writer.close()
    return done


def _writer(target: IO[bytes], wanted: Wanted, format_: TableFormat) -> TableWriter:
    schema = article_table(wanted)
    if format_ == "parquet":
        return ParquetWriter(target, schema, about={"zhaoshang": json.dumps(about(wanted), ensure_ascii=False)})
    kinds: dict[str, Callable[..., TableWriter]] = {"csv": CsvWriter, "jsonl": JsonLinesWriter}
    return kinds[format_](target, schema)


def about(wanted: Wanted) -> dict[str, object]:
    """What was asked for, and which version answered."""
    asked = {"query": wanted.filters.described, "text": wanted.text, "masked": wanted.masked}
    return {**asked, "software": f"Zhaoshang {__version__}"}


@contextmanager
def partial_file(out: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole, and leaves nothing where it is not. Raises ExportFailure."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open("wb") as target:
            yield target
        partial.replace(out)
    except OSError as error:
        raise ExportFailure(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
