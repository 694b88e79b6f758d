"""History: what counts as content, doubtful states, corrections"""

import sqlalchemy as sa
from alembic import op

from crawler.archive.types import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """History: what counts as content, doubtful states, corrections."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_correction_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_article_id"), ["article_id"], unique=False)

    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_digest", sa.String(length=71), nullable=True))
        batch_op.add_column(sa.Column("body_length", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("missing_since", UtcTime(length=20), nullable=True))
        batch_op.add_column(sa.Column("doubtful_digest", sa.String(length=71), nullable=True))

    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payload_digest", sa.String(length=71), nullable=True))
        batch_op.add_column(sa.Column("revisit", sa.Boolean(), nullable=True))
        batch_op.create_index(batch_op.f("ix_capture_payload_digest"), ["payload_digest"], unique=False)

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_digest", sa.String(length=71), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("same_as", sa.Integer(), nullable=True))
