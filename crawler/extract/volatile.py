"""What changes on a page without its content changing: view counters, relative times, share widgets."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

# Counters and widgets stand before or after a text, never in its midst.
_EDGE = 600


def settled_text(text: str) -> str:
    """The text without what is no content, for comparing two states of an article. Linear in its length."""
    if len(text) <= 2 * _EDGE:
        settled = _without_volatile(text)
    else:
        settled = _without_volatile(text[:_EDGE]) + text[_EDGE:-_EDGE] + _without_volatile(text[-_EDGE:])
    return "".join(settled.split())


def _without_volatile(text: str) -> str:
    for words, pattern in _volatile():
        # Looking for a word costs a hundredth of running the pattern, and most texts hold none.
        if any(word in text for word in words):
            text = pattern.sub("", text)
    return text


@cache
def _volatile() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """The rows of volatile.tsv: words of which a match holds at least one, and the pattern."""
    lines = files("crawler.extract").joinpath("volatile.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple((tuple(row["words"].split()), re.compile(row["pattern"])) for row in rows)
