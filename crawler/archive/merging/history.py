"""The states of articles: those of new ones as they are, those of articles that both archives hold interleaved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update

from crawler import __version__
from crawler.archive.changes import content_digest
from crawler.archive.merging.interleave import State, interleave
from crawler.archive.merging.merge import Merge, Row, add, copied
from crawler.archive.models import Capture, Revision, RevisionPart, table
from crawler.archive.types import digest
from crawler.items import Article as Item

Parts = Mapping[int, Sequence[Row]]

# What a revision keeps of an article; the fields that a person may have put right among them.
CORRECTED = ("title", "published_on", "body")


@dataclass(slots=True)
class History:
    """What the states of an article came to: the latest, whose it is, how many there are, and whether any is new."""

    last: Row
    is_theirs: bool
    count: int
    changed: bool


def write_new(merge: Merge, connection: Connection, states: Mapping[int, Sequence[Row]], parts: Parts) -> None:
    """Write all states of new articles, by our article."""
    _insert(merge, connection, [(our, row, {}) for our, rows in states.items() for row in rows], parts)


def merge_history(
    merge: Merge, connection: Connection, article_id: int, ours: Sequence[Row], theirs: Sequence[Row], parts: Parts
) -> History:
    """Interleave the states of an article and number them anew; what did not change is not written."""
    here = _states(ours)
    merged = interleave(here, _states(theirs))
    mine = {id(state) for state in here}
    added = [state for state in merged if id(state) not in mine]
    merge.count("revisions", "met", len(theirs) - len(added))
    last = merged[-1]
    history = History(last.row, id(last) not in mine, len(merged), changed=list(map(id, merged)) != list(map(id, here)))
    if history.changed:
        _renumber(merge, connection, article_id, here, merged, parts)
    else:
        history.count = last.row["number"]
    return history


def _renumber(
    merge: Merge, connection: Connection, article_id: int, here: Sequence[State], merged: Sequence[State], parts: Parts
) -> None:
    rows, mine = table(Revision), {id(state) for state in here}
    staying = {id(state) for state in merged}
    said_again = [state.row["id"] for state in here if id(state) not in staying]
    if said_again:
        connection.execute(delete(rows).where(rows.c.id.in_(said_again)))
    numbers = _numbers(merged)
    moved = [
        {"row_id": state.row["id"], "new_number": -number["number"], "new_same_as": number["same_as"]}
        for state, number in zip(merged, numbers, strict=True)
        if id(state) in mine and any(state.row[name] != value for name, value in number.items())
    ]
    if moved:
        # A number is given once: all that change step aside first.
        aside = update(rows).where(rows.c.id == bindparam("row_id"))
        aside = aside.values(number=bindparam("new_number"), same_as=bindparam("new_same_as"))
        connection.execute(aside, moved)
        negative = (rows.c.article_id == article_id, rows.c.number < 0)
        connection.execute(update(rows).where(*negative).values(number=-rows.c.number))
    pairs = zip(merged, numbers, strict=True)
    new = [(article_id, state.row, dict(number)) for state, number in pairs if id(state) not in mine]
    _insert(merge, connection, new, parts)


def _numbers(merged: Sequence[State]) -> list[dict[str, Any]]:
    """Number and `same_as` of each state: an earlier one with its content, where the one before has another."""
    first: dict[str, int] = {}
    numbers = []
    before = None
    for number, state in enumerate(merged, 1):
        same = first.setdefault(state.content, number)
        returned = same != number and state.content != before
        numbers.append({"number": number, "same_as": same if returned else None})
        before = state.content
    return numbers


def put_right(
    merge: Merge, connection: Connection, article_id: int, history: History, fields: Mapping[str, Row]
) -> bool:
    """Where the latest state is not as a person put it right, a `manual` one follows that is; says whether it does."""
    wanted = {name: _value(name, fields[name]["value"]) for name in CORRECTED if name in fields}
    wrong = {name: value for name, value in wanted.items() if history.last[name] != value}
    if not wrong:
        return False
    last = history.last
    row = {**copied(last), **wrong}
    reason = max((fields[name] for name in wrong), key=lambda each: each["created_at"])["reason"]
    item = Item(None, row["title"], row["body"], row["published_on"])
    evidence = {name: {"rule": "correction", "note": fields[name]["reason"]} for name in wrong}
    row |= {
        "article_id": article_id,
        "number": history.count + 1,
        "body_digest": digest(row["body"]),
        "content_digest": content_digest(item),
        "capture_id": merge.ours(Capture, last["capture_id"]) if history.is_theirs else last["capture_id"],
        "cause": "manual",
        "reason": reason,
        "same_as": None,
        "extractor": f"zhaoshang {__version__}",
        "extracted_at": max(merge.now, last["extracted_at"]),
        "provenance": {**last["provenance"], **evidence},
    }
    add(connection, Revision, [row])
    history.last, history.count, history.changed = row, history.count + 1, True
    return True


def _insert(
    merge: Merge, connection: Connection, states: Iterable[tuple[int, Row, dict[str, Any]]], parts: Parts
) -> None:
    given = list(states)
    rows = [
        copied(row, article_id=our, capture_id=merge.ours(Capture, row["capture_id"]), **numbered)
        for our, row, numbered in given
    ]
    ids = add(connection, Revision, rows)
    pages = [
        {"revision_id": our, "number": part["number"], "capture_id": merge.ours(Capture, part["capture_id"])}
        for our, (_, row, _) in zip(ids, given, strict=True)
        for part in parts.get(row["id"], ())
    ]
    if pages:
        connection.execute(insert(table(RevisionPart)), pages)
    merge.count("revisions", "new", len(rows))


def _states(rows: Sequence[Row]) -> list[State]:
    """States in the order of their numbers; a merge gave earlier ones later rows."""
    return [_state(row) for row in sorted(rows, key=lambda row: row["number"])]


def _state(row: Row) -> State:
    content = row["content_digest"] or content_digest(Item(None, row["title"], row["body"], row["published_on"]))
    at: datetime = row["extracted_at"]
    return State(at, row["cause"], row["reason"], content, row)


def _value(name: str, value: str | None) -> str | date | None:
    return date.fromisoformat(value) if name == "published_on" and value else value
