"""Near-duplicates: signatures, bands to look them up by, verified relations and the clusters they make."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class Signature(Base):
    """What an article was reduced to: the digest of its normalised text, and its MinHash (uint32, little-endian)."""

    __tablename__ = "signature"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    text_digest: Mapped[str] = mapped_column(String(71), index=True)
    minhash: Mapped[bytes] = mapped_column(LargeBinary)


class Band(Base):
    """One band of a signature: articles with an equal `value` are candidates for each other."""

    __tablename__ = "band"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    __table_args__ = (Index(None, "article_id"), {"sqlite_with_rowid": False})


class Relation(Base):
    """A verified edge: `near` joins two articles to one story, `contains`: the first holds the text of the other."""

    __tablename__ = "relation"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    similarity: Mapped[float]
    __table_args__ = (Index(None, "other_id"),)


class Cluster(Base):
    """One story of several articles: the connected component of `near` relations; its lead was published first."""

    __tablename__ = "cluster"
    id: Mapped[int] = mapped_column(primary_key=True)
    lead_article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    size: Mapped[int]
