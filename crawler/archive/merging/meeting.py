"""Which of our articles theirs are: by uid, and where a uid does not say it, by what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from crawler.archive.merging.merge import Merge, Row, rows_of
from crawler.archive.models import Article, Revision, table
from crawler.archive.records import SAME_TITLE_AND_DAY
from crawler.archive.types import uid_of_record, uid_of_url
from crawler.dedupe.likeness import jaccard, shingles
from crawler.extract.urls import RULES, canonical_url


@dataclass(slots=True)
class Meeting:
    """Our row for each of their articles that is here (`met`), and the uid for each that is new (`uids`).

    Two of theirs that are one here cannot be written together: the second is `left` for another turn.
    """

    met: dict[int, Row] = field(default_factory=dict)
    uids: dict[int, str] = field(default_factory=dict)
    left: list[Row] = field(default_factory=list)


def meet(merge: Merge, connection: Connection, articles: Sequence[Row]) -> Meeting:
    """Find their articles among ours.

    Equal uids meet. An article whose URL has another name under an earlier version of the rules meets under that too.
    A record without a URL is named by its title and day, or where that was taken, by its text as well; which of two
    such records came first may differ between archives, so their texts are compared. One of ours that meets theirs of
    its uid meets no other.
    """
    names = {row["id"]: _names(row) for row in articles}
    here = {uid: found[0] for uid, found in rows_of(connection, Article, "uid", _flat(names.values())).items()}
    rows = table(Article).c
    theirs = set(merge.theirs.execute(select(rows.uid).where(rows.uid.in_(here))).scalars())
    meeting, taken = Meeting(), set[str]()
    for row in articles:
        others = (name for name in names[row["id"]] if name == row["uid"] or name not in theirs)
        found = next((here[name] for name in others if name in here), None)
        if row["url"] is None:
            found, uid = _record(merge, connection, row, found)
        else:
            uid = row["uid"]
        name = found["uid"] if found is not None else uid
        if name in taken:
            meeting.left.append(row)
        elif found is not None:
            meeting.met[row["id"]] = found
        else:
            meeting.uids[row["id"]] = uid
        taken.add(name)
    return meeting


def _names(row: Row) -> list[str]:
    """The uids that an article may have here: its own, and where it is that of its URL, those of other rules."""
    if row["url"] is None:
        return [row["uid"]]
    named = [uid_of_url(canonical_url(row["url"], rules=rules)) for rules in range(RULES, 0, -1)]
    return list(dict.fromkeys((row["uid"], *named))) if row["uid"] in named else [row["uid"]]


def _record(merge: Merge, connection: Connection, row: Row, found: Row | None) -> tuple[Row | None, str]:
    """Our row of a record without a URL, and its uid if there is none."""
    if found is not None and _are_alike(merge, connection, row, found):
        return found, row["uid"]
    rows = table(Article)
    same = (
        rows.c.source_id == row["source_id"],
        rows.c.title == row["title"],
        rows.c.url.is_(None),
        rows.c.body_digest == row["body_digest"],
        rows.c.published_on.is_not_distinct_from(row["published_on"]),
    )
    equals = connection.execute(select(rows).where(*same).order_by(rows.c.id)).mappings()
    equal = next((each for each in equals if not _is_met(merge, connection, each)), None)
    if equal is not None or found is None:
        return equal, row["uid"]
    longer = uid_of_record(row["source_id"], row["title"], row["published_on"], row["body_digest"])
    if _is_theirs(merge, longer):
        return found, row["uid"]
    known = connection.execute(select(rows).where(rows.c.uid == longer)).mappings().first()
    return known, longer


def _are_alike(merge: Merge, connection: Connection, row: Row, other: Row) -> bool:
    """Whether two records of one uid are one: by their texts, or because they had a state in common."""
    if other["url"] is not None or row["body_digest"] == other["body_digest"]:
        return True
    if jaccard(shingles(row["body"]), shingles(other["body"])) >= SAME_TITLE_AND_DAY:
        return True
    states = table(Revision).c
    there, here = (
        set(asked.execute(select(states.content_digest).where(states.article_id == each["id"])).scalars()) - {None}
        for asked, each in ((merge.theirs, row), (connection, other))
    )
    return not there.isdisjoint(here)


def _is_met(merge: Merge, connection: Connection, ours: Row) -> bool:
    """Whether theirs of the same uid is this one of ours."""
    rows = table(Article)
    named = merge.theirs.execute(select(rows).where(rows.c.uid == ours["uid"])).mappings().first()
    return named is not None and _are_alike(merge, connection, named, ours)


def _is_theirs(merge: Merge, uid: str) -> bool:
    rows = table(Article).c
    return merge.theirs.execute(select(rows.id).where(rows.uid == uid)).first() is not None


def _flat(names: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for each in names for name in each))
