"""Whether an article changed: what counts as content, what looks cut, what a person put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from crawler.archive.models import Correction, batched, table
from crawler.archive.types import digest
from crawler.extract.dates import SHANGHAI
from crawler.extract.volatile import settled_text
from crawler.extract.whole import LATER_PART
from crawler.items import Article, Evidence

Verdict = Literal["same", "changed", "doubtful"]

# A page that lost more than half of a text of some length was more likely cut than rewritten.
SHRINKS_TO = 0.5
LONG_ENOUGH = 200

CORRECTABLE = ("title", "published_on", "body", "author", "origin", "region_code")


@dataclass(slots=True)
class Known:
    """What the archive holds of an article, as far as it decides whether an item changes it."""

    id: int
    source_id: str
    title: str
    published_on: date | None
    body_digest: str
    content_digest: str | None
    body_length: int | None
    doubtful_digest: str | None
    revision_count: int
    last_crawl_id: int
    last_seen_at: datetime


def content_digest(article: Article) -> str:
    """The digest of what counts: title, day and text, without view counters, relative times and share widgets."""
    day = article.published_on.isoformat() if article.published_on else ""
    return digest("\0".join((article.title, day, settled_text(article.body))))


def verdict(known: Known, article: Article, content: str) -> Verdict:
    """Whether an article is as it was, changed, or in a doubtful state that must be seen again before it counts."""
    if known.content_digest is None:
        same = (known.title, known.published_on) == (article.title, article.published_on)
        return "same" if same and known.body_digest == digest(article.body) else "changed"
    if known.content_digest == content:
        return "same"
    return "doubtful" if _looks_cut(known, article) and known.doubtful_digest != content else "changed"


def corrections(connection: Connection, article_ids: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """The corrected fields of these articles, the newest of each field."""
    rows = table(Correction).c
    corrected: dict[int, dict[str, str | None]] = {}
    for part in batched(article_ids):
        statement = (
            select(rows.article_id, rows.field, rows.value)
            .where(rows.article_id.in_(part))
            .order_by(rows.created_at, rows.id)
        )
        for article_id, field, value in connection.execute(statement):
            corrected.setdefault(article_id, {})[field] = value
    return corrected


def corrected(article: Article, fields: Mapping[str, str | None]) -> Article:
    """The article with the fields that a person put right; `region_code` is no field of an item and kept elsewhere."""
    values: dict[str, Any] = {
        name: (date.fromisoformat(value) if value else None) if name == "published_on" else value
        for name, value in fields.items()
        if name != "region_code"
    }
    if "published_on" in values:
        values["published_at"] = moment_of(values["published_on"], article.published_at)
    evidence = {name: Evidence("correction") for name in fields}
    # Facts are of the texts as they were given; those of the corrected ones are still to be read.
    return replace(article, **values, provenance={**article.provenance, **evidence}, facts=None)


def moment_of(day: date | None, moment: datetime | None) -> datetime | None:
    """The moment of publication where it is of a day; of a day that a person put right the page gives no time."""
    return moment if moment is not None and moment.astimezone(SHANGHAI).date() == day else None


def _looks_cut(known: Known, article: Article) -> bool:
    evidence = article.provenance.get("body")
    if evidence is not None and evidence.note and LATER_PART in evidence.note:
        return True
    before = known.body_length or 0
    return before >= LONG_ENOUGH and len(article.body) < before * SHRINKS_TO
