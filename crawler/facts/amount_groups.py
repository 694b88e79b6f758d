"""Figures that belong together: ranges (3至5亿元), and units stated once for several (2.4亿和2.6亿美元)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.fact_items import AmountKind, Qualifier
from crawler.facts.amount_terms import Term

_TO = re.compile(r" {0,2}(?:-{1,2}|—{1,2}|–|―|~|～|〜|至|到|－) {0,2}\Z")
_AND = re.compile(r" {0,2}(?:、|和|与|及|以及|或|/) {0,2}\Z")
# What may stand between two figures of one unit beside the words above: 近3亿、超5亿美元.
_QUALIFIED_AND = re.compile(r" {0,2}(?:、|和|与|及|以及|,|，)(?:约|近|逾|超|超过|突破|不低于|不少于)?\Z")


@dataclass(slots=True)
class Amount:
    """An amount under way: a figure or a range, and what the words around add to it.

    `listed` says that it follows another in a list: 2.6亿美元 in 2.4亿和2.6亿美元.
    """

    start: int
    end: int
    value: float | None
    currency: str | None
    low: float | None = None
    high: float | None = None
    qualifier: Qualifier = "exact"
    kind: AmountKind = "other"
    bare: bool = False
    vague: bool = False
    between: str = ""
    has_scale: bool = True
    listed: bool = False


def groups(text: str, terms: Sequence[Term]) -> Iterator[Amount]:
    """The figures that have a scale or a currency, their own or a neighbour's, and the ranges two of them make."""
    _share_units(text, terms)
    skip = False
    for place, term in enumerate(terms):
        if skip:
            skip = False
            continue
        following = terms[place + 1] if place + 1 < len(terms) else None
        if following is not None and _are_range(text, term, following):
            yield _range(term, following)
            skip = True
        elif term.currency or term.factor > 1:
            amount = _single(term)
            amount.listed = place > 0 and _AND.match(text[terms[place - 1].end : term.start]) is not None
            yield amount


def _share_units(text: str, terms: Sequence[Term]) -> None:
    """Give figures the currency, and where they have none the scale, of the next one in their list or range.

    From the last to the first, so that a unit at the end reaches all of its list.
    """
    for left, right in reversed(list(itertools.pairwise(terms))):
        if left.currency is not None or left.vague or (left.bare and left.factor == 1):
            continue
        between = text[left.end : right.start]
        if right.currency is None and right.factor == 1:
            continue
        joined = _TO.match(between) or _AND.match(between)
        if left.factor > 1:
            if joined or _QUALIFIED_AND.match(between):
                left.currency = right.currency
        elif joined and not right.bare and _is_alike(left, right):
            left.currency = right.currency
            left.factor = right.factor
            left.value = round(left.value * right.factor, 4) if left.value is not None else None


def _is_alike(left: Term, right: Term) -> bool:
    """Whether a figure without any unit may be one of a list: years, house numbers and counts of other things are not.

    2024、2.6亿元 are a year and an amount; 3.2、4.5和6亿元 are three amounts.
    """
    if left.value is None or right.value is None or right.factor == 1:
        return left.value is not None and right.currency is not None and right.factor == 1
    figure = right.value / right.factor
    return left.value < 1000 or figure >= 1000


def _are_range(text: str, left: Term, right: Term) -> bool:
    if _TO.match(text[left.end : right.start]) is None or left.value is None or right.value is None:
        return False
    has_unit = right.currency is not None or right.factor > 1
    same = left.currency in (None, right.currency)
    return has_unit and same and (left.factor > 1 or left.currency is not None) and left.value < right.value


def _range(left: Term, right: Term) -> Amount:
    return Amount(
        left.start,
        right.end,
        None,
        right.currency,
        left.value,
        right.value,
        between=right.between,
        has_scale=right.factor > 1,
    )


def _single(term: Term) -> Amount:
    is_range = term.high is not None
    return Amount(
        term.start,
        term.end,
        None if is_range else term.value,
        term.currency,
        term.value if is_range else None,
        term.high,
        bare=term.bare,
        vague=term.vague,
        between=term.between,
        has_scale=term.factor > 1,
    )
