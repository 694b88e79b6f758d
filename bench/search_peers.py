"""Other ways to find a run of characters in the same articles: each counts what matches and gives the first 20."""

from __future__ import annotations

import importlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST = 20
Find = Callable[[str], int]
Row = tuple[int, str, str]  # id, title, body


@dataclass(slots=True, frozen=True)
class Peer:
    """A named way to search: how long it took to set up, how many bytes it added, and how it counts a query's hits."""

    name: str
    seconds: float
    bytes: int
    find: Find


def peers(archive: Path, folder: Path, rows: Callable[[], Iterable[Row]]) -> Iterator[Peer]:
    """The peers, each set up when it is its turn."""
    yield Peer("SQLite LIKE", 0.0, 0, _like(archive))
    for name, build in (("FTS5 trigram", _trigrams), ("tantivy, jieba words", _words), ("DuckDB", _duckdb)):
        began = time.perf_counter()
        try:
            find = build(folder / name.split()[0].lower().strip(","), rows())
        except ImportError as error:
            print(f"{name} is left out ({error}): `make bench` installs it.")
            continue
        seconds = time.perf_counter() - began
        yield Peer(name, seconds, _size(folder / name.split()[0].lower().strip(",")), find)


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files)


def _like(archive: Path) -> Find:
    connection = sqlite3.connect(archive)

    def find(query: str) -> int:
        return _first(
            connection, "FROM article WHERE title || char(10) || body LIKE ?", f"%{query}%", "published_on DESC"
        )

    return find


def _first(connection: sqlite3.Connection, where: str, value: str, order: str) -> int:
    connection.execute(f"SELECT rowid {where} ORDER BY {order} LIMIT {FIRST}", (value,)).fetchall()
    return int(connection.execute(f"SELECT count(*) {where}", (value,)).fetchone()[0])


def _trigrams(path: Path, rows: Iterable[Row]) -> Find:
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='trigram')")
    with connection:
        connection.executemany("INSERT INTO t (rowid, title, body) VALUES (?, ?, ?)", rows)

    def find(query: str) -> int:
        if len(query) < 3:  # it has no shorter terms
            return _first(connection, "FROM t WHERE title || char(10) || body LIKE ?", f"%{query}%", "rowid DESC")
        return _first(connection, "FROM t WHERE t MATCH ?", f'"{query}"', "rank")

    return find


def _words(path: Path, rows: Iterable[Row]) -> Find:
    """As one would without looking closer: words as jieba cuts them for search, with places, a query as a phrase."""
    import rjieba
    import tantivy

    path.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("t", tokenizer_name="whitespace").build()
    index = tantivy.Index(schema, str(path))
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(256 << 20, 2)
    for _, title, body in rows:
        text = " ".join(rjieba.cut_for_search(f"{title}\n{body}"))
        writer.add_document(tantivy.Document.from_dict({"t": text}, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> int:
        words: list[Any] = [word for word in rjieba.cut_for_search(query) if word.strip()]
        asked = (
            tantivy.Query.phrase_query(schema, "t", words)
            if len(words) > 1
            else tantivy.Query.term_query(schema, "t", words[0])
        )
        return int(searcher.search(asked, FIRST).count)  # type: ignore[attr-defined]

    return find


def _duckdb(path: Path, rows: Iterable[Row]) -> Find:
    duckdb = importlib.import_module("duckdb")
    pyarrow = importlib.import_module("pyarrow")
    connection = duckdb.connect(str(path))
    columns = list(zip(*rows, strict=True))
    names = ("id", "title", "body")
    held = pyarrow.table({name: list(column) for name, column in zip(names, columns, strict=True)})
    connection.register("held", held)
    connection.execute("CREATE TABLE t AS SELECT * FROM held")
    connection.unregister("held")
    connection.execute("CHECKPOINT")

    def find(query: str) -> int:
        where = "FROM t WHERE contains(title, $1) OR contains(body, $1)"
        connection.execute(f"SELECT id {where} ORDER BY id DESC LIMIT {FIRST}", [query]).fetchall()
        return int(connection.execute(f"SELECT count(*) {where}", [query]).fetchone()[0])

    return find
