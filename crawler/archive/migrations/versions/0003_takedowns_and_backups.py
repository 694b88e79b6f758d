"""Pages of long articles, takedowns and backups"""

import sqlalchemy as sa
from alembic import op

from crawler.archive.types import UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Pages of long articles, takedowns and backups."""
    op.create_table(
        "revision_part",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_part_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_revision_part_capture_id_capture")),
        sa.PrimaryKeyConstraint("revision_id", "number", name=op.f("pk_revision_part")),
    )
    op.create_index(op.f("ix_revision_part_capture_id"), "revision_part", ["capture_id"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_seen_at", UtcTime(length=20), nullable=False),
        sa.Column("taken_down_at", UtcTime(length=20), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_tombstone_source_id_source")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "tombstone_mark",
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["uid"], ["tombstone.uid"], name=op.f("fk_tombstone_mark_uid_tombstone"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_tombstone_mark")),
    )
    op.create_index(op.f("ix_tombstone_mark_uid"), "tombstone_mark", ["uid"], unique=False)
    op.create_table(
        "stale_file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_stale_file")),
    )
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", UtcTime(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
