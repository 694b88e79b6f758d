"""The tables of organization names: what ends one, and which words stand before, inside and in front of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crawler.facts.tables import read_table
from crawler.facts.words import tag


@dataclass(slots=True, frozen=True)
class Suffix:
    """A row of organization_suffixes.csv."""

    text: str
    kind: str
    needs: str
    not_after: re.Pattern[str] | None


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """The words of organization_words.csv by their kind."""
    lists: dict[str, set[str]] = {}
    for row in read_table("organization_words.csv"):
        lists.setdefault(row["kind"], set()).update(row["words"].split())
    return {kind: frozenset(some) for kind, some in lists.items()}


@cache
def suffixes() -> dict[str, Suffix]:
    """The rows of organization_suffixes.csv by their text."""
    return {
        row["suffix"]: Suffix(row["suffix"], row["kind"], row["needs"], _pattern(row["not_after"]))
        for row in read_table("organization_suffixes.csv")
    }


@cache
def suffix_lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of the suffixes by the sign that they end with, the longest first."""
    lengths: dict[str, set[int]] = {}
    for each in suffixes():
        lengths.setdefault(each[-1], set()).add(len(each))
    return {sign: tuple(sorted(some, reverse=True)) for sign, some in lengths.items()}


def suffix_of(text: str, word: str, end: int) -> Suffix | None:
    """The longest suffix that ends with the word which ends at `end` of a text.

    None where there is none or where it is part of another word.
    """
    known = suffixes()
    for length in suffix_lengths().get(word[-1:], ()):
        found = known.get(text[max(0, end - length) : end])
        if found is not None and _is_whole(found, word):
            return None if found.not_after is not None and found.not_after.match(text, end) else found
    return None


def kind_of(name: str) -> str:
    """The kind of body that a name's suffix says; a name without a suffix is a company's."""
    for length in suffix_lengths().get(name[-1:], ()):
        found = suffixes().get(name[-length:])
        if found is not None:
            return found.kind
    return "company"


def _is_whole(suffix: Suffix, word: str) -> bool:
    """A suffix of one sign stands alone, or in a word of the dictionary that is a body's (统计局, not 格局)."""
    if len(suffix.text) > 1 or len(word) == 1:
        return True
    if word in word_lists()["whole"]:
        return False
    kind = tag(word)
    return kind in ("nt", "j", "nz") or (len(word) > 2 and kind.startswith("n"))


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text) if text else None
