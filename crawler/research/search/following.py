"""Keeping the index as the archive is: built from nothing, or brought up to date by the changes since.

One process writes, under the folder's lock. Whatever is wrong with an index (missing or damaged files, another version
of the fields, an archive that was restored from a backup) is answered by building it anew: it is never the only copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.research.search.folder import IndexFolder
from crawler.research.search.gathering import Gathered, gather
from crawler.research.search.learning import learned, outgrown
from crawler.research.search.rows import Rows
from crawler.research.search.schema import document, forget_article, make_index, open_index, schema
from crawler.research.search.state import IndexState, current_version, last_change, read_state
from crawler.research.search.words import Phrases

if TYPE_CHECKING:
    import tantivy

BATCH = 250  # articles read at once
COMMIT_EVERY = 50_000  # articles of a build: what a kill costs at most
HEAP = 256 << 20
SMALL_HEAP = 32 << 20
FEW = 2_000  # changes that are not worth a large heap

_IDS = "SELECT id FROM article WHERE id > :after ORDER BY id LIMIT 250"
_COUNT = "SELECT count(*) FROM article WHERE id > :after"
_SINCE = "SELECT article_id, kind FROM change WHERE seq > :seq AND seq <= :last ORDER BY seq"

_TAKEN_DOWN = "taken_down"


@dataclass(slots=True, frozen=True)
class Indexed:
    """How far the work is: `done` of `total` articles."""

    step: str
    done: int
    total: int


Report = Callable[[Indexed], None]


@dataclass(slots=True, frozen=True)
class Opened:
    """An index to search in, with how far it has come.

    `stale` is True where another process writes it and it may be behind the archive.
    """

    index: tantivy.Index
    state: IndexState
    stale: bool = False

    @property
    def phrases(self) -> Phrases:
        """What is a term of this index beside the words of the dictionary."""
        return self.state.phrases


def current_index(rows: Rows, on_progress: Report | None = None) -> Opened:
    """The index of an archive, brought up to date. Where another process does that, or the index may only be
    read, the index as it is now.

    Raises OSError where the folder cannot be written, and what reading the archive raises.
    """
    folder = _folder(rows)
    if (ready := _up_to_date(rows, folder)) is not None:
        return ready
    found = None if os.access(folder.path.parent, os.W_OK) or not folder.path.is_dir() else _usable(folder)
    if found is not None and not os.access(folder.path, os.W_OK):
        return replace(found, stale=True)
    with folder.locked() as mine:
        if mine:
            return _follow(rows, folder, on_progress)
    found = _usable(folder)
    if found is not None:
        return replace(found, stale=True)
    _tell(on_progress, "waiting for another process that builds the index", 0, 1)
    with folder.locked(wait=True):
        return _follow(rows, folder, on_progress)


def _folder(rows: Rows) -> IndexFolder:
    """Where the index is, or is to be made: in the cache where one beside the archive is of no use and may not be
    written."""
    folder = IndexFolder.of(rows)
    if folder.path.is_dir() and not os.access(folder.path, os.W_OK) and _usable(folder) is None:
        return IndexFolder.in_cache(rows)
    return folder


def rebuild_index(rows: Rows, on_progress: Report | None = None) -> int:
    """Build the index from nothing; gives how many documents it has. Waits for another indexer to end."""
    folder = _folder(rows)
    with folder.locked(wait=True):
        folder.clear_building()
        built = _build(rows, folder, on_progress)
    return int(built.index.searcher().num_docs) - 1


def newest_index(folder: IndexFolder) -> Opened | None:
    """The newest index, of whatever version, None where there is none that can be opened."""
    return _opened_at(folder.newest())


def _opened_at(path: Path | None) -> Opened | None:
    if path is None:
        return None
    try:
        return _opened(path, _files(path))
    except (ValueError, OSError, TypeError):
        return None


@lru_cache(maxsize=1)
def _opened(path: Path, files: frozenset[tuple[str, int, int]]) -> Opened | None:
    """An index, kept open for the next search: as long as these are its files."""
    index = open_index(path)
    state = read_state(index)
    return None if state is None else Opened(index, state)


def _files(path: Path) -> frozenset[tuple[str, int, int]]:
    """The files of a generation: name, size, time of the last change."""
    with os.scandir(path) as files:
        found = [(each.name, each.stat()) for each in files]
    return frozenset((name, of.st_size, of.st_mtime_ns) for name, of in found)


def _usable(folder: IndexFolder) -> Opened | None:
    opened = newest_index(folder)
    return opened if opened is not None and opened.state.version == current_version() else None


def _up_to_date(rows: Rows, folder: IndexFolder) -> Opened | None:
    """The index, if the archive has not changed since: the usual case, which needs no lock."""
    opened = newest_index(folder)
    if opened is None:
        return None
    with rows.reading() as reader:
        return opened if opened.state == last_change(reader) else None


def _follow(rows: Rows, folder: IndexFolder, on_progress: Report | None) -> Opened:
    """Bring the index up to date; the lock is ours."""
    opened = newest_index(folder)
    if opened is None:
        return _build(rows, folder, on_progress)
    with rows.reading() as reader:
        fits = opened.state.fits(reader) and not outgrown(reader, opened.state)
    if not fits or _catch_up(rows, opened, on_progress):
        return _build(rows, folder, on_progress)
    # What a kill left of another generation may hold text that was taken down since.
    folder.clear_building()
    return opened


def _build(rows: Rows, folder: IndexFolder, on_progress: Report | None) -> Opened:
    """A new generation, from all articles; goes on with one that was cut off."""
    begun = _opened_at(folder.building())
    with rows.reading() as reader:
        if begun is None or begun.state.up_to is None or not begun.state.fits(reader):
            folder.clear_building()
            begun = Opened(make_index(folder.building()), learned(reader, replace(last_change(reader), up_to=0)))
    _write_all(rows, begun, on_progress)
    whole = Opened(open_index(folder.publish()), replace(begun.state, up_to=None))
    # What changed meanwhile, and what an earlier attempt had read before it changed.
    return _build(rows, folder, on_progress) if _catch_up(rows, whole, on_progress) else whole


def _write_all(rows: Rows, begun: Opened, on_progress: Report | None) -> None:
    from crawler.research.search.makers import made, processes_for

    start, writer = begun.state, begun.index.writer(HEAP, _threads())
    after, done, since_commit = start.up_to or 0, 0, 0
    with rows.reading() as reader:
        total = next(reader.rows(_COUNT, {"after": after}))[0]
    for batch, documents in made(_all_after(rows, after), processes_for(total), start.phrases):
        for fields in documents:
            writer.add_document(document(fields))
        done, since_commit = done + len(batch.ids), since_commit + len(batch.ids)
        if since_commit >= COMMIT_EVERY:
            since_commit = 0
            replace(start, up_to=batch.ids[-1]).write(writer)
            writer.commit()
        _tell(on_progress, "indexing", done, total)
    replace(start, up_to=None).write(writer)
    writer.commit()
    writer.wait_merging_threads()


def _all_after(rows: Rows, after: int) -> Iterator[Gathered]:
    """What the archive has of all articles behind one."""
    while True:
        # No transaction is held for long: a crawl may be writing.
        with rows.reading() as reader:
            ids = [row[0] for row in reader.rows(_IDS, {"after": after})]
            if not ids:
                return
            gathered = gather(reader, ids)
        yield gathered
        after = ids[-1]


def _catch_up(rows: Rows, opened: Opened, on_progress: Report | None) -> bool:
    """Follow the changes since; gives whether the index must be built anew, for it holds text that was taken down."""
    from crawler.research.search.makers import made, processes_for

    index, state = opened.index, opened.state
    with rows.reading() as reader:
        last = last_change(reader)
        now = replace(state, seq=last.seq, mark=last.mark)
        changes = list(reader.rows(_SINCE, {"seq": state.seq, "last": now.seq}))
    if not changes:
        return False
    if any(kind == _TAKEN_DOWN and _holds(index, article_id) for article_id, kind in changes):
        return True
    changed = list(dict.fromkeys(article_id for article_id, _ in changes))
    few = len(changed) <= FEW
    writer = index.writer(SMALL_HEAP if few else HEAP, 1 if few else _threads())
    done = 0
    for batch, documents in made(_gathered(rows, changed), processes_for(len(changed)), state.phrases):
        for article_id in batch.ids:
            forget_article(writer, article_id)
        for fields in documents:
            writer.add_document(document(fields))
        done += len(batch.ids)
        _tell(on_progress, "indexing changes", done, len(changed))
    now.write(writer)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return False


def _holds(index: tantivy.Index, article_id: int) -> bool:
    from tantivy import Query

    return bool(index.searcher().search(Query.term_query(schema(), "article", article_id), 1, count=False).hits)


def _gathered(rows: Rows, ids: Iterable[int]) -> Iterator[Gathered]:
    rest = iter(ids)
    while part := list(islice(rest, BATCH)):
        with rows.reading() as reader:
            gathered = gather(reader, part)
        yield gathered


def _tell(on_progress: Report | None, step: str, done: int, total: int) -> None:
    if on_progress is not None:
        on_progress(Indexed(step, done, total))


def _threads() -> int:
    # The other half of the cores makes documents; fewer threads write larger parts, which are merged less often.
    return max(1, min(4, (os.cpu_count() or 1) // 2))
