"""Amounts of money: value, currency, bounds, how exact, and what for. Pure functions over one text.

The steps: figures with their units (`amount_terms`), ranges and shared units joined (`amount_groups`), units that a
table or list states once (`amount_columns`), the words around read (`amount_words`), foreign money valued (`rates`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crawler.fact_items import AmountFact, FactField
from crawler.facts.amount_columns import column_amounts
from crawler.facts.amount_groups import Amount, groups
from crawler.facts.amount_terms import terms
from crawler.facts.amount_words import is_money, kind_of, may_be_money, qualified
from crawler.facts.numerals import folded
from crawler.facts.rates import cny_rate


def amounts(text: str, field: FactField = "body", *, on: date | None = None) -> list[AmountFact]:
    """Read the money amounts of a text in their order, e.g. 逾137亿元 -> 13_700_000_000 CNY, qualifier "over".

    `on` is the article's date: foreign money is valued in CNY at the European Central Bank's rate of that day, or of
    the last before it that has one. Without date or rate `value_cny` is None. The `value` of a range is its lower end.
    Years, phone numbers, percentages and other quantities are no amounts. Raises nothing on any text.
    """
    plain = folded(text)
    found = sorted((*_written(plain), *column_amounts(plain)), key=lambda amount: amount.start)
    return [_fact(amount, text, field, on) for amount in _apart(found)]


def _written(text: str) -> Iterator[Amount]:
    before: Amount | None = None
    for amount in groups(text, list(terms(text))):
        if not may_be_money(text, amount):
            continue
        amount = qualified(text, amount, before)
        before = amount
        if is_money(text, amount):
            amount.kind = kind_of(text, amount)
            yield amount


def _apart(found: list[Amount]) -> Iterator[Amount]:
    """Amounts that share no character: the one that begins first counts."""
    end = -1
    for amount in found:
        if amount.start >= end:
            yield amount
            end = amount.end


def _fact(amount: Amount, text: str, field: FactField, on: date | None) -> AmountFact:
    currency = amount.currency or "CNY"
    # Of a range the lower end is the value: what the text is sure of.
    value = amount.low if amount.value is None else amount.value
    value_cny, provenance = _in_cny(value, currency, on)
    return AmountFact(
        field,
        value,
        currency,
        amount.low,
        amount.high,
        amount.qualifier,
        amount.kind,
        amount.start,
        amount.end,
        text[amount.start : amount.end],
        value_cny,
        provenance,
    )


def _in_cny(value: float | None, currency: str, on: date | None) -> tuple[float | None, dict[str, object] | None]:
    """What an amount is worth in CNY, and by which rate of which day."""
    if value is None or currency == "CNY":
        return value, None
    rate = cny_rate(currency, on) if on is not None else None
    if rate is None:
        return None, None
    return round(value * rate.value, 2), {"rate": round(rate.value, 6), "day": rate.day.isoformat(), "by": "ECB"}
