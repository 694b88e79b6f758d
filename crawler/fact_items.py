"""What is read out of an article: plain values with the span of text that says so, as those of `crawler.items`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FactField = Literal["title", "body"]
RegionRole = Literal["subject", "mention", "origin"]
Qualifier = Literal["about", "over", "under", "at_least", "at_most", "exact"]
AmountKind = Literal["investment", "contract", "revenue", "output", "loan", "other"]
OrganizationRole = Literal["investor", "host", "contractor", "regulator"]
EventType = Literal[
    "signing",
    "groundbreaking",
    "commissioning",
    "expansion",
    "roadshow",
    "policy",
    "funding",
    "visit",
    "work_report",
    "statistics",
]


@dataclass(slots=True, frozen=True)
class RegionFact:
    """A place. `code` is its GB/T 2260 code in the article's year (None for a named area, or where a name stays
    ambiguous), `code_now` today's; `field[start:end] == surface` in code points, as in every fact."""

    field: FactField
    code: str | None
    name: str
    role: RegionRole
    start: int
    end: int
    surface: str
    code_now: str | None = None


@dataclass(slots=True, frozen=True)
class AmountFact:
    """An amount of money. `value` is in units of `currency` (ISO 4217), `low` and `high` bound it where the text does;
    `value_cny` is None where no rate of its day is known, `provenance` names the rate and its day."""

    field: FactField
    value: float | None
    currency: str
    low: float | None
    high: float | None
    qualifier: Qualifier
    kind: AmountKind
    start: int
    end: int
    surface: str
    value_cny: float | None = None
    provenance: Mapping[str, object] | None = None


@dataclass(slots=True, frozen=True)
class OrganizationFact:
    """An organization as it is named; `normalized_name` is its long form where the article gives one."""

    field: FactField
    name: str
    normalized_name: str
    role: OrganizationRole | None
    start: int
    end: int
    surface: str


@dataclass(slots=True, frozen=True)
class IndustryFact:
    """An industry: a GB/T 4754 section or division, or a strategic emerging one; the span is its strongest word's."""

    field: FactField
    code: str
    name: str
    score: float
    start: int
    end: int
    surface: str


@dataclass(slots=True, frozen=True)
class EventFact:
    """An event, with how many (20个项目集中签约) where the text says so."""

    field: FactField
    type: EventType
    count: int | None
    start: int
    end: int
    surface: str


@dataclass(slots=True, frozen=True)
class ProjectFact:
    """One sentence or list item of the body that ties an organization, an amount, a place and an event together."""

    organization: str | None
    value_cny: float | None
    region_code: str | None
    event: str | None
    start: int
    end: int
    surface: str


@dataclass(slots=True, frozen=True)
class Facts:
    """Everything read out of one article's title and body, in the order of the text."""

    regions: tuple[RegionFact, ...] = ()
    amounts: tuple[AmountFact, ...] = ()
    organizations: tuple[OrganizationFact, ...] = ()
    industries: tuple[IndustryFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    projects: tuple[ProjectFact, ...] = ()
