"""When the phrases of an archive are learned, and from which of its articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from crawler.research.search.phrases import common_phrases
from crawler.research.search.rows import Reader, in_
from crawler.research.search.state import IndexState
from crawler.research.search.text import GAP, fold, runs

LEAST = 10_000  # articles: in fewer every phrase is found soon
GROWTH = 4
_SAMPLE = 300
_TITLE, _BEGINNING = 200, 3_000  # characters that are read of each title and body, however long they are

_SIZE = "SELECT count(*) FROM article"
_IDS = "SELECT id FROM article ORDER BY id"
_TEXTS = "SELECT title, body FROM article WHERE id IN {}"


def learned(reader: Reader, state: IndexState) -> IndexState:
    """The state of an index to build, with the phrases that its archive's articles have in common."""
    articles = _size(reader)
    if articles < LEAST:
        return state
    return replace(state, phrases=common_phrases(list(_texts(reader, articles))), learned_from=articles)


def outgrown(reader: Reader, state: IndexState) -> bool:
    """Whether the archive has four times the articles that it had when phrases were learned, and so needs others."""
    return _size(reader) >= max(LEAST, GROWTH * state.learned_from)


def _size(reader: Reader) -> int:
    return int(next(reader.rows(_SIZE))[0])


def _texts(reader: Reader, articles: int) -> Iterator[str]:
    """The beginnings of some articles, the same of the same archive."""
    places = set(random.Random(articles).sample(range(articles), min(_SAMPLE, articles)))  # noqa: S311
    ids = [row[0] for place, row in enumerate(reader.rows(_IDS)) if place in places]
    wanted, values = in_("id", ids)
    for title, body in reader.rows(_TEXTS.format(wanted), values):
        yield runs(fold(f"{title[:_TITLE]}{GAP}{body[:_BEGINNING]}"))
