"""Signatures and relations: what an article is looked up by, and which others it was verified to be near to or in.

Of articles with equal texts the first one stands for all: it has the bands and the relations, and the others are its
copies. Where it goes, one of them inherits these.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from crawler.archive import bands, sketches
from crawler.archive.among import among
from crawler.archive.candidates import enter
from crawler.archive.models import Article, Relation, table
from crawler.archive.models import Signature as SignatureRow
from crawler.dedupe.fold import Folded, fold
from crawler.dedupe.signature import Signature, bands_of, sign
from crawler.dedupe.verdict import Text, compare, likely

TOO_LITTLE = Signature("", b"", b"", 0, None)
Related = dict[tuple[int, int, str], float]


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """A batch makes some hundred thousand small rows and no cycles; looking for these took a quarter of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_search_for_cycles()
def relate(connection: Connection, article_ids: Collection[int]) -> set[int]:
    """Sign articles, write how they relate to others, and give those whose story may differ now."""
    articles, signatures = table(Article), table(SignatureRow)
    joined = articles.outerjoin(signatures, signatures.c.article_id == articles.c.id)
    columns = (articles.c.id, articles.c.title, articles.c.body, articles.c.cluster_id, signatures.c.text_digest)
    asked = select(*columns).select_from(joined).where(among(connection, articles.c.id, article_ids))
    rows = connection.execute(asked.order_by(articles.c.id)).all()
    batch = _Batch(connection, {row.id: fold(row.title, row.body) for row in rows})
    known = {row.id: row.text_digest for row in rows if row.text_digest is not None}
    changed = [article_id for article_id, digest in known.items() if digest != batch.signatures[article_id].text_digest]
    touched = {row.id for row in rows if row.cluster_id is not None}
    if changed:
        touched |= {*changed, *unrelate(connection, changed)}
    same = known.keys() - set(changed)
    return touched | batch.write([row.id for row in rows if row.id not in same])


def unrelate(connection: Connection, article_ids: Collection[int]) -> set[int]:
    """Delete the signatures, bands and relations of articles; gives the others that were related to them."""
    signatures, relations = table(SignatureRow), table(Relation)
    mine = select(signatures).where(among(connection, signatures.c.article_id, article_ids))
    gone = {row.article_id: row for row in connection.execute(mine)}
    heirs = _heirs(connection, gone)
    touching = or_(*(among(connection, side, article_ids) for side in (relations.c.article_id, relations.c.other_id)))
    rows = connection.execute(select(relations).where(touching)).all()
    connection.execute(delete(relations).where(touching))
    connection.execute(delete(signatures).where(among(connection, signatures.c.article_id, article_ids)))
    for article_id, heir in heirs.items():
        _inherit(connection, gone[article_id], heir)
    alone = {key: _bands(row) for key, row in gone.items() if key not in heirs and row.head is not None}
    bands.drop(connection, alone)
    sketches.drop(connection, alone)
    _write(connection, _inherited(rows, gone.keys() | set(article_ids), heirs))
    others = {side for row in rows for side in (row.article_id, row.other_id)}
    return others - set(article_ids)


def _heirs(connection: Connection, gone: Mapping[int, Row[Any]]) -> dict[int, int]:
    """For each article that stood for its copies, the first of those that stay."""
    signatures = table(SignatureRow).c
    first = [row.article_id for row in gone.values() if row.copy_of is None and row.text_digest]
    if not first:
        return {}
    digests = {gone[article_id].text_digest for article_id in first}
    copies = select(signatures.copy_of, signatures.article_id).where(
        among(connection, signatures.text_digest, digests), signatures.copy_of.is_not(None)
    )
    heirs: dict[int, int] = {}
    for row in connection.execute(copies.order_by(signatures.article_id)):
        if row.article_id not in gone:
            heirs.setdefault(row.copy_of, row.article_id)
    return {article_id: heir for article_id, heir in heirs.items() if article_id in gone}


def _inherit(connection: Connection, row: Row[Any], heir: int) -> None:
    """Let a copy stand where its original stood."""
    signatures = table(SignatureRow)
    own = {name: getattr(row, name) for name in ("minhash", "figures", "length", "head")}
    connection.execute(update(signatures).where(signatures.c.article_id == heir).values(copy_of=None, **own))
    others = (signatures.c.text_digest == row.text_digest, signatures.c.copy_of == row.article_id)
    connection.execute(update(signatures).where(*others).values(copy_of=heir))
    if row.head is not None:
        bands.pass_on(connection, row.article_id, _bands(row), heir)
        sketches.pass_on(connection, row.article_id, heir)


def _inherited(rows: Iterable[Row[Any]], gone: Collection[int], heirs: Mapping[int, int]) -> Related:
    """The relations of those that went, as they are of their heirs."""
    related: Related = {}
    for row in rows:
        left, right = (heirs.get(side, None if side in gone else side) for side in (row.article_id, row.other_id))
        if left is not None and right is not None and left != right:
            related[_key(left, right, row.kind)] = row.similarity
    return related


def _bands(row: Row[Any]) -> list[int]:
    return bands_of([Signature(row.text_digest, row.minhash, row.figures, row.length, row.head)])[0]


def _key(left: int, right: int, kind: str) -> tuple[int, int, str]:
    """The name of a relation: near has no direction."""
    return (min(left, right), max(left, right), kind) if kind == "near" else (left, right, kind)


def _write(connection: Connection, related: Related) -> None:
    if related:
        names = ("article_id", "other_id", "kind", "similarity")
        rows = [dict(zip(names, (*key, similarity), strict=True)) for key, similarity in related.items()]
        connection.execute(insert(table(Relation)), rows)


@dataclass(slots=True)
class _Batch:
    """The articles that are signed together, and the texts of those they are compared with."""

    connection: Connection
    folded: dict[int, Folded | None]
    signatures: dict[int, Signature] = field(init=False)
    texts: dict[int, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told = {article_id: folded for article_id, folded in self.folded.items() if folded is not None}
        self.signatures = dict.fromkeys(self.folded, TOO_LITTLE)
        self.signatures.update(zip(told, sign(list(told.values())), strict=True))

    def write(self, article_ids: Sequence[int]) -> set[int]:
        """Write signatures, bands and relations of new articles; gives those that were found to be related."""
        if not article_ids:
            return set()
        originals = self._originals({self.signatures[article_id].text_digest for article_id in article_ids})
        related: Related = {}
        rows = []
        long: dict[int, Signature] = {}
        for article_id in article_ids:
            signature = self.signatures[article_id]
            copy_of = originals.get(signature.text_digest)
            if copy_of is not None:
                related[_key(article_id, copy_of, "near")] = 1.0
                signature = Signature(signature.text_digest, b"", b"", 0, None)
            elif signature.text_digest:
                originals[signature.text_digest] = article_id
            if signature.head is not None:
                long[article_id] = signature
            rows.append(_row(article_id, signature, copy_of))
        found = enter(self.connection, long) if long else {}
        related |= self._verified(found)
        self.connection.execute(insert(table(SignatureRow)), rows)
        _write(self.connection, related)
        return {side for left, right, _ in related for side in (left, right)}

    def _originals(self, digests: Collection[str]) -> dict[str, int]:
        """For each digest that the archive knows, the article that stands for it."""
        signatures = table(SignatureRow).c
        asked = select(signatures.text_digest, signatures.article_id).where(
            among(self.connection, signatures.text_digest, [each for each in digests if each]),
            signatures.copy_of.is_(None),
        )
        return {row.text_digest: row.article_id for row in self.connection.execute(asked)}

    def _verified(self, found: Mapping[int, Sequence[int]]) -> Related:
        """The candidates that pass: first by their signatures, then by their texts."""
        pairs = self._likely(found)
        self._load({other for _, other in pairs})
        related: Related = {}
        for article_id, other in pairs:
            left, right = self._text(article_id), self._text(other)
            verdict = compare(left, right)
            if verdict is None:
                continue
            if verdict.kind == "contains" and len(left.shingles) < len(right.shingles):
                article_id, other = other, article_id
            related[_key(article_id, other, verdict.kind)] = verdict.similarity
        return related

    def _likely(self, found: Mapping[int, Sequence[int]]) -> list[tuple[int, int]]:
        known = {**self.signatures, **self._signatures_of({other for others in found.values() for other in others})}
        pairs = [(article_id, other) for article_id, others in found.items() for other in others]
        verdicts = likely([(self.signatures[article_id], known[other]) for article_id, other in pairs])
        return [pair for pair, is_likely in zip(pairs, verdicts, strict=True) if is_likely]

    def _signatures_of(self, article_ids: set[int]) -> dict[int, Signature]:
        """The signatures of articles that are not of this batch."""
        strangers = article_ids - self.signatures.keys()
        if not strangers:
            return {}
        rows = table(SignatureRow).c
        columns = (rows.text_digest, rows.minhash, rows.figures, rows.length, rows.head)
        asked = select(rows.article_id, *columns).where(among(self.connection, rows.article_id, strangers))
        return {article_id: Signature(*values) for article_id, *values in self.connection.execute(asked).all()}

    def _load(self, article_ids: Collection[int]) -> None:
        articles = table(Article).c
        missing = [article_id for article_id in article_ids if article_id not in self.folded]
        if missing:
            asked = select(articles.id, articles.title, articles.body)
            for row in self.connection.execute(asked.where(among(self.connection, articles.id, missing))):
                self.folded[row.id] = fold(row.title, row.body)

    def _text(self, article_id: int) -> Text:
        text = self.texts.get(article_id)
        if text is None:
            folded = self.folded[article_id]
            assert folded is not None  # what is too short has no bands, and is nobody's candidate
            text = self.texts[article_id] = Text(folded)
        return text


def _row(article_id: int, signature: Signature, copy_of: int | None) -> dict[str, Any]:
    names = ("text_digest", "minhash", "figures", "length", "head")
    return {"article_id": article_id, "copy_of": copy_of, **{name: getattr(signature, name) for name in names}}
