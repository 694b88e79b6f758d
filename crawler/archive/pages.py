"""Whose page a payload is: the article's that was read from its address, as its first page or as a further one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from crawler.archive.models import Article, Capture, Revision, RevisionPart, batched, table
from crawler.archive.types import uid_of_url
from crawler.extract.urls import canonical_url


def pages_of_others(connection: Connection, uid: str, digests: Iterable[str]) -> dict[str, set[str]]:
    """Of these payloads those that stand at other articles' own addresses, with the uids of these articles.

    Every capture of such an address counts, also one that brought no new state. A payload that a state of the article
    itself was read from is its own, wherever else it stands. A file that several articles were imported from is
    nobody's page.
    """
    captures = table(Capture).c
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    columns = select(captures.payload_digest, captures.url).distinct()
    for part in batched(digests):
        for digest, url in connection.execute(columns.where(captures.payload_digest.in_(part))):
            addresses[digest].add(url)
    owners = _owners(connection, frozenset[str]().union(*addresses.values()))
    mine = set(connection.execute(_read_from(captures.payload_digest).where(table(Article).c.uid == uid)).scalars())
    found = {
        digest: set[str]().union(*(owners.get(url, ()) for url in urls)) - {uid}
        for digest, urls in addresses.items()
        if digest not in mine
    }
    return {digest: uids for digest, uids in found.items() if uids}


def _owners(connection: Connection, urls: Iterable[str]) -> Mapping[str, set[str]]:
    """The articles that have one of these addresses, or were read from it."""
    articles, captures = table(Article).c, table(Capture).c
    owners: defaultdict[str, set[str]] = defaultdict(set)
    read = _read_from(captures.url, articles.uid).where(articles.url.is_not(None))
    for part in batched(urls):
        named = {uid_of_url(canonical_url(url)): url for url in part}
        for uid in connection.execute(select(articles.uid).where(articles.uid.in_(named))).scalars():
            owners[named[uid]].add(uid)
        for url, uid in connection.execute(read.where(captures.url.in_(part))):
            owners[url].add(uid)
    return {url: uids for url, uids in owners.items() if len(uids) == 1 or url.startswith(("http:", "https:"))}


def _read_from(*columns: ColumnElement[Any]) -> Select[Any]:
    """Articles beside each capture that a state of theirs was read from."""
    states, parts, captures = table(Revision).c, table(RevisionPart).c, table(Capture).c
    further = select(parts.capture_id, parts.revision_id)
    first = select(states.capture_id, states.id.label("revision_id"))
    each = further.union_all(first.where(states.capture_id.is_not(None))).subquery()
    joined = table(Capture).join(each, each.c.capture_id == captures.id)
    joined = joined.join(table(Revision), states.id == each.c.revision_id)
    joined = joined.join(table(Article), table(Article).c.id == states.article_id)
    return select(*columns).select_from(joined).distinct()
