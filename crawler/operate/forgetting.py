"""What indexes still hold of an article that was taken down."""

from __future__ import annotations

from sqlalchemy import Engine

from crawler.operate import reindex_fts
from crawler.research.search.folder import IndexFolder
from crawler.research.search.following import current_index
from crawler.research.search.rows import rows_of_engine


def forget_indexed(engine: Engine) -> list[str]:
    """Take what was taken down out of the indexes' files too; gives what could not be done, and how it can.

    An index notes only that an article is gone: the search index is built anew, the FTS5 table is merged.
    """
    reindex_fts.forget(engine)
    rows = rows_of_engine(engine)
    folder = IndexFolder.of(rows)
    if not folder.path.is_dir():
        return []
    try:
        if folder.newest() is None:
            # A first index that a kill cut off; one that is being built takes it out when it comes to the change.
            with folder.locked() as mine:
                if mine:
                    folder.clear_building()
            return []
        behind = current_index(rows).stale
    except (OSError, ValueError) as error:
        return [f"the search index {folder.path} could not be written ({error}); delete the folder"]
    return ["another process writes the search index; run the command again when it has ended"] if behind else []
