"""Sketches of signatures, by which most candidates are seen to be none."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
AT_ONCE = 5_000


def upgrade() -> None:
    """A table of sketches, one for each signature that is looked up by its bands."""
    sketches = op.create_table(
        "sketch",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_sketch")),
    )
    connection, last = op.get_bind(), 0
    signatures = sa.table("signature", sa.column("article_id"), sa.column("minhash"), sa.column("head")).c
    asked = sa.select(signatures.article_id, signatures.minhash).where(signatures.head.is_not(None))
    while rows := connection.execute(
        asked.where(signatures.article_id > last).order_by(signatures.article_id).limit(AT_ONCE)
    ).all():
        connection.execute(
            sketches.insert(), [{"article_id": row.article_id, "sketch": row.minhash[:64:4]} for row in rows]
        )
        last = rows[-1].article_id
