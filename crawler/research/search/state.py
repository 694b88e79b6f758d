"""How far an index has followed its archive: kept in the index itself, so that both are always of one commit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from crawler.research.search.rows import Reader
from crawler.research.search.schema import PAST, STATE_ID, VERSION, document, forget_article, schema
from crawler.research.search.words import NO_PHRASES, Phrases, dictionary_version

if TYPE_CHECKING:
    import tantivy

_CHANGE = "SELECT seq, article_id, kind, at FROM change WHERE seq = :seq"
_LAST = "SELECT seq, article_id, kind, at FROM change ORDER BY seq DESC LIMIT 1"


@dataclass(slots=True, frozen=True)
class IndexState:
    """The last change that was followed. `mark` is its row, which tells an archive from another, or from its own past.

    `up_to` is the last article that a build has come to, None when it is done. `phrases` are those of the archive that
    are terms of this index, `learned_from` how many articles it had then: they say nothing of how far it is.
    """

    seq: int
    mark: str
    up_to: int | None = None
    version: str = field(default_factory=lambda: current_version())
    phrases: Phrases = field(default=NO_PHRASES, compare=False)
    learned_from: int = field(default=0, compare=False)

    def fits(self, reader: Reader) -> bool:
        """Whether the archive has the change that was followed last, so that what comes after it is all that is new."""
        if self.version != current_version():
            return False
        return self.seq == 0 or _mark(list(reader.rows(_CHANGE, {"seq": self.seq}))) == self.mark

    def write(self, writer: tantivy.IndexWriter) -> None:
        """Write the state; it counts with the next commit."""
        forget_article(writer, STATE_ID)
        text = json.dumps(asdict(self) | {"phrases": sorted(self.phrases)}, ensure_ascii=False)
        writer.add_document(document({"article": STATE_ID, "tag": [PAST], "state": text.encode()}))


def current_version() -> str:
    """The version of what this program writes: of the fields, and of its words."""
    return f"{VERSION} {dictionary_version()}"


def last_change(reader: Reader) -> IndexState:
    """The state of an index that has followed everything."""
    found = list(reader.rows(_LAST))
    return IndexState(found[0][0] if found else 0, _mark(found))


def read_state(index: tantivy.Index) -> IndexState | None:
    """The state of an index, None where it has none. Raises ValueError or OSError where it is damaged."""
    from tantivy import Query

    searcher = index.searcher()
    hits = searcher.search(Query.term_query(schema(), "article", STATE_ID), 1).hits
    if not hits:
        return None
    kept = json.loads(searcher.doc(hits[0][1]).get_first("state") or "")
    return IndexState(**kept | {"phrases": frozenset(kept.get("phrases", ()))})


def _mark(rows: list[tuple[object, ...]]) -> str:
    return " ".join(str(value) for value in rows[0]) if rows else ""
