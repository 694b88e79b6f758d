"""Near-duplicates: signatures, bands to look them up by, verified relations and the clusters they make."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class Signature(Base):
    """What an article was reduced to (see `crawler.dedupe.signature`). The digest of too little text is empty.

    Of articles with equal texts one is looked up by its bands; the others are a `copy_of` it and hold its digest only.
    """

    __tablename__ = "signature"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    text_digest: Mapped[str] = mapped_column(String(71), index=True)
    copy_of: Mapped[int | None]
    minhash: Mapped[bytes] = mapped_column(LargeBinary)
    figures: Mapped[bytes] = mapped_column(LargeBinary)
    length: Mapped[int]
    head: Mapped[int | None] = mapped_column(BigInteger)


class Band(Base):
    """One band of a signature: articles with an equal `value` are candidates for each other.

    There are some thirty rows an article, so it has no second index and no foreign key: `crawler.archive.stories` finds
    an article's rows by computing them again from its signature.
    """

    __tablename__ = "band"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    __table_args__ = ({"sqlite_with_rowid": False},)


class NewBand(Base):
    """A band of one of the newest articles, until it is filed in `band` (see `crawler.archive.bands`)."""

    __tablename__ = "new_band"
    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    __table_args__ = ({"sqlite_with_rowid": False},)


class Sketch(Base):
    """The first bytes of a signature's hashes, in rows so short that chance candidates are seen through by them."""

    __tablename__ = "sketch"
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)


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
