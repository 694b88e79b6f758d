"""What stories are told by: signatures with figures, bands that nothing but their value is looked up by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """What stories are told by. Nothing was written to these two tables before."""
    op.drop_table("band")
    op.drop_table("signature")
    op.create_table(
        "signature",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(length=71), nullable=False),
        sa.Column("copy_of", sa.Integer(), nullable=True),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_signature_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_text_digest"), ["text_digest"], unique=False)

    op.create_table(
        "band",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value", "article_id", name=op.f("pk_band")),
        sqlite_with_rowid=False,
    )
