"""Stories on a past day: who stood for them then. What `crawler.research.standing` asks, in plain SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from crawler.research.search.rows import Reader

_STANDING = """SELECT id FROM (
  SELECT a.id, c.lead_article_id AS lead, row_number() OVER (PARTITION BY a.cluster_id ORDER BY
    CASE WHEN a.id = c.lead_article_id THEN 0 ELSE 1 END, coalesce(a.published_on, '9999-12-31'), a.first_seen_at, a.uid
  ) AS place FROM article a JOIN cluster c ON c.id = a.cluster_id
  WHERE (a.gone_at IS NULL OR a.gone_at >= :end)
  AND EXISTS (SELECT 1 FROM revision r WHERE r.article_id = a.id AND r.extracted_at < :end)
) AS held WHERE place = 1 AND id <> lead"""


def standing(reader: Reader, as_of: date) -> list[int]:
    """The articles that stood for their stories on a day on which the archive did not hold the first publication."""
    return [row[0] for row in reader.rows(_STANDING, {"end": end_text(as_of)})]


def end_of(day: date) -> datetime:
    """The moment a day ends (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def end_text(day: date) -> str:
    """The same as the archive writes times."""
    return f"{end_of(day):%Y-%m-%dT%H:%M:%SZ}"
