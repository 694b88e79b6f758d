"""A table for the bands of the newest articles, which are filed a stretch of values at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A table for the bands of the newest articles. Those that are filed already stay where they are."""
    op.create_table(
        "new_band",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "article_id", name=op.f("pk_new_band")),
        sqlite_with_rowid=False,
    )
