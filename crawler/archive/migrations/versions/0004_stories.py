"""Stories: signatures, bands, relations, clusters"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Stories: signatures, bands, relations, clusters."""
    op.create_table(
        "signature",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(length=71), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_band_article_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", "article_id", name=op.f("pk_band")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_band_article_id"), ["article_id"], unique=False)

    op.create_table(
        "relation",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_relation_article_id_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["article.id"], name=op.f("fk_relation_other_id_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "other_id", "kind", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_other_id"), ["other_id"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_article_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_article_id"], ["article.id"], name=op.f("fk_cluster_lead_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("lead_article_id", name=op.f("uq_cluster_lead_article_id")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cluster_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_article_cluster_id"), ["cluster_id"], unique=False)
