"""Words of a text: every word of the dictionary that stands in it, and which of them only stand across two others.

A word is indexed wherever its characters stand together, so that a look-up of one term finds what reading every text
would find. 汉江 in 武汉 江汉区 is made of the end of one word and the start of the next; where a word stands in a text
in no other way, it gets a mark of its own, and such texts come last.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

from crawler.research.search.text import GAP

ACROSS = "~"
_FIRST_HAN = "\u2e80"


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba._DEFAULT_JIEBA


def is_word(text: str) -> bool:
    """Whether the dictionary has these Chinese characters as a word of two or more."""
    return len(text) > 1 and text.isalpha() and min(text) >= _FIRST_HAN and bool(_jieba().has_word(text))


def words_within(text: str) -> list[str]:
    """Every word of two or more characters in a folded text, as often as it stands there; overlapping ones too."""
    return [word for word in _jieba().cut_all(text) if len(word) > 1 and word > _FIRST_HAN]


def words_across(text: str, within: list[str]) -> list[str]:
    """The words of two characters that stand only across two words: the end of one and the start of the next.

    `text` is folded and has gaps between its runs; `within` is what `words_within` gives for it.
    """
    cut = _jieba().cut(text, False)
    known = set(within)
    pairs = [one[-1] + next_[0] for one, next_ in pairwise(cut) if len(one) > 1 or len(next_) > 1]
    counted = Counter([pair for pair in pairs if pair in known])
    return [pair for pair, number in counted.items() if text.count(pair) == number]


def words_field(title: str, body: str, title_weight: int) -> str:
    """What the index keeps of a document's words, separated by blanks: those of its title several times."""
    of_title, of_body = words_within(title), words_within(body)
    across = words_across(f"{title}{GAP}{body}", of_title + of_body)
    return " ".join([*(of_title * title_weight), *of_body, *(ACROSS + word for word in across)])
