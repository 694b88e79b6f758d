"""The industries of an article: GB/T 4754 divisions and strategic emerging industries, by the words it uses.

Every word of industry_terms.csv tells a division with a weight. Words are looked up where rjieba's words begin, the
longest first; one of the title counts threefold, and a word said often counts by the logarithm of how often.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from math import log
from operator import attrgetter, itemgetter
from typing import Literal

from crawler.fact_items import FactField, IndustryFact
from crawler.facts.tables import read_table
from crawler.facts.words import WordBounds, word_bounds

_TITLE_FACTOR = 3.0
# A lone weak word tells less than this; what has less of all weight than this share is said in passing.
_LEAST_SCORE = 2.0
_LEAST_SHARE = 0.04
_MOST = 12
_SENTENCE = 200
# A word may go on with one of these inside a longer word: 化工|厂, 光伏|产业链.
_TAILS = frozenset("厂业链园企类品店商")


@dataclass(slots=True, frozen=True)
class Term:
    """A word that tells an industry; one without codes is a trap and tells none."""

    text: str
    codes: tuple[str, ...]
    weight: float


@dataclass(slots=True)
class _Seen:
    """Where a term was first seen, how often, and how much its mentions weigh."""

    term: Term
    field: FactField
    start: int
    in_title: int = 0
    in_body: int = 0
    score: float = 0.0

    def weigh(self) -> None:
        title = _TITLE_FACTOR if self.in_title else 0.0
        body = 1 + log(self.in_body) if self.in_body else 0.0
        self.score = self.term.weight * (title + body)


def industries(title: str, body: str) -> list[IndustryFact]:
    """Read the industries that an article is about: divisions (or sections) best first, then strategic ones.

    `score` is the share of the weight of all its words (0 to 1); the span is that of the weightiest word where it
    stands first. Raises nothing on any text.
    """
    seen: dict[str, _Seen] = {}
    texts: tuple[tuple[FactField, str], ...] = (("title", title), ("body", body))
    for where, text in texts:
        for start, term in _terms_in(text):
            each = seen.get(term.text)
            if each is None:
                each = seen[term.text] = _Seen(term, where, start)
            if where == "title":
                each.in_title += 1
            else:
                each.in_body += 1
    told: dict[str, list[_Seen]] = defaultdict(list)
    for each in seen.values():
        each.weigh()
        for code in each.term.codes:
            told[code].append(each)
    # A weak word or two tell an industry in a sentence, not in an article.
    weak = 2 if len(title) + len(body) <= _SENTENCE else 0
    return _ranked(told, sum(each.score for each in seen.values()), weak)


def _ranked(told: dict[str, list[_Seen]], total: float, weak: int) -> list[IndustryFact]:
    scores = {code: sum(each.score for each in words) for code, words in told.items()}
    order = sorted(scores, key=lambda code: (not _is_activity(code), -scores[code], code))
    divisions = {_section(code) for code in order if code.isdigit()}
    # 制造业 tells its section, which beside one of its divisions is nothing new.
    told_more = [code for code in order if not (code.isalpha() and _section(code) in divisions)]
    plain = [code for code in told_more if scores[code] >= max(_LEAST_SCORE, _LEAST_SHARE * total)]
    return [_fact(code, scores[code] / total, told[code]) for code in (plain or told_more[:weak])[:_MOST]]


def _fact(code: str, share: float, words: list[_Seen]) -> IndustryFact:
    strongest = max(words, key=attrgetter("score"))
    start = strongest.start
    surface = strongest.term.text
    return IndustryFact(
        field=strongest.field,
        code=code,
        name=_names()[code],
        score=round(share, 3),
        start=start,
        end=start + len(surface),
        surface=surface,
    )


def _terms_in(text: str) -> list[tuple[int, Term]]:
    """Return the terms of a text with their positions, in order; they do not overlap."""
    heads, terms, bounds = _heads(), _terms(), word_bounds(text)
    inside = frozenset(bounds.parts)
    found: list[tuple[int, Term]] = []
    taken: set[int] = set()
    # What begins a word goes before what lies inside a compound of the dictionary.
    for start in (*bounds.beginning(heads), *bounds.parts):
        for length in heads.get(text[start : start + 2], ()):
            term = terms.get(text[start : start + length])
            if term is None:
                continue
            end = start + len(term.text)
            if end in bounds.all or end in inside or text[end] in _TAILS:
                if start not in taken and end - 1 not in taken:
                    taken.update(range(start, end))
                    if _tells(text, end, term, bounds):
                        found.append((start, term))
                break
    found.sort(key=itemgetter(0))
    return found


def _tells(text: str, end: int, term: Term, bounds: WordBounds) -> bool:
    # 化工 + 路 is an address.
    address = _after().match(text, end)
    return bool(term.codes) and not (address and address.end() in bounds.all)


def _is_activity(code: str) -> bool:
    return not code.startswith("SE")


def _section(code: str) -> str:
    return _rows()[code]["section"]


@cache
def _rows() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read_table("industries.csv")}


@cache
def _names() -> dict[str, str]:
    return {code: row["name"] for code, row in _rows().items()}


@cache
def _terms() -> dict[str, Term]:
    terms = {
        row["term"]: Term(row["term"], tuple(filter(None, (row["code"], row["strategic"]))), float(row["weight"]))
        for row in read_table("industry_terms.csv")
    }
    return terms | {text: Term(text, (), 0.0) for text in _traps("word")}


@cache
def _heads() -> dict[str, tuple[int, ...]]:
    """The lengths of the terms by their first two characters, the longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for text in _terms():
        lengths[text[:2]].add(len(text))
    return {head: tuple(sorted(some, reverse=True)) for head, some in lengths.items()}


@cache
def _after() -> re.Pattern[str]:
    return re.compile("|".join(_traps("after")))


def _traps(kind: Literal["word", "after"]) -> list[str]:
    return [text for row in read_table("industry_traps.csv") if row["kind"] == kind for text in row["texts"].split()]
