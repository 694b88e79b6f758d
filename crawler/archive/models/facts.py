"""Facts read out of articles, each with the span that says so: `article.<field>[start:end] == surface`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crawler.archive.models.base import Base


class ArticleRegion(Base):
    """A place: `code` is that of the article's year (None for a named area), `code_now` today's."""

    __tablename__ = "article_region"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    code: Mapped[str | None] = mapped_column(String(6))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    code_now: Mapped[str | None] = mapped_column(String(6))
    __table_args__ = (Index(None, "article_id"), Index(None, "code"))


class ArticleAmount(Base):
    """An amount of money; `value` is in `currency`, `value_cny` None where no rate of its day is known."""

    __tablename__ = "article_amount"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    value_cny: Mapped[float | None]
    value: Mapped[float | None]
    currency: Mapped[str] = mapped_column(String(3))
    low: Mapped[float | None]
    high: Mapped[float | None]
    qualifier: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    provenance: Mapped[dict[str, Any] | None]
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    __table_args__ = (Index(None, "article_id"), Index(None, "value_cny"))


class ArticleOrganization(Base):
    """An organization; `normalized_name` is the long form where the article gives one."""

    __tablename__ = "article_organization"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    name: Mapped[str]
    normalized_name: Mapped[str]
    role: Mapped[str | None] = mapped_column(String(16))
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    __table_args__ = (Index(None, "article_id"), Index(None, "normalized_name"))


class ArticleIndustry(Base):
    """An industry by GB/T 4754, or a strategic emerging one; the span is that of its strongest word."""

    __tablename__ = "article_industry"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str]
    score: Mapped[float]
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    __table_args__ = (Index(None, "article_id"), Index(None, "code"))


class ArticleEvent(Base):
    """An event, with how many (20个项目集中签约) where the text says so."""

    __tablename__ = "article_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(8))
    type: Mapped[str] = mapped_column(String(16))
    count: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    __table_args__ = (Index(None, "article_id"), Index(None, "type"))


class Project(Base):
    """A project: one sentence that ties organization, amount, place and event together."""

    __tablename__ = "project"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    organization: Mapped[str | None]
    value_cny: Mapped[float | None]
    region_code: Mapped[str | None] = mapped_column(String(6))
    event: Mapped[str | None] = mapped_column(String(16))
    start: Mapped[int]
    end: Mapped[int]
    surface: Mapped[str]
    __table_args__ = (Index(None, "article_id"),)
