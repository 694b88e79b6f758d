"""What the index keeps of a text, each kind as terms with blanks between: characters, words, pairs.

A word is a term wherever its characters stand together (`words`). Where one of two characters stands in a text only
across two words of its segmentation, it gets a mark of its own. Two characters that are no word are a term too.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.research.search.folding import spaced_left
from crawler.research.search.pairs import common, inside_and_across, joined, together, without, words_among
from crawler.research.search.text import GAP
from crawler.research.search.words import ACROSS, cuts, segments


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
        words, known = words_among(cuts(whole))
        of_title, _ = words_among(cuts(title))
        inside, across = inside_and_across(segments(whole))
        marked = joined(common(without(across, inside), known), before=ACROSS)
        others = joined(without(together(inside, across), known))
        return cls(spaced_left(title), spaced_left(whole), words + of_title * (title_weight - 1) + marked, others)
