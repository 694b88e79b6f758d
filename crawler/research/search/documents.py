"""The archive's rows as documents of the index: each state of an article, with the facts of the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.research.search.matching import day_number
from crawler.research.search.rows import Reader, Row, day_of, in_, second_of
from crawler.research.search.schema import FOLLOWER, PAST, UNDATED
from crawler.research.search.text import GAP, fold, runs
from crawler.research.search.words import Terms

TITLE_WEIGHT = 8  # a word in the title counts as often in the text
FOREVER = 1 << 40
# In the order of recency a score counts half for every two years that an article is older. Tantivy weighs with numbers
# from 1 to about 1,000, which is 20 years; before and after them age makes no difference.
HALF_LIFE_DAYS = 730.0
_OLDEST = date(2012, 1, 1)
_HEAVIEST = 1000.0

_ARTICLES = """SELECT a.id, a.source_id, a.title, a.published_on, a.region_code, a.body, a.revision_count, a.gone_at,
  l.first_seen_at FROM article a LEFT JOIN cluster c ON c.id = a.cluster_id AND c.lead_article_id <> a.id
  LEFT JOIN article l ON l.id = c.lead_article_id WHERE a.id IN {} ORDER BY a.id"""
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
class _State:
    """A state of an article and when it was the archive's: from, and before, in seconds since 1970."""

    number: int
    title: str
    published_on: date | None
    body: str
    known_from: int
    known_until: int
    is_past: bool


def documents_of(reader: Reader, article_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The documents of these articles; one that is not there has none."""
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
    for row in reader.rows(_ARTICLES.format(wanted), values):
        of_article = {name: found.get(row[0], ()) for name, found in facts.items()}
        for state in _states(row, times[row[0]], earlier[row[0]]):
            yield _document(row, state, of_article)


def _grouped(rows: Iterator[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for article_id, *values in rows:
        found[article_id].append(tuple(values))
    return found


def _states(row: Row, times: list[tuple[int, int]], earlier: Mapping[int, Row]) -> Iterator[_State]:
    _, _, title, published_on, _, body, count, gone_at, _ = row
    gone = second_of(gone_at) if gone_at is not None else FOREVER
    present = (count, title, published_on, body)
    for (number, known_from), (_, replaced) in zip(times, [*times[1:], (0, FOREVER)], strict=False):
        # A revision that is neither the present one nor before it is being written: the next change brings it.
        found = present if number == count else earlier.get(number)
        if found is not None:
            _, name, day, text = found
            yield _State(number, name, day_of(day), text, known_from, min(replaced, gone), number != count)


def _document(row: Row, state: _State, facts: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    article_id, source, *_ = row
    region_code, lead_from = row[4], row[8]
    title, body = runs(fold(state.title)), runs(fold(state.body))
    whole = f"{title}{GAP}{body}"
    terms = Terms.of(title, body, whole, TITLE_WEIGHT)
    places = {code for codes in (*facts["region"], (region_code,)) for code in codes if code and code.isdigit()}
    day = state.published_on
    fields: dict[str, Any] = {
        "article": article_id,
        "revision": state.number,
        "title": title,
        "chars": whole,
        "words": terms.words,
        "pairs": terms.pairs,
        "source": source,
        "year": f"{day.year:04d}" if day else "undated",
        "day": day_number(day) if day else UNDATED,
        "freshness": _freshness(day),
        "known_from": max(state.known_from, 0),
        "known_until": max(state.known_until, 0),
        "place": sorted(int(code) for code in places),
        "region": _regions(places),
        "tag": [*([PAST] if state.is_past else []), *([FOLLOWER] if lead_from is not None else [])],
        "amount": sorted({float(value) for (value,) in facts["amount"]}),
        "org": GAP.join(sorted({runs(fold(name)) for names in facts["org"] for name in names if name})),
        "industry": sorted({code for code, _ in facts["industry"]}),
        "industry_key": sorted({key for keys in facts["industry"] for key in keys}),
        "event": sorted({kind for (kind,) in facts["event"]}),
    }
    if lead_from is not None:
        fields["lead_from"] = second_of(lead_from)
    return fields


def _regions(codes: set[str]) -> list[str]:
    """The provinces and prefectures that places lie in."""
    return sorted({code[:2] + "0000" for code in codes} | {code[:4] + "00" for code in codes})


def _freshness(day: date | None) -> float:
    """What tantivy is to multiply scores with; it takes the binary logarithm of 2 + the value that is kept."""
    weight = 2.0 ** ((day - _OLDEST).days / HALF_LIFE_DAYS) if day else 1.0
    return float(2.0 ** min(max(weight, 1.0), _HEAVIEST) - 2.0)
