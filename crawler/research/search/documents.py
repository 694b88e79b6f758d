"""The archive's rows as documents of the index: each state of an article, with the facts of the article.

It loads numpy, which searching does without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.research.search.folding import left_of
from crawler.research.search.gathering import Gathered
from crawler.research.search.matching import day_number
from crawler.research.search.rows import Row, day_of, second_of
from crawler.research.search.schema import FOLLOWER, PAST, UNDATED
from crawler.research.search.text import GAP, fold, runs, spaced
from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import NO_PHRASES, Phrases

FOREVER = 1 << 40
Fields = dict[str, Any]
# In the order of recency a score counts half for every two years that an article is older. Tantivy weighs with numbers
# from 1 to about 1,000, which is 20 years; before and after them age makes no difference.
HALF_LIFE_DAYS = 730.0
_OLDEST = date(2012, 1, 1)
_HEAVIEST = 1000.0


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


def documents_of(gathered: Gathered, phrases: Phrases = NO_PHRASES) -> list[Fields]:
    """The documents of these articles, as fields; `phrases` are those of their index."""
    found: list[Fields] = []
    for row in gathered.articles:
        of_article = {name: facts.get(row[0], ()) for name, facts in gathered.facts.items()}
        for state in _states(row, gathered.times.get(row[0], []), gathered.earlier.get(row[0], {})):
            found.append(_document(row, state, of_article, phrases))
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


def _document(row: Row, state: _State, facts: Mapping[str, Sequence[Row]], phrases: Phrases) -> Fields:
    article_id, source, *_ = row
    region_code, follows = row[4], row[8]
    terms = Terms.of(left_of(state.title), left_of(state.body), phrases)
    places = {code for codes in (*facts["region"], (region_code,)) for code in codes if code and code.isdigit()}
    day = state.published_on
    return {
        "article": article_id,
        "revision": state.number,
        "title": terms.title,
        "chars": terms.chars,
        "terms": terms.terms,
        "source": source,
        "year": f"{day.year:04d}" if day else "undated",
        "day": day_number(day) if day else UNDATED,
        "freshness": _freshness(day),
        "known_from": max(state.known_from, 0),
        "known_until": max(state.known_until, 0),
        "place": sorted(int(code) for code in places),
        "region": _regions(places),
        "tag": [*([PAST] if state.is_past else []), *([FOLLOWER] if follows is not None else [])],
        "amount": sorted({float(value) for (value,) in facts["amount"]}),
        "org": spaced(GAP.join(sorted({runs(fold(name)) for names in facts["org"] for name in names if name}))),
        "industry": sorted({code for code, _ in facts["industry"]}),
        "industry_key": sorted({key for keys in facts["industry"] for key in keys}),
        "event": sorted({kind for (kind,) in facts["event"]}),
    }


def _regions(codes: set[str]) -> list[str]:
    """The provinces and prefectures that places lie in."""
    return sorted({code[:2] + "0000" for code in codes} | {code[:4] + "00" for code in codes})


def _freshness(day: date | None) -> float:
    """What tantivy is to multiply scores with; it takes the binary logarithm of 2 + the value that is kept."""
    weight = 2.0 ** ((day - _OLDEST).days / HALF_LIFE_DAYS) if day else 1.0
    return float(2.0 ** min(max(weight, 1.0), _HEAVIEST) - 2.0)
