"""What the index keeps of a text, each kind as terms with blanks between: characters, words, pairs.

A word is a term wherever its characters stand together (`words`). Where one of two characters stands in a text only
across two words of its segmentation, it gets a mark of its own. Two characters that are no word are a term too.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.research.search.folding import spaced_left
from crawler.research.search.pairs import common, inside_and_across, joined, of_words, together, without
from crawler.research.search.text import GAP
from crawler.research.search.words import ACROSS, segments, words_within


@dataclass(slots=True, frozen=True)
class Terms:
    """The terms of a title and a text."""

    title: str
    chars: str
    words: str
    pairs: str

    @classmethod
    def of(cls, title: str, body: str, title_weight: int) -> Terms:
        """The terms of what is left of a title and a text; words of the title count so often."""
        whole = f"{title}{GAP}{body}"
        words = words_within(whole)
        known = of_words(words)
        inside, across = inside_and_across(segments(whole))
        words += words_within(title) * (title_weight - 1)
        marked = joined(common(without(across, inside), known), before=ACROSS)
        others = joined(without(together(inside, across), known))
        return cls(spaced_left(title), spaced_left(whole), f"{' '.join(words)} {marked}", others)
