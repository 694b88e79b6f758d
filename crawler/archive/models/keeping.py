"""What is kept, and what no longer is: pages of long articles, takedowns, files to delete, backups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class RevisionPart(Base):
    """A further page that a long article continues on; `number` is 2 for the second page."""

    __tablename__ = "revision_part"
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("capture.id"), index=True)


class Tombstone(Base):
    """An article that was taken down: later crawls keep it out by its marks. Nothing of its text is kept."""

    __tablename__ = "tombstone"
    uid: Mapped[str] = mapped_column(String(16), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    reason: Mapped[str]
    first_seen_at: Mapped[datetime]
    taken_down_at: Mapped[datetime]


class TombstoneMark(Base):
    """A name that an article which was taken down would come back under: see `crawler.archive.tombstones`."""

    __tablename__ = "tombstone_mark"
    mark: Mapped[str] = mapped_column(String(16), primary_key=True)
    uid: Mapped[str] = mapped_column(ForeignKey("tombstone.uid", ondelete="CASCADE"), index=True)


class StaleFile(Base):
    """A capture file that no row needs: noted before it is made or given up, so that a crash leaves none behind."""

    __tablename__ = "stale_file"
    path: Mapped[str] = mapped_column(primary_key=True)


class Backup(Base):
    """A backup that was made of this archive: where it was written and when."""

    __tablename__ = "backup"
    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    made_at: Mapped[datetime]
