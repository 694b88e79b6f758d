"""The search index, checked: its files as they were written, and a document for each state of each article."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from crawler.operate.problems import Problem, Reading
from crawler.research.search.files import damaged_files
from crawler.research.search.folder import IndexFolder
from crawler.research.search.following import newest_index, rebuild_index
from crawler.research.search.rows import Rows, rows_of_engine
from crawler.research.search.state import last_change

_STATES = "SELECT count(*) FROM revision r JOIN article a ON a.id = r.article_id AND r.number <= a.revision_count"


def search_index(seen: Reading) -> Iterator[Problem]:
    """What is wrong with the index; one that was never made, or is behind the archive, is made by the next search."""
    rows = rows_of_engine(seen.engine)
    folder = IndexFolder.of(rows)
    for where, problem in _problems(rows, folder):
        yield Problem("search index", where, problem, rebuildable=True)


def _problems(rows: Rows, folder: IndexFolder) -> Iterator[tuple[str, str]]:
    path = folder.newest()
    if path is None:
        return
    damaged = list(damaged_files(path))
    for name in damaged:
        yield str(path / name), "is not as it was written"
    if damaged:
        return
    opened = newest_index(folder)
    if opened is None:
        yield str(path), "cannot be opened"
        return
    with rows.reading() as reader:
        if opened.state != last_change(reader):
            return
        states = next(reader.rows(_STATES))[0]
    held = opened.index.searcher().num_docs - 1
    if held != states:
        yield str(path), f"holds {held} states of articles, the archive has {states}"


def rebuild_search_index(engine: Engine) -> int:
    """Build the index anew if something is wrong with it; gives how many indexes that were."""
    rows = rows_of_engine(engine)
    if not list(_problems(rows, IndexFolder.of(rows))):
        return 0
    rebuild_index(rows)
    return 1
