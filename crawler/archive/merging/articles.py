"""Articles: new ones come whole, with their states; of one that is here the states of both are interleaved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crawler.archive.changes import moment_of
from crawler.archive.fact_rows import FactWriter, stored_facts
from crawler.archive.merging import beside
from crawler.archive.merging.history import History, merge_history, put_right, write_new
from crawler.archive.merging.meeting import Meeting, meet
from crawler.archive.merging.merge import Merge, Row, add, copied, rows_of
from crawler.archive.merging.tombstones import article_marks
from crawler.archive.models import Article, Change, Correction, Crawl, Revision, RevisionPart, table
from crawler.facts import FACTS_VERSION
from crawler.items import Article as Item

TOGETHER = 200

# What a revision does not keep comes from the archive whose state is the latest.
DESCRIBED = ("listing_url", "published_at", "author", "origin", "column_name", "content", "summary")
# A person may have put these right, too.
_BESIDE_STATES = ("author", "origin", "region_code")
# What facts are read from.
_READ = ("title", "body_digest", "published_on", "region_code")


def merge_articles(merge: Merge) -> None:
    """Bring articles with their states, corrections, attachments and facts, some in one transaction."""
    rows = table(Article)
    stream = iter(merge.stream(select(rows).order_by(rows.c.id)))
    while part := list(islice(stream, TOGETHER)):
        staying = [row for row in part if not (merge.kept_out and merge.kept_out.since(article_marks(row)))]
        merge.kept_out_count += len(part) - len(staying)
        while staying:
            with merge.writing() as connection:
                staying = _Batch(merge, connection, staying).write()
        merge.on_rows(len(part))


class _Batch:
    """Some of their articles, written in one transaction."""

    def __init__(self, merge: Merge, connection: Connection, articles: Sequence[Row]) -> None:
        self.merge, self.connection, self.articles = merge, connection, articles
        self.states = merge.theirs_of(Revision, "article_id", [row["id"] for row in articles])
        revisions = [state["id"] for states in self.states.values() for state in states]
        self.parts = merge.theirs_of(RevisionPart, "revision_id", revisions)
        self.changes: dict[int, str] = {}
        self.seen_before: set[int] = set()

    def write(self) -> list[Row]:
        """Write them, and note which of ours are new or changed; gives those that need another turn."""
        meeting = meet(self.merge, self.connection, self.articles)
        self._add([row for row in self.articles if row["id"] in meeting.uids], meeting)
        places = self.merge.place_for(Article)
        for theirs, row in meeting.met.items():
            places[theirs] = row["id"]
        ours = {theirs: places[theirs] for theirs in (*meeting.uids, *meeting.met)}
        put = beside.merge_corrections(self.merge, self.connection, ours)
        linked = beside.merge_attachments(self.merge, self.connection, ours)
        self._meet(meeting, put)
        for our in linked - self.changes.keys():
            self.changes[our] = "changed"
        if self.changes:
            noted = [{"article_id": our, "kind": kind, "at": self.merge.now} for our, kind in self.changes.items()]
            self.connection.execute(insert(table(Change)), noted)
            self.merge.touched |= self.changes.keys()
        self._tell_stories()
        self.merge.count("articles", "new", len(meeting.uids))
        self.merge.count("articles", "met", len(meeting.met))
        self.merge.count("articles", "changed", len(self.changes) - len(meeting.uids))
        return meeting.left

    def _tell_stories(self) -> None:
        """Compare what is new or changed with all others; who was seen first may lead."""
        from crawler.archive.stories import tell

        if touched := self.changes.keys() | self.seen_before:
            tell(self.connection, touched, self.merge.now)

    def _add(self, new: Sequence[Row], meeting: Meeting) -> None:
        places = self.merge.place_for(Article)
        rows = [
            copied(
                row,
                uid=meeting.uids[row["id"]],
                last_crawl_id=self.merge.ours(Crawl, row["last_crawl_id"]),
                cluster_id=None,
                facts_version=None,
            )
            for row in new
        ]
        for row, our in zip(new, add(self.connection, Article, rows), strict=True):
            places[row["id"]] = our
            self.changes[our] = "new"
        states = {places[row["id"]]: self.states.get(row["id"], ()) for row in new}
        write_new(self.merge, self.connection, states, self.parts)
        self._bring_facts({row["id"]: places[row["id"]] for row in new if row["facts_version"] == FACTS_VERSION})

    def _meet(self, meeting: Meeting, put: set[int]) -> None:
        """Interleave the states of articles that are here; `put` are those of ours that got a correction."""
        ours = [row["id"] for row in meeting.met.values()]
        states = rows_of(self.connection, Revision, "article_id", ours)
        corrections = rows_of(self.connection, Correction, "article_id", ours)
        told: dict[int, int] = {}
        unread: list[tuple[int, Item, str | None]] = []
        for theirs in self.articles:
            row = meeting.met.get(theirs["id"])
            if row is None or not (row["id"] in states or theirs["id"] in self.states):
                continue
            our = row["id"]
            history = merge_history(
                self.merge, self.connection, our, states.get(our, ()), self.states.get(theirs["id"], ()), self.parts
            )
            fields = beside.in_force(corrections.get(our, ()))
            if history.changed or our in put:
                put_right(self.merge, self.connection, our, history, fields)
            values = {**self._seen(row, theirs), **_content(row, theirs, history, fields)}
            self._settle(row, values)
            now: dict[str, Any] = {name: values.get(name, row[name]) for name in ("body", *_READ)}
            if _are_theirs(row, theirs, now):
                told[theirs["id"]] = our
                self.changes.setdefault(our, "facts")
            elif row["facts_version"] is not None and _is_other(row, now):
                unread.append((our, Item(None, now["title"], now["body"], now["published_on"]), now["region_code"]))
        self._bring_facts(told)
        FactWriter(self.connection).replace(unread)

    def _bring_facts(self, ours: Mapping[int, int]) -> None:
        """Copy the facts of their articles, whose text is that of ours; ours of before go."""
        writer = FactWriter(self.connection)
        writer.remove(ours.values())
        facts = stored_facts(self.merge.theirs, list(ours))
        writer.write([(our, facts[theirs]) for theirs, our in ours.items()])

    def _seen(self, ours: Row, theirs: Row) -> dict[str, Any]:
        """When the site showed an article, first and last, and whether it dropped it since."""
        later = theirs["last_seen_at"] > ours["last_seen_at"]
        last = max(ours["last_seen_at"], theirs["last_seen_at"])
        values = {
            "first_seen_at": min(ours["first_seen_at"], theirs["first_seen_at"]),
            "last_seen_at": last,
            "last_crawl_id": self.merge.ours(Crawl, theirs["last_crawl_id"]) if later else ours["last_crawl_id"],
            "doubtful_digest": (theirs if later else ours)["doubtful_digest"],
        }
        for name in ("missing_since", "gone_at"):
            said = [row[name] for row in (ours, theirs) if row[name] is not None and row[name] >= last]
            values[name] = min(said, default=None)
        return values

    def _settle(self, ours: Row, values: Mapping[str, Any]) -> None:
        """Write what differs of an article, and note it where an index must read it again."""
        differing = {name: value for name, value in values.items() if value != ours[name]}
        if not differing:
            return
        rows = table(Article)
        self.connection.execute(update(rows).where(rows.c.id == ours["id"]).values(differing))
        if "first_seen_at" in differing:
            self.seen_before.add(ours["id"])
        told = differing.keys() - {"first_seen_at", "last_seen_at", "last_crawl_id", "doubtful_digest", "missing_since"}
        if told:
            gone = told == {"gone_at"} and values["gone_at"] is not None
            self.changes[ours["id"]] = "gone" if gone else "changed"


def _content(ours: Row, theirs: Row, history: History, fields: Mapping[str, Row]) -> dict[str, Any]:
    """What an article is as of its latest state, and what a person put right of the rest."""
    values: dict[str, Any] = {}
    if history.changed:
        last = history.last
        values = {name: last[name] for name in ("title", "published_on", "body", "body_digest", "content_digest")}
        values |= {"body_length": len(last["body"]), "revision_count": history.count}
        if history.is_theirs:
            values |= {name: theirs[name] for name in DESCRIBED}
            values["listing_url"] = theirs["listing_url"] or ours["listing_url"]
    if "published_on" in fields:
        day, moment = ((values if name in values else ours)[name] for name in ("published_on", "published_at"))
        values["published_at"] = moment_of(day, moment)
    return values | {name: fields[name]["value"] for name in _BESIDE_STATES if name in fields}


def _are_theirs(ours: Row, theirs: Row, now: Mapping[str, Any]) -> bool:
    """Whether their facts, and not ours, are those of what an article is now, read by the present rules."""
    if ours["facts_version"] == FACTS_VERSION and not _is_other(ours, now):
        return False
    return theirs["facts_version"] == FACTS_VERSION and not _is_other(theirs, now)


def _is_other(row: Row, now: Mapping[str, Any]) -> bool:
    """Whether a row's facts were read from something else than what there is now."""
    return any(now[name] != row[name] for name in _READ)
