"""When the phrases of an archive are learned, and from which of its articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler.research.search.phrases import common_phrases
from crawler.research.search.rows import Reader, in_
from crawler.research.search.state import IndexState
from crawler.research.search.text import GAP, fold, runs

LEAST = 10_000  # articles: in fewer every phrase is found soon
GROWTH = 4
_SAMPLE = 300
_BEGINNING = 3_000  # characters that are read of each, however long it is

_SIZE = "SELECT count(*), max(id) FROM article"
_EVERY = "SELECT id FROM article WHERE id % :step = 0"
_TEXTS = "SELECT title, body FROM article WHERE id IN {}"


def learned(reader: Reader, state: IndexState) -> IndexState:
    """The state of an index to build, with the phrases that its archive's articles have in common."""
    articles, newest = _size(reader)
    if articles < LEAST:
        return state
    texts = list(_texts(reader, max(1, newest // _SAMPLE)))
    return replace(state, phrases=common_phrases(texts), learned_from=articles)


def outgrown(reader: Reader, state: IndexState) -> bool:
    """Whether the archive has four times the articles that it had when phrases were learned, and so needs others."""
    return _size(reader)[0] >= max(LEAST, GROWTH * state.learned_from)


def _size(reader: Reader) -> tuple[int, int]:
    """How many articles there are, and the number of the newest."""
    articles, newest = next(reader.rows(_SIZE))
    return int(articles), int(newest or 0)


def _texts(reader: Reader, step: int) -> Iterator[str]:
    ids = [row[0] for row in reader.rows(_EVERY, {"step": step})]
    if ids:
        wanted, values = in_("id", ids)
        for title, body in reader.rows(_TEXTS.format(wanted), values):
            yield runs(fold(f"{title}{GAP}{body[:_BEGINNING]}"))
