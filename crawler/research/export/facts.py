"""The facts of a chunk of articles: as rows of their tables, and as the columns that sum them up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
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

_Rows = Sequence[Sequence[Any]]


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
        rows = _rows(connection, name, names, ids)
        read[name] = rows if len(uid_of) == len(ids) else [row for row in rows if row[0] in uid_of]
    summary = _summary(ids, read, whole, masked=masked)
    if len(uid_of) < len(ids):  # what was not read is not known, which is another thing than none
        summary = {
            name: [cell if one in uid_of else None for one, cell in zip(ids, cells, strict=True)]
            for name, cells in summary.items()
        }
    return Facts({name: _columns(name, rows, uid_of, masked) for name, rows in read.items()} if whole else {}, summary)


def _rows(connection: Connection, name: str, names: Sequence[str], ids: Sequence[int]) -> _Rows:
    """Rows that begin with the article's id, in the order of articles and of their texts."""
    facts = table(MODELS[name])
    query = select(facts.c.article_id, *(facts.c[each] for each in names)).order_by(facts.c.article_id, facts.c.id)
    if ids[-1] - ids[0] < _SPARSE * len(ids):
        # All at once: going from row to row took half of an export's time.
        between = connection.execute(query.where(facts.c.article_id.between(ids[0], ids[-1]))).all()
        if len(ids) == ids[-1] - ids[0] + 1:
            return between
        wanted = frozenset(ids)
        return [row for row in between if row[0] in wanted]
    found: list[Sequence[Any]] = []
    for part in batched(ids):
        found.extend(connection.execute(query.where(facts.c.article_id.in_(part))))
    return found


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


def _summary(ids: Sequence[int], read: dict[str, _Rows], whole: bool, *, masked: bool) -> dict[str, Sequence[Any]]:
    """The columns of the table of articles that facts give."""
    of = {name: _Cells(tables()[name].names if whole else ("article", *_SUMMED[name]), read[name]) for name in _SUMMED}
    amounts = of["amounts"].lists(ids, "value_cny")
    # The subject first; the best industry first. Sorting keeps the order of the text else.
    of["regions"].put_first("role", "subject")
    of["industries"].put_greatest_first("score")
    organizations = of["organizations"].distinct(ids, "normalized_name")
    return {
        "regions": of["regions"].distinct(ids, "code_now", "code"),
        "region_names": of["regions"].distinct(ids, "name"),
        "organizations": [[mask(name) for name in names] for names in organizations] if masked else organizations,
        "industries": of["industries"].distinct(ids, "code"),
        "events": of["events"].distinct(ids, "type"),
        "amounts": list(map(len, amounts)),
        "largest_amount_cny": [max((each for each in values if each is not None), default=None) for values in amounts],
    }


class _Cells:
    """The cells of a table of facts, to be gathered by article."""

    def __init__(self, names: Sequence[str], rows: _Rows) -> None:
        self._names = names
        self._rows = rows

    def put_first(self, name: str, value: str) -> None:
        """Put the rows that have a value in a column before the others."""
        at = self._names.index(name)
        first = [row for row in self._rows if row[at] == value]
        if first and len(first) < len(self._rows):
            self._rows = first + [row for row in self._rows if row[at] != value]

    def put_greatest_first(self, name: str) -> None:
        """Put the rows in the order of a column, from its greatest value down."""
        self._rows = sorted(self._rows, key=itemgetter(self._names.index(name)), reverse=True)

    def lists(self, ids: Sequence[int], name: str) -> list[list[Any]]:
        """All cells of a column for each article."""
        at = self._names.index(name)
        found: dict[int, list[Any]] = {one: [] for one in ids}
        for row in self._rows:
            found[row[0]].append(row[at])
        return list(found.values())

    def distinct(self, ids: Sequence[int], name: str, instead: str | None = None) -> list[list[str]]:
        """The different cells of a column for each article; those of `instead` where it is empty."""
        at = self._names.index(name)
        other = self._names.index(instead) if instead else at
        found: dict[int, list[str]] = {one: [] for one in ids}
        for row in self._rows:
            cell = row[at] or row[other]
            if cell and cell not in (cells := found[row[0]]):
                cells.append(cell)
        return list(found.values())
