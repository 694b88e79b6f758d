"""Trees and filters as tantivy queries.

A word of the dictionary, a phrase of the archive and any other two characters are one of `terms`; anything else is a
row of characters, in which the terms that it holds are asked for first: they are rarer than those. `strict` leaves out
texts where a word of the query only stands across two other words (汉江 in 武汉江汉区).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crawler.research.search.phrases import phrases_around, phrases_within
from crawler.research.search.query import Group, Node, Not, Term
from crawler.research.search.schema import FOLLOWER, PAST, schema
from crawler.research.search.standing import end_of
from crawler.research.search.text import GAP, Placed, tokens
from crawler.research.search.words import (
    ACROSS,
    IN_TITLE,
    OFTEN,
    Phrases,
    is_han,
    is_word,
    pairs_within,
    words_of_query,
)

if TYPE_CHECKING:
    import tantivy

    from crawler.research.filters import Filters

TITLE_BOOST, OFTEN_BOOST = 3.0, 1.0
MOST_ASKED = 3


@dataclass(slots=True, frozen=True)
class Lookup:
    """What a query is made for: the searcher tells which terms are rare, the phrases are terms of its index."""

    searcher: tantivy.Searcher
    phrases: Phrases


def match(node: Node, lookup: Lookup, *, strict: bool) -> tantivy.Query:
    """The query of a tree."""
    from tantivy import Occur, Query

    if isinstance(node, Term):
        return _term(node, lookup, strict=strict)
    if isinstance(node, Not):
        unwanted = match(node.of, lookup, strict=True)
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, unwanted)])
    if node.kind == "any":
        return Query.boolean_query([(Occur.Should, match(each, lookup, strict=strict)) for each in node.of])
    negative = [each.of for each in node.of if isinstance(each, Not)]
    positive = [(Occur.Must, match(each, lookup, strict=strict)) for each in node.of if not isinstance(each, Not)]
    parts = positive or [(Occur.Must, Query.all_query())]
    return Query.boolean_query([*parts, *((Occur.MustNot, match(each, lookup, strict=True)) for each in negative)])


def words_of(node: Node | None) -> list[str]:
    """The words of the dictionary in a tree that are no longer than what may stand across two others."""
    if isinstance(node, Term):
        text = _text(node.places)
        return [text] if len(text) == 2 and is_word(text) else []
    if isinstance(node, Group):
        return [word for each in node.of for word in words_of(each)]
    return []


def limits_of(filters: Filters, standing: Collection[int] = ()) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """What must hold, and must not, by the filters: the same as `crawler.research.selection` asks of the tables.

    `standing` are the articles that stood for a story on the day of `as_of` in place of its first publication.
    """
    from tantivy import Occur, Query

    clauses = [(Occur.Must, each) for each in _must(filters)]
    follower = Query.term_query(schema(), "tag", FOLLOWER)
    if filters.as_of is None:
        clauses.append((Occur.MustNot, Query.term_query(schema(), "tag", PAST)))
    elif standing:
        instead = Query.term_set_query(schema(), "article", list(standing))
        follower = Query.boolean_query([(Occur.Must, follower), (Occur.MustNot, instead)])
    if not filters.all:
        clauses.append((Occur.MustNot, follower))
    return clauses


def _term(term: Term, lookup: Lookup, *, strict: bool) -> tantivy.Query:
    from tantivy import Occur, Query

    text = _text(term.places)
    if term.field != "text":
        found = _in_a_row(term.field, term.places)
    elif len(term.places) == 1:
        found = _in_a_row("chars", term.places)
    elif is_word(text) or text in lookup.phrases or (len(text) == 2 and is_han(text)):
        found = _whole(text)
    else:
        found = _row(term.places, text, lookup)
    if strict and term.field != "org" and len(text) == 2 and is_word(text):
        found = Query.boolean_query([(Occur.Must, found), (Occur.MustNot, _one(ACROSS + text))])
    return found


def _whole(text: str) -> tantivy.Query:
    """One term: better where it stands in the title, or often."""
    from tantivy import Occur, Query

    marks = ((IN_TITLE, TITLE_BOOST), (OFTEN, OFTEN_BOOST))
    better = [(Occur.Should, Query.boost_query(_one(mark + text), boost)) for mark, boost in marks]
    return Query.boolean_query([(Occur.Must, _one(text)), *better])


def _row(places: tuple[Placed, ...], text: str, lookup: Lookup) -> tantivy.Query:
    """Characters in a row that are no term: their rarest terms first, then their places.

    What has a phrase around them has them, without a look at places.
    """
    from tantivy import Occur, Query

    inside = sorted(_terms_inside(places, lookup.phrases), key=lambda term: lookup.searcher.doc_freq("terms", term))
    rare = [(Occur.Must, Query.const_score_query(_one(term), 0.0)) for term in inside[:MOST_ASKED]]
    row = (Occur.Must, _in_a_row("chars", places))
    title = (Occur.Should, Query.boost_query(_in_a_row("title", places), TITLE_BOOST))
    around = phrases_around(text, lookup.phrases) if text else []
    if not around:
        return Query.boolean_query([*rare, row, title])
    plain = Query.boolean_query([(Occur.Should, _one(phrase)) for phrase in around])
    others = Query.boolean_query([*rare, (Occur.MustNot, plain)])
    found = Query.boolean_query(
        [(Occur.Should, plain), (Occur.Should, Query.boolean_query([(Occur.Must, others), row]))]
    )
    return Query.boolean_query([(Occur.Must, found), title])


def _terms_inside(places: tuple[Placed, ...], phrases: Phrases) -> set[str]:
    """The terms that a text with these characters in a row must have."""
    together = "".join(
        each.token if at == 0 or each.place == places[at - 1].place + 1 else GAP + each.token
        for at, each in enumerate(places)
    )
    return words_of_query(together) | phrases_within(together, phrases) | pairs_within(together)


def _one(term: str) -> tantivy.Query:
    from tantivy import Query

    return Query.term_query(schema(), "terms", term, "basic")


def _text(places: tuple[Placed, ...]) -> str:
    """The characters of a term that has no gap, else an empty text."""
    whole = places[-1].place - places[0].place + 1 == len(places)
    return "".join(each.token for each in places) if whole else ""


def _in_a_row(field: str, places: tuple[Placed, ...]) -> tantivy.Query:
    from tantivy import Query

    if len(places) == 1:
        return Query.term_query(schema(), field, places[0].token, "freq")
    first = places[0].place
    return Query.phrase_query(schema(), field, [(each.place - first, each.token) for each in places])


def _must(filters: Filters) -> list[tantivy.Query]:
    from tantivy import Query

    found: list[tantivy.Query] = []
    if filters.since is not None or filters.until is not None:
        found.append(_range("day", day_number(filters.since or date.min), day_number(filters.until or date.max)))
    if filters.sources:
        found.append(Query.term_set_query(schema(), "source", list(filters.sources)))
    if filters.region is not None:
        low, high = filters.region.codes
        found.append(_range("place", int(low), int(high)))
    if filters.industry is not None:
        keys = filters.industry.codes or (filters.industry.name,)
        found.append(Query.term_set_query(schema(), "industry_key", list(keys)))
    if filters.event is not None:
        found.append(Query.term_query(schema(), "event", filters.event))
    if filters.min_amount is not None or filters.max_amount is not None:
        found.append(_amounts(filters.min_amount, filters.max_amount))
    if filters.org is not None:
        places = tokens(filters.org)
        found.append(_in_a_row("org", places) if places else Query.empty_query())
    if filters.as_of is not None:
        end = int(end_of(filters.as_of).timestamp())
        found += [_range("known_from", None, end - 1), _range("known_until", end, None)]
    return found


def _range(field: str, low: int | None, high: int | None) -> tantivy.Query:
    from tantivy import FieldType, Query

    return Query.range_query(schema(), field, FieldType.Unsigned, low, high)


def _amounts(low: float | None, high: float | None) -> tantivy.Query:
    from tantivy import FieldType, Query

    return Query.range_query(schema(), "amount", FieldType.Float, low, high)


def day_number(day: date) -> int:
    """A day as the index keeps it: 20250726. An undated article has 0."""
    return day.year * 10_000 + day.month * 100 + day.day
