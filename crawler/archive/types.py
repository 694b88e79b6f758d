"""Column types and names that read the same in SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: `2026-11-23T08:15:00Z` as text in SQLite, `timestamptz` in PostgreSQL.

    The text has a fixed width, so it sorts and compares as time does; parts of a second are dropped in both.
    """

    impl = String(20)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`timestamptz` where the database has it."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else String(20))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Aware datetime to what is stored; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be archived")
        utc = value.astimezone(UTC).replace(microsecond=0)
        return utc if dialect.name == "postgresql" else utc.strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """What is stored, as an aware datetime in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def digest(content: str | bytes) -> str:
    """The archive's digest of text or bytes: `sha256:<hex>`."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def uid_of_url(canonical_url: str) -> str:
    """The public name of the article at a canonical URL: 16 characters of base 32, the same in every archive."""
    return _name("url", canonical_url)


def uid_of_record(source_id: str, title: str, published_on: date | None, body_digest: str | None = None) -> str:
    """The public name of an article without a URL; a digest is given only for a second one of one title and day."""
    return _name("record", source_id, title, published_on.isoformat() if published_on else "", body_digest or "")


def _name(*parts: str) -> str:
    raw = "\0".join(parts).encode("utf-8", "surrogatepass")
    return base64.b32encode(hashlib.sha256(raw).digest()[:10]).decode("ascii").lower()
