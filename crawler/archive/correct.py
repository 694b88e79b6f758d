"""Corrections by hand: a `manual` revision that later crawls respect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, literal, select, update

from crawler import __version__
from crawler.archive.changes import CORRECTABLE, content_digest, moment_of
from crawler.archive.engine import writing
from crawler.archive.fact_rows import FactWriter
from crawler.archive.models import Article, Change, Correction, Revision, RevisionPart, table
from crawler.archive.stories import tell
from crawler.archive.types import digest
from crawler.items import Article as Item

FAR_PAST = date(1949, 10, 1)
# Fields that a revision has no column for: its provenance keeps what they were and are.
_BESIDE = ("author", "origin", "region_code")


class WrongCorrection(ValueError):
    """A correction that cannot be made; the text says why."""


@dataclass(slots=True, frozen=True)
class Corrected:
    """What a correction did: the revision it made, and each field's value before."""

    number: int
    before: dict[str, Any]


def correct(engine: Engine, uid: str, fields: Mapping[str, str], reason: str, now: datetime | None = None) -> Corrected:
    """Put fields of an article right; those that are so already stay as they are.

    Raises WrongCorrection on an unknown field or a wrong value, and where nothing would change.
    """
    if not reason.strip():
        raise WrongCorrection("Say why with --reason; it is kept with the correction.")
    if not fields:
        raise WrongCorrection("Say what to correct, for example --title or --date.")
    for name, value in fields.items():
        _check(name, value)
    at = now or datetime.now(UTC)
    with writing(engine) as connection:
        articles = table(Article)
        row = connection.execute(select(articles).where(articles.c.uid == uid)).mappings().one()
        values = _differing(row, fields)
        before = {name: row[name] for name in values}
        corrections = [
            {"article_id": row["id"], "field": name, "value": fields[name], "reason": reason, "created_at": at}
            for name in values
        ]
        connection.execute(insert(table(Correction)), corrections)
        evidence = {name: _evidence(name, before[name], value, reason) for name, value in values.items()}
        if "published_on" in values:
            evidence |= _settle_moment(row["published_at"], values, reason)
        number = _revise(connection, {**row, **values}, values, evidence, at, reason)
    return Corrected(number, before)


def _differing(row: RowMapping, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields that an article has another value of. Raises WrongCorrection where it has none."""
    values: dict[str, Any] = dict(fields)
    if "published_on" in values:
        values["published_on"] = date.fromisoformat(values["published_on"])
    found = {name: value for name, value in values.items() if row[name] != value}
    if not found:
        raise WrongCorrection(f"Article {row['uid']} says so already: {', '.join(fields)} would not change.")
    return found


def _settle_moment(moment: datetime | None, values: dict[str, Any], reason: str) -> dict[str, dict[str, Any]]:
    """Take the moment of publication away where it is of another day than the corrected one; the evidence keeps it."""
    if moment is None or moment_of(values["published_on"], moment) is not None:
        return {}
    values["published_at"] = None
    before = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"published_at": {"rule": "correction", "note": reason, "before": before, "value": None}}


def _evidence(name: str, before: Any, value: Any, reason: str) -> dict[str, Any]:
    """What the provenance of a corrected field says."""
    evidence = {"rule": "correction", "note": reason}
    return {**evidence, "before": before, "value": value} if name in _BESIDE else evidence


def _revise(
    connection: Connection,
    row: Mapping[str, Any],
    values: dict[str, Any],
    evidence: Mapping[str, dict[str, Any]],
    at: datetime,
    reason: str,
) -> int:
    articles, revisions = table(Article), table(Revision)
    number: int = row["revision_count"] + 1
    item = Item(row["url"], row["title"], row["body"], published_on=row["published_on"])
    derived = {"body_digest": digest(row["body"]), "content_digest": content_digest(item)}
    changed = {**values, **derived, "body_length": len(row["body"]), "revision_count": number}
    connection.execute(update(articles).where(articles.c.id == row["id"]).values(changed))
    last = select(revisions).where(revisions.c.article_id == row["id"]).order_by(revisions.c.number.desc()).limit(1)
    previous = connection.execute(last).mappings().one()
    revision = {
        "article_id": row["id"],
        "number": number,
        "title": row["title"],
        "published_on": row["published_on"],
        "body": row["body"],
        **derived,
        "capture_id": previous["capture_id"],
        "cause": "manual",
        "reason": reason,
        "same_as": None,
        "extractor": f"zhaoshang {__version__}",
        "extracted_at": at,
        "provenance": {**previous["provenance"], **evidence},
    }
    revision_id = connection.execute(insert(revisions).returning(revisions.c.id), revision).scalar_one()
    parts = table(RevisionPart)
    of_before = select(literal(revision_id), parts.c.number, parts.c.capture_id)
    copied = of_before.where(parts.c.revision_id == previous["id"])
    connection.execute(insert(parts).from_select(["revision_id", "number", "capture_id"], copied))
    connection.execute(insert(table(Change)), {"article_id": row["id"], "kind": "changed", "at": at})
    tell(connection, [row["id"]], at)
    FactWriter(connection).replace([(row["id"], item, row["region_code"])])
    return number


def _check(name: str, value: str) -> None:
    if name not in CORRECTABLE:
        raise WrongCorrection(f"{name} cannot be corrected; what can: {', '.join(CORRECTABLE)}.")
    if name in ("title", "body") and not value.strip():
        raise WrongCorrection(f"The {name} of an article cannot be empty.")
    if name == "region_code" and not (len(value) == 6 and value.isascii() and value.isdigit()):
        raise WrongCorrection(f"{value!r} is no region code; give six digits of GB/T 2260, for example 420200.")
    if name == "published_on":
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise WrongCorrection(f"{value!r} is no date; write it as 2025-07-26.") from error
        if day < FAR_PAST:
            raise WrongCorrection(f"{value} is too long ago to be the date of an article.")
