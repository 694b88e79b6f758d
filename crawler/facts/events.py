"""Events: the word that names a signing, a groundbreaking, a roadshow and so on, with the count that its clause gives.

The words and the contexts that make them no event are rows of events.csv; what counts is defined in docs/facts.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

import ahocorasick

from crawler.fact_items import EventFact, EventType, FactField
from crawler.facts.numerals import folded, numeral
from crawler.facts.tables import read_table

# A clause ends at any of these; what stands behind it says nothing about the event.
_CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n\t 　、“”\"'‘’《》()（）【】\[\]]")
_SENTENCE_END = re.compile(r"[。;；!！?？\n]")
_REACH = 60

_COUNTED = "(?:项目|企业|公司|协议|合同|订单|工程|客商|机构|平台)"
_COUNT = r"(?P<number>\d[\d,]*|[一二三四五六七八九十百千两]+)[多余几]?(?:个|家|项|宗|份|户|单|笔)"
# Words between a count and its event: no other number but amounts of money.
_BETWEEN = r"(?:[^\d]|\d[\d,.]*(?=[百千万亿])){0,16}?"
_BEFORE = re.compile(rf"{_COUNT}(?P<what>{_BETWEEN}{_COUNTED}[^\d]{{0,8}})$")
_AFTER = re.compile(
    rf"^(?:了|的)?(?P<what>{_BETWEEN}{_COUNTED})?(?:共|达|各|总数)?{_COUNT}(?P<noun>[^\d]{{0,6}}?{_COUNTED})?"
)
_COUNTABLE = frozenset({"signing", "groundbreaking", "commissioning", "expansion", "funding", "visit"})

# Wishes in general (要加快推动项目签约) and what was not done are no events; what is planned is.
_NOT_SO = re.compile(
    r"(?:(?:加快|推动|促进|鼓励|加速|早日)[^\d]{0,6}|(?:不得|不予|严禁|禁止)[^\d]{0,4}|(?:未能|尚未|并未|没有|未曾))$"
)


@dataclass(slots=True, frozen=True)
class Trigger:
    """A row of events.csv; an empty pattern is None."""

    word: str
    type: EventType
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    goes_on: re.Pattern[str] | None


def events(text: str, field: FactField) -> tuple[EventFact, ...]:
    """The events named in a text, in its order. Raises nothing on any text."""
    found: list[EventFact] = []
    taken = 0
    hits = [(last + 1 - len(trigger.word), trigger) for last, trigger in _automaton().iter_long(text)]
    for index, (start, trigger) in enumerate(hits):
        following = hits[index + 1][0] if index + 1 < len(hits) else len(text)
        event = _event(text, field, start, trigger, (taken, following))
        if event is not None:
            found.append(event)
            taken = event.end
    return tuple(found)


def _event(text: str, field: FactField, start: int, trigger: Trigger, room: tuple[int, int]) -> EventFact | None:
    """The event at a word, None where its surroundings say that it is none. `room` is bounded by the neighbours."""
    end = start + len(trigger.word)
    before, after = _clause_before(text, start), _clause_after(text, end)
    if trigger.goes_on is not None:
        more = trigger.goes_on.match(after)
        if more is None:
            return None
        end += more.end()
    if start < room[0] or not _fits(trigger, text, before, start, end) or _NOT_SO.search(before):
        return None
    count = None
    if trigger.type in _COUNTABLE:
        start, end, count = _counted(text, start, end, room)
    return EventFact(field, trigger.type, count, start, end, text[start:end])


def _fits(trigger: Trigger, text: str, before: str, start: int, end: int) -> bool:
    if trigger.not_after is not None and trigger.not_after.match(text, end, end + _REACH):
        return False
    if trigger.not_before is not None and trigger.not_before.search(text[max(0, start - 8) : start]):
        return False
    if trigger.before is not None and not trigger.before.search(before):
        return False
    return trigger.after is None or bool(trigger.after.search(_sentence_after(text, end)))


def _counted(text: str, start: int, end: int, room: tuple[int, int]) -> tuple[int, int, int | None]:
    """The span with the count of its clause, and the count."""
    before = folded(_clause_before(text, start, room[0]))
    found = _BEFORE.search(before)
    if found is not None:
        return start - len(before) + found.start(), end, _value(found["number"])
    found = _AFTER.search(folded(_clause_after(text, end, room[1])))
    if found is not None and (found["what"] or found["noun"] or _ends_clause(text, end + found.end())):
        return start, end + found.end(), _value(found["number"])
    return start, end, None


def _ends_clause(text: str, at: int) -> bool:
    return at >= len(text) or bool(_CLAUSE_END.match(text, at))


def _value(digits: str) -> int | None:
    value = numeral(digits)
    return int(value) if value is not None else None


def _clause_before(text: str, at: int, floor: int = 0) -> str:
    piece = text[max(floor, at - _REACH) : at]
    ends = [found.end() for found in _CLAUSE_END.finditer(piece)]
    return piece[ends[-1] :] if ends else piece


def _clause_after(text: str, at: int, ceiling: int | None = None) -> str:
    piece = text[at : min(at + _REACH, len(text) if ceiling is None else ceiling)]
    found = _CLAUSE_END.search(piece)
    return piece[: found.start()] if found else piece


def _sentence_after(text: str, at: int) -> str:
    piece = text[at : at + _REACH]
    found = _SENTENCE_END.search(piece)
    return piece[: found.start()] if found else piece


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for row in read_table("events.csv"):
        automaton.add_word(row["word"], _trigger(row))
    automaton.make_automaton()
    return automaton


def _trigger(row: dict[str, str]) -> Trigger:
    goes_on = "|".join(row["goes_on"].split())
    return Trigger(
        word=row["word"],
        type=cast(EventType, row["type"]),
        after=_pattern(row["after"]),
        before=_pattern(row["before"] and f"(?:{row['before']})$"),
        not_after=_pattern(row["not_after"]),
        not_before=_pattern(row["not_before"] and f"(?:{row['not_before']})$"),
        goes_on=_pattern(goes_on and f".{{0,4}}?(?:{goes_on})"),
    )


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text) if text else None
