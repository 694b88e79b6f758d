"""A data package: the tables of an export with their schema, a data dictionary, digests, how to cite it, and the query.

Frictionless Data Package (https://specs.frictionlessdata.io/data-package/) and Croissant
(https://docs.mlcommons.org/croissant/docs/croissant-spec.html) describe the same CSV files. The same state of an
archive gives the same bytes: nothing in it tells when or where it was made.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from crawler.archive.models import Article, Source, table
from crawler.research.export.chunks import Chunk, article_table, chunks, count_articles, one_state, uncollected
from crawler.research.export.describing import DataFile, Package, citation, dictionary, frictionless
from crawler.research.export.schema import TableSchema, tables
from crawler.research.export.tables import CsvWriter
from crawler.research.export.wanted import ExportFailure, Progress, Report, Wanted
from crawler.research.selection import check_sources

_THEN = (1980, 1, 1, 0, 0, 0)  # zip's own beginning of time: the members have no dates of their own
_SUMS = "SHA256SUMS"


def export_datapackage(engine: Engine, wanted: Wanted, out: Path, *, on_progress: Report | None = None) -> int:
    """Write a data package into a new folder, or into one file where its name ends in `.zip`; gives its articles.

    It is whole when it appears under its name. Raises ExportFailure, FilterError.
    """
    tell = on_progress or (lambda progress: None)
    zipped = out.suffix.lower() == ".zip"
    if not zipped and out.exists():
        raise ExportFailure(f"{out} exists already: name a new folder, or a file that ends in .zip.")
    partial = out.with_name(f".{out.name}.partial")
    whole = out.with_name(f".{out.name}.whole")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "data").mkdir(parents=True)
        with uncollected(), one_state(engine) as connection:
            package = _write_tables(connection, wanted, partial, tell)
        _describe(package, partial)
        if zipped:
            _zip(partial, whole)
        (whole if zipped else partial).replace(out)
    except OSError as error:
        raise ExportFailure(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):
            whole.unlink(missing_ok=True)
    return package.articles


def _write_tables(connection: Connection, wanted: Wanted, folder: Path, tell: Report) -> Package:
    check_sources(connection, wanted.filters)
    total = count_articles(connection, wanted)
    schemas = {**tables(), "articles": article_table(wanted)}
    counts: Counter[str] = Counter()
    of_source: Counter[str] = Counter()
    with ExitStack() as stack:
        writers = {name: _csv(stack, folder, schema) for name, schema in schemas.items()}
        for chunk in chunks(connection, wanted, whole_facts=True):
            of_source.update(chunk.articles[schemas["articles"].names.index("source")])
            _write_chunk(chunk, writers, counts)
            tell(Progress("writing articles", counts["articles"], total))
        names = _write_sources(connection, of_source, writers["sources"])
        counts["sources"] = len(names)
        for writer in writers.values():
            writer.close()
    files = tuple(_measured(folder, schema, counts[name]) for name, schema in schemas.items())
    return Package(wanted, files, _known_until(connection, wanted), tuple(names))


def _csv(stack: ExitStack, folder: Path, schema: TableSchema) -> CsvWriter:
    return CsvWriter(stack.enter_context(_path(folder, schema).open("wb")), schema, bom=False)


def _path(folder: Path, schema: TableSchema) -> Path:
    return folder / "data" / f"{schema.name}.csv"


def _write_chunk(chunk: Chunk, writers: dict[str, CsvWriter], counts: Counter[str]) -> None:
    for name, columns in {"articles": chunk.articles, **chunk.facts.tables}.items():
        writers[name].write(columns)
        counts[name] += len(columns[0])


def _write_sources(connection: Connection, of_source: Counter[str], writer: CsvWriter) -> list[str]:
    """The sources that the articles come from; gives their names."""
    rows = table(Source).c
    wanted = select(rows.id, rows.name, rows.region_code, rows.kind, rows.homepage).order_by(rows.id)
    found = [row for row in connection.execute(wanted) if row.id in of_source]
    if found:
        columns = [list(cells) for cells in zip(*found, strict=True)]
        writer.write([*columns, [of_source[row.id] for row in found]])
    return [row.name for row in found]


def _known_until(connection: Connection, wanted: Wanted) -> str | None:
    """The day whose state of the archive is given: what was asked for, else when it last saw an article."""
    if wanted.filters.as_of is not None:
        return wanted.filters.as_of.isoformat()
    last = connection.execute(select(func.max(table(Article).c.last_seen_at))).scalar()
    return last.date().isoformat() if last is not None else None


def _measured(folder: Path, schema: TableSchema, rows: int) -> DataFile:
    path = _path(folder, schema)
    return DataFile(schema, path.relative_to(folder).as_posix(), rows, path.stat().st_size, _digest(path))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _describe(package: Package, folder: Path) -> None:
    from crawler.research.export.croissant import croissant

    texts = {
        "CITATION.cff": citation(package),
        "README.md": dictionary(package),
        "croissant.json": _json(croissant(package)),
        "datapackage.json": _json(frictionless(package)),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    names = [*(file.path for file in package.files), *texts]
    sums = "".join(f"{_digest(folder / name)}  {name}\n" for name in sorted(names))
    (folder / _SUMS).write_text(sums, encoding="utf-8", newline="\n")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _zip(folder: Path, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as opened:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _THEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            with path.open("rb") as source, opened.open(member, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
