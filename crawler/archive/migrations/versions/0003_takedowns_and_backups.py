"""Takedowns and backups"""

import sqlalchemy as sa
from alembic import op

from crawler.archive.types import UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Takedowns and backups."""
    op.create_table(
        "tombstone",
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_down_at", UtcTime(length=20), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_tombstone_source_id_source")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
