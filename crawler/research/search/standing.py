"""Stories on a past day: who stood for them then. What `crawler.research.standing` asks, in plain SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from crawler.research.search.rows import Reader

# Whether the archive had an article, and knew nothing of its being gone. When it was first seen spares most revisions.
_HELD = """(({0}.gone_at IS NULL OR {0}.gone_at >= :end) AND {0}.first_seen_at < :end
  AND EXISTS (SELECT 1 FROM revision r WHERE r.article_id = {0}.id AND r.extracted_at < :end))"""
_ORDER = "(coalesce({0}.published_on, '9999-12-31'), {0}.first_seen_at, {0}.uid)"
# Most first publications were there: what they lead needs no look at its other members.
_EARLIEST = """SELECT a.id FROM article a WHERE a.cluster_id IN (SELECT c.id FROM cluster c WHERE NOT EXISTS
  (SELECT 1 FROM article l WHERE l.id = c.lead_article_id AND {lead_held}))
  AND {held} AND NOT EXISTS
  (SELECT 1 FROM article b WHERE b.cluster_id = a.cluster_id AND {before} < {order} AND {before_held})"""
_STANDING = _EARLIEST.format(
    lead_held=_HELD.format("l"),
    held=_HELD.format("a"),
    before=_ORDER.format("b"),
    order=_ORDER.format("a"),
    before_held=_HELD.format("b"),
)
_MEMBERS = "(SELECT count(*) FROM article m WHERE m.cluster_id = a.cluster_id AND {})"

SIZE_THEN = _MEMBERS.format(_HELD.format("m"))
"""The size that the story of the article `a` had at `:end`, as an expression of SQL; 0 where it is of none."""


def standing(reader: Reader, as_of: date) -> list[int]:
    """The articles that stood for their stories on a day on which the archive did not hold the first publication."""
    return [row[0] for row in reader.rows(_STANDING, {"end": end_text(as_of)})]


def end_of(day: date) -> datetime:
    """The moment a day ends (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def end_text(day: date) -> str:
    """The same as the archive writes times."""
    return f"{end_of(day):%Y-%m-%dT%H:%M:%SZ}"
