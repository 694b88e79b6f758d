"""What the index keeps of a text: its characters, and its words and pairs, as terms with blanks between.

A word or phrase is a term wherever its characters stand together; any other two neighbours are one too. Each is there
once, with marks of their own for what stands in the title, for words that stand in the text often (of which BM25 is to
know without a number in every entry), and for words of two characters that only stand across two others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.research.search.folding import spaced_left
from crawler.research.search.pairs import common, different, joined, neighbours, repeated, without, words_among
from crawler.research.search.text import GAP
from crawler.research.search.words import (
    ACROSS,
    IN_TITLE,
    NO_PHRASES,
    OFTEN,
    Phrases,
    cuts,
    is_han,
    pairs_within,
    segments,
)

MANY = 3  # times


@dataclass(slots=True, frozen=True)
class Terms:
    """The terms of a title and a text, title and text alike in `chars` and `terms`."""

    title: str
    chars: str
    terms: str

    @classmethod
    def of(cls, title: str, body: str, phrases: Phrases = NO_PHRASES) -> Terms:
        """The terms of what is left of a title and a text, and of the phrases that their archive has."""
        whole = f"{title}{GAP}{body}"
        of_two, text_of_longer = words_among(cuts(whole, phrases))
        known, longer = different(of_two), Counter(text_of_longer.split())
        every, across = neighbours(segments(whole))
        of_title = {*pairs_within(title), *(word for word in cuts(title, phrases) if len(word) > 2 and is_han(word))}
        parts = (
            joined(known),
            _marked("", longer),
            joined(repeated(of_two, MANY), before=OFTEN),
            _marked(OFTEN, (word for word, number in longer.items() if number >= MANY)),
            _marked(IN_TITLE, sorted(of_title)),
            joined(common(across, known), before=ACROSS),
            joined(without(every, known)),
        )
        return cls(spaced_left(title), spaced_left(whole), "".join(parts))


def _marked(mark: str, words: Iterable[str]) -> str:
    return "".join(f"{mark}{word} " for word in words)
