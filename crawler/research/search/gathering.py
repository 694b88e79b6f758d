"""Reading what the documents of the index are made of: articles, the times and texts of their states, their facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.research.search.rows import Reader, Row, in_, second_of

_ARTICLES = """SELECT a.id, a.source_id, a.title, a.published_on, a.region_code, a.body, a.revision_count, a.gone_at,
  c.id FROM article a LEFT JOIN cluster c ON c.id = a.cluster_id AND c.lead_article_id <> a.id
  WHERE a.id IN {} ORDER BY a.id"""
_STATES = "SELECT article_id, number, extracted_at FROM revision WHERE article_id IN {} ORDER BY article_id, number"
_EARLIER = """SELECT r.article_id, r.number, r.title, r.published_on, r.body FROM revision r
  JOIN article a ON a.id = r.article_id AND r.number < a.revision_count WHERE a.id IN {}"""
_FACTS: dict[str, str] = {
    "region": "SELECT article_id, code, code_now FROM article_region WHERE article_id IN {} AND code IS NOT NULL",
    "amount": "SELECT article_id, value_cny FROM article_amount WHERE article_id IN {} AND value_cny IS NOT NULL",
    "org": "SELECT article_id, name, normalized_name FROM article_organization WHERE article_id IN {}",
    "industry": "SELECT article_id, code, name FROM article_industry WHERE article_id IN {}",
    "event": "SELECT article_id, type FROM article_event WHERE article_id IN {}",
}


@dataclass(slots=True, frozen=True)
class Gathered:
    """What the archive has of some articles, as it came: everything that their documents are made of."""

    ids: Sequence[int]
    articles: list[Row]
    times: Mapping[int, list[tuple[int, int]]]
    earlier: Mapping[int, Mapping[int, Row]]
    facts: Mapping[str, Mapping[int, list[Row]]]


def gather(reader: Reader, article_ids: Sequence[int]) -> Gathered:
    """Read what the archive has of these articles; one that is not there is left out."""
    wanted, values = in_("id", article_ids)
    times: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for article_id, number, at in reader.rows(_STATES.format(wanted), values):
        times[article_id].append((number, second_of(at)))
    earlier: dict[int, dict[int, Row]] = defaultdict(dict)
    several = [article_id for article_id, states in times.items() if len(states) > 1]
    if several:
        which, named = in_("id", several)
        for article_id, *columns in reader.rows(_EARLIER.format(which), named):
            earlier[article_id][columns[0]] = tuple(columns)
    facts = {name: _grouped(reader.rows(sql.format(wanted), values)) for name, sql in _FACTS.items()}
    return Gathered(article_ids, list(reader.rows(_ARTICLES.format(wanted), values)), times, earlier, facts)


def _grouped(rows: Iterator[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for article_id, *values in rows:
        found[article_id].append(tuple(values))
    return found
