"""The index's fields, and how their text is cut into terms."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.research.search.text import GAP

if TYPE_CHECKING:
    import tantivy

# Any change to the fields, to folding or to the words makes another version: older indexes are built anew.
VERSION = 5
# The document of the index itself: it has the field `state`, and no article has this number.
STATE_ID = 0
# A document that is not the present state of its article; one of a story that another article leads.
PAST, FOLLOWER = "past", "follower"
UNDATED = 0

# Terms of single characters with their places; `terms` are without: words, phrases, any other two characters.
_TEXTS = (("chars", "chars", "position"), ("title", "chars", "position"), ("org", "chars", "position"))
_NAMES = ("source", "region", "year", "industry", "event")  # also what is counted
FACETS = _NAMES


@cache
def schema() -> tantivy.Schema:
    """The fields of a document: one state of one article."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_unsigned_field("revision", fast=True)
    builder.add_text_field("terms", tokenizer_name="terms", index_option="basic")
    for name, tokenizer, option in _TEXTS:
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option=option)
    for name in _NAMES:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("industry_key", "tag"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("day", "place", "known_from", "known_until"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("amount", "freshness"):
        builder.add_float_field(name, fast=True)
    builder.add_bytes_field("state", stored=True)
    return builder.build()


def make_index(folder: Path) -> tantivy.Index:
    """A new, empty index in an empty folder."""
    from tantivy import Index

    return _with_analyzers(Index(schema(), str(folder)))


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder. Raises ValueError or OSError where it is damaged."""
    from tantivy import Index

    return _with_analyzers(Index.open(str(_lockable(folder))))


def _lockable(folder: Path) -> Path:
    """Where to open an index: tantivy makes a lock beside what it reads; where it may not, it reads by links."""
    if os.access(folder, os.W_OK):
        return folder
    links = Path(tempfile.mkdtemp(prefix="zhaoshang-index-"))
    atexit.register(shutil.rmtree, links, ignore_errors=True)
    for file in folder.iterdir():
        if not file.name.endswith(".lock"):
            (links / file.name).symlink_to(file.resolve())
    return links


def _with_analyzers(index: tantivy.Index) -> tantivy.Index:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    # Texts come cut, for a pattern took longer than all else that tantivy does with them. The gap is no term, but it
    # has taken its place when the filter drops it: 化。工 is not 化工.
    chars = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP])).build()
    index.register_tokenizer("chars", chars)
    index.register_tokenizer("terms", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.config_reader("manual")  # no thread that looks for changes: a search opens the newest
    index.reload()
    return index


def document(fields: dict[str, Any]) -> tantivy.Document:
    """A document of these fields."""
    from tantivy import Document

    return Document.from_dict(fields, schema())


def forget_article(writer: tantivy.IndexWriter, article_id: int) -> None:
    """Delete the documents of an article. (Deleting by a term finds no unsigned number.)"""
    from tantivy import Query

    writer.delete_documents_by_query(Query.term_query(schema(), "article", article_id))
