"""Captures that are kept for some days only: which may go, and marking them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, exists, select, update
from sqlalchemy.orm import aliased

from crawler.archive.engine import take_turn, writing
from crawler.archive.errors import ArchiveError
from crawler.archive.models import Attachment, Capture, Crawl, Revision, RevisionPart
from crawler.archive.removal import Swept, sweep
from crawler.capture import CaptureError


def expire_captures(
    engine: Engine,
    root: Path,
    before: datetime,
    source_id: str | None = None,
    own_crawl: int | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> Swept:
    """Let the captures fetched before a moment go, as `expire` does, and take their bytes away.

    What cannot go now goes with the next sweep; the answer says why. Raises ArchiveError.
    """
    with writing(engine) as connection:
        take_turn(connection)
        expire(connection, source_id, before, datetime.now(UTC))
    try:
        return sweep(engine, root, source_id=source_id, own_crawl=own_crawl, on_progress=on_progress)
    except (ArchiveError, CaptureError, OSError) as error:
        return Swept(left=[f"expired captures are still on the disk: {error}"])


def expire(connection: Connection, source_id: str | None, before: datetime, now: datetime) -> int:
    """Mark the captures fetched before a moment, of one source or of all, that nothing needs; gives how many.

    A capture is needed by a revision or an attachment that was read from it, and where it holds the payload that a
    revisit which stays refers to. Marked ones are no longer read; `removal.sweep` takes their bytes away.
    """
    old = _unneeded(source_id, before)
    staying = aliased(Capture)
    revisited = select(staying.payload_digest).where(
        staying.revisit.is_(True), staying.expired_at.is_(None), staying.warc_path.is_not(None)
    )
    still_wanted = revisited.where(staying.id.not_in(old), staying.payload_digest.is_not(None))
    going = old.where(Capture.revisit.is_(True) | Capture.payload_digest.not_in(still_wanted))
    marked = update(Capture).where(Capture.id.in_(going)).values(expired_at=now)
    return connection.execute(marked).rowcount


def _unneeded(source_id: str | None, before: datetime) -> Select[int]:
    """Kept captures of before a moment that no revision and no attachment names."""
    old = select(Capture.id).where(
        Capture.warc_path.is_not(None), Capture.expired_at.is_(None), Capture.fetched_at < before
    )
    if source_id is not None:
        old = old.where(Capture.crawl_id.in_(select(Crawl.id).where(Crawl.source_id == source_id)))
    for named in (Revision.capture_id, RevisionPart.capture_id, Attachment.capture_id):
        old = old.where(~exists().where(named == Capture.id).correlate(Capture))
    return old
