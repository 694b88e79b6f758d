"""Projects: one sentence or list item that ties an organization, money put in, a place and an event together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from crawler.fact_items import AmountFact, EventFact, Facts, OrganizationFact, ProjectFact, RegionFact
from crawler.facts.organization_tables import kind_of

_SENTENCE = re.compile(r"[^。;；!！?？\n]+")
_EVENTS = frozenset({"signing", "groundbreaking", "commissioning", "expansion", "funding"})
# Which money is put into a project, the surest first; output, revenue and loans are not.
_KINDS = ("investment", "contract", "other")

_NOT_PUT_IN = re.compile(r"(?:注册资[本金]|补贴|补助|奖励|税收?|利润|罚款|预算|进?出口|交易额|总额)[^,，]{0,6}$")
_GIVEN = re.compile(r"的?(?:补贴|补助|奖励|罚款|注册资)")

Spanned = TypeVar("Spanned", OrganizationFact, AmountFact, RegionFact, EventFact)


@dataclass(slots=True, frozen=True)
class Sentence:
    """What one sentence of the body names."""

    start: int
    end: int
    organizations: Sequence[OrganizationFact]
    amounts: Sequence[AmountFact]
    regions: Sequence[RegionFact]
    event: EventFact


def projects(body: str, facts: Facts) -> tuple[ProjectFact, ...]:
    """The projects of a body, of whose facts each sentence must name all four. Raises nothing on any text."""
    return tuple(project for sentence in _sentences(body, facts) for project in _projects(body, sentence))


def _sentences(body: str, facts: Facts) -> Iterator[Sentence]:
    """The sentences that name all four."""
    organizations, regions = _of_body(facts.organizations), [each for each in _of_body(facts.regions) if each.code]
    amounts = [each for each in _of_body(facts.amounts) if _is_put_in(body, each)]
    events = [each for each in _of_body(facts.events) if each.type in _EVENTS]
    if not (organizations and amounts and regions and events):
        return
    for found in _SENTENCE.finditer(body):
        happened = _within(events, found)
        if not happened:
            continue
        named, money, places = _within(organizations, found), _within(amounts, found), _within(regions, found)
        if named and money and places:
            piece = found[0]
            start = found.start() + len(piece) - len(piece.lstrip())
            end = found.end() - len(piece) + len(piece.rstrip())
            yield Sentence(start, end, named, money, places, happened[0])


def _is_put_in(body: str, amount: AmountFact) -> bool:
    before, after = body[max(0, amount.start - 12) : amount.start], body[amount.end : amount.end + 8]
    other = amount.kind == "other" and (_NOT_PUT_IN.search(before) or _GIVEN.match(after))
    return amount.kind in _KINDS and not other


def _of_body(facts: Sequence[Spanned]) -> list[Spanned]:
    return [each for each in facts if each.field == "body"]


def _within(facts: Sequence[Spanned], sentence: re.Match[str]) -> Sequence[Spanned]:
    first = bisect_left(facts, sentence.start(), key=lambda each: each.start)
    return facts[first : bisect_left(facts, sentence.end(), lo=first, key=lambda each: each.start)]


def _projects(body: str, sentence: Sentence) -> Iterator[ProjectFact]:
    builders = _builders(sentence)
    for index, builder in enumerate(builders):
        amounts = sentence.amounts
        if len(builders) > 1:
            following = builders[index + 1].start if index + 1 < len(builders) else sentence.end
            amounts = [each for each in amounts if builder.start <= each.start < following]
        if amounts:
            money = min(amounts, key=lambda each: _KINDS.index(each.kind))
            yield ProjectFact(
                organization=builder.normalized_name,
                value_cny=money.value_cny,
                region_code=_place(sentence.regions, builder),
                event=sentence.event.type,
                start=sentence.start,
                end=sentence.end,
                surface=body[sentence.start : sentence.end],
            )


def _builders(sentence: Sentence) -> list[OrganizationFact]:
    """Who puts the money in: those whose role says so, else companies without a role, else who builds; each once."""
    for role in ("investor", None, "contractor"):
        some = [each for each in sentence.organizations if each.role == role and kind_of(each.surface) == "company"]
        if some:
            return list({each.normalized_name: each for each in reversed(some)}.values())[::-1]
    return []


def _place(regions: Sequence[RegionFact], builder: OrganizationFact) -> str | None:
    """Where the project lies: the most specific place that is not where the builder comes from."""
    outside = [each for each in regions if not builder.start <= each.start < builder.end]
    there = [each for each in outside if each.role != "origin"] or outside or regions
    return max(there, key=lambda each: len((each.code or "").rstrip("0"))).code
