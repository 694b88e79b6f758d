"""The facts of a chunk of articles: as rows of their tables, and as the columns that sum them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crawler.archive.models import (
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Base,
    Project,
    batched,
    table,
)
from crawler.research.export.masking import mask
from crawler.research.export.schema import tables

MODELS: dict[str, type[Base]] = {
    "regions": ArticleRegion,
    "amounts": ArticleAmount,
    "organizations": ArticleOrganization,
    "industries": ArticleIndustry,
    "events": ArticleEvent,
    "projects": Project,
}
# What the summing columns need, in this order.
_SUMMED: dict[str, tuple[str, ...]] = {
    "regions": ("role", "code_now", "code", "name"),
    "amounts": ("value_cny",),
    "organizations": ("normalized_name",),
    "industries": ("code", "score"),
    "events": ("type",),
}
_SPARSE = 4  # ids a chunk may span for each that it holds, before they are named one by one

_Rows = list[tuple[Any, ...]]


@dataclass(slots=True, frozen=True)
class Facts:
    """The facts of a chunk: rows by table where they were asked for, and columns of the table of articles by name."""

    tables: dict[str, list[Sequence[Any]]]
    summary: dict[str, Sequence[Any]]


def read_facts(
    connection: Connection,
    ids: Sequence[int],
    uids: Sequence[str],
    current: Collection[int],
    *,
    whole: bool,
    masked: bool,
) -> Facts:
    """The facts of articles by their ids, of those in `current` only; `whole` reads all that their tables hold."""
    uid_of = {one: uid for one, uid in zip(ids, uids, strict=True) if one in current}
    read = {}
    for name in MODELS if whole else _SUMMED:
        names = tables()[name].names[1:] if whole else _SUMMED[name]
        read[name] = (names, [row for row in _rows(connection, name, names, ids) if row[0] in uid_of])
    summed = {name: _reordered(*read[name], _SUMMED[name]) for name in _SUMMED}
    summary = _summary(ids, summed, masked=masked)
    return Facts(
        {name: _columns(name, rows, uid_of, masked) for name, (_, rows) in read.items()} if whole else {}, summary
    )


def _rows(connection: Connection, name: str, names: Sequence[str], ids: Sequence[int]) -> _Rows:
    """Rows that begin with the article's id, in the order of articles and of their texts."""
    facts = table(MODELS[name])
    query = select(facts.c.article_id, *(facts.c[each] for each in names)).order_by(facts.c.article_id, facts.c.id)
    if ids[-1] - ids[0] < _SPARSE * len(ids):
        return list(map(tuple, connection.execute(query.where(facts.c.article_id.between(ids[0], ids[-1])))))
    found: _Rows = []
    for part in batched(ids):
        found.extend(map(tuple, connection.execute(query.where(facts.c.article_id.in_(part)))))
    return found


def _reordered(names: Sequence[str], rows: _Rows, wanted: Sequence[str]) -> _Rows:
    """Rows with the columns that are wanted alone, after the article's id."""
    if tuple(names) == tuple(wanted):
        return rows
    places = [1 + names.index(name) for name in wanted]
    return [(row[0], *(row[place] for place in places)) for row in rows]


def _columns(name: str, rows: _Rows, uid_of: dict[int, str], masked: bool) -> list[Sequence[Any]]:
    """Rows as the columns of their table, the article by its uid."""
    columns = tables()[name].columns
    if not rows:
        return [[] for _ in columns]
    ids, *cells = zip(*rows, strict=True)
    found: list[Sequence[Any]] = [[uid_of[one] for one in ids]]
    for column, values in zip(columns[1:], cells, strict=True):
        hide = column.masked and masked
        found.append([mask(value) if value else value for value in values] if hide else values)
    return found


def _summary(ids: Sequence[int], read: dict[str, _Rows], *, masked: bool) -> dict[str, Sequence[Any]]:
    of = {name: _by_article(rows) for name, rows in read.items()}
    for facts in of["regions"].values():
        facts.sort(key=lambda fact: fact[0] != "subject")
    for facts in of["industries"].values():
        facts.sort(key=lambda fact: -fact[1])
    sums = [[fact[0] for fact in of["amounts"].get(one, ()) if fact[0] is not None] for one in ids]
    organizations = [_distinct(fact[0] for fact in of["organizations"].get(one, ())) for one in ids]
    return {
        "regions": [_distinct(fact[1] or fact[2] for fact in of["regions"].get(one, ())) for one in ids],
        "region_names": [_distinct(fact[3] for fact in of["regions"].get(one, ())) for one in ids],
        "organizations": [[mask(name) for name in names] if masked else names for names in organizations],
        "industries": [_distinct(fact[0] for fact in of["industries"].get(one, ())) for one in ids],
        "events": [_distinct(fact[0] for fact in of["events"].get(one, ())) for one in ids],
        "amounts": [len(of["amounts"].get(one, ())) for one in ids],
        "largest_amount_cny": [max(values, default=None) for values in sums],
    }


def _by_article(rows: _Rows) -> dict[int, _Rows]:
    found: dict[int, _Rows] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:])
    return found


def _distinct(values: Any) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]
