"""What was taken down for good, and which backups were made before that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class Tombstone(Base):
    """An article that was taken down: later crawls keep it out by its uid. Nothing of its text is kept."""

    __tablename__ = "tombstone"
    uid: Mapped[str] = mapped_column(String(16), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    reason: Mapped[str]
    taken_down_at: Mapped[datetime]


class Backup(Base):
    """A backup that was made of this archive: where it was written and when."""

    __tablename__ = "backup"
    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    made_at: Mapped[datetime]
