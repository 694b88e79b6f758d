"""Stories in the archive: what is new or changed is compared with its like, and put where it belongs.

Everything happens inside the caller's transaction, and nothing is held in memory between two batches. Where writers
take turns (`take_turn`), the clusters are those that `reindex --clusters` makes from nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from crawler.archive.clusters import settle
from crawler.archive.relating import relate, unrelate


def tell(connection: Connection, article_ids: Collection[int], at: datetime) -> None:
    """Compare articles that are new or changed with all others, and put their stories right.

    One whose text is as it was is only placed anew: its day or first sight may have changed.
    """
    touched = relate(connection, article_ids)
    if touched:
        settle(connection, touched, at)


def forget(connection: Connection, article_ids: Collection[int], at: datetime) -> None:
    """Take articles out of all stories, as before they are deleted; what only they joined is then told apart."""
    settle(connection, {*unrelate(connection, article_ids), *article_ids}, at)
