"""The filters that searching, exporting and plotting share: which articles are meant, each value checked.

One sentence says what is wrong with a value and what to write instead.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.research.industries import Industry
    from crawler.research.places import Place

_DAY = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?|月)?|年)?")
_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?|\d*\.\d+)(万亿|亿|万)?元?")
_SCALE = {None: 1, "万": 10_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}
LARGEST_AMOUNT = 1e18  # yuan: more than there is
LONGEST_NAME = 100


class FilterError(ValueError):
    """A filter that cannot be understood; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Filters:
    """Which articles are meant. All that are set must hold; `Filters.of` reads them from text.

    `region` means the place and all that lies in it, `since` and `until` are publication days (inclusive), `sources`
    any of these, amounts are yuan, `org` is a part of an organization's name, `as_of` gives the archive as it was at
    the end of that day (UTC). Of a story that several sites published only the first publication counts, unless `all`:
    with `as_of` the first of those that the archive held then.
    """

    region: Place | None = None
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    industry: Industry | None = None
    event: str | None = None
    min_amount: float | None = None
    max_amount: float | None = None
    org: str | None = None
    as_of: date | None = None
    all: bool = False

    @classmethod
    def of(
        cls,
        *,
        region: str | int | None = None,
        since: str | int | date | None = None,
        until: str | int | date | None = None,
        source: str | Iterable[str] | None = None,
        industry: str | int | None = None,
        event: str | None = None,
        min_amount: str | float | None = None,
        max_amount: str | float | None = None,
        org: str | None = None,
        as_of: str | int | date | None = None,
        all: bool = False,
    ) -> Filters:
        """Filters from values as a person writes them: `region="武汉"`, `since="2025"`, `min_amount="10亿"`.

        Years and codes may be numbers: `since=2025`, `region=420100`. Raises FilterError.
        """
        made = cls(
            region=None if region is None else _region(region),
            since=None if since is None else read_day(since, "--from"),
            until=None if until is None else read_day(until, "--to", last=True),
            sources=() if source is None else _sources(source),
            industry=None if industry is None else _industry(industry),
            event=None if event is None else _event(event),
            min_amount=None if min_amount is None else read_amount(min_amount, "--min-amount"),
            max_amount=None if max_amount is None else read_amount(max_amount, "--max-amount"),
            org=None if org is None else _organization(org),
            as_of=None if as_of is None else read_day(as_of, "--as-of", last=True),
            all=all,
        )
        made._check_order()
        return made

    def _check_order(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise FilterError(f"--from {self.since} is after --to {self.until}: exchange them.")
        if self.min_amount is not None and self.max_amount is not None and self.min_amount > self.max_amount:
            raise FilterError(
                f"--min-amount {self.min_amount:,.0f} is above --max-amount {self.max_amount:,.0f}: exchange them."
            )

    @property
    def described(self) -> dict[str, Any]:
        """The filters that are set, as plain values: what a data package keeps of its query."""
        named: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        named["region"] = f"{self.region.code} {self.region.name}" if self.region else None
        named["industry"] = f"{self.industry.codes[0]} {self.industry.name}" if self.industry else None
        named["sources"] = list(self.sources)
        for name in ("since", "until", "as_of"):
            named[name] = named[name].isoformat() if named[name] else None
        return {name: value for name, value in named.items() if value not in (None, [], False)}


def read_day(given: str | int | date, option: str, *, last: bool = False) -> date:
    """A day from `2025`, `2025-03` or `2025-03-01`; `last` takes a year's or month's last day. Raises FilterError."""
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    found = _DAY.fullmatch(_text(given, option).strip())
    if found is None:
        raise FilterError(f"{option} {given!r} is no date; write 2025, 2025-03 or 2025-03-01.")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            month = 12 if last else 1
        if day is None:
            day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise FilterError(f"{option} {given!r} is no date; there is no such day.") from error


def read_amount(given: str | float, option: str) -> float:
    """Yuan from `1000000000`, `1e9`, `10亿` or `3.5万元`. Raises FilterError."""
    text = str(given).strip()
    found = _AMOUNT.fullmatch(text)
    try:
        value = float(found[1].replace(",", "")) * _SCALE[found[2]] if found else float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= LARGEST_AMOUNT:
        raise FilterError(f"{option} {given!r} is no amount in yuan; write 1000000000 or 10亿.")
    return value


def _text(given: object, option: str) -> str:
    """A value as text; a code or a year may be a number. Raises FilterError."""
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if not isinstance(given, str):
        raise FilterError(f"{option} {given!r} is no text; write it in quotation marks.")
    return given


def _sources(given: str | Iterable[str]) -> tuple[str, ...]:
    names = {given} if isinstance(given, str) else given
    if not isinstance(names, Iterable):
        raise FilterError(f"--source {given!r} is no name of a source; `zhaoshang stats` shows those it knows.")
    found = tuple(sorted({_text(name, "--source") for name in names}))
    if not found:
        raise FilterError("--source names none; name a source, or leave it out for all of them.")
    return found


def _region(given: str | int) -> Place:
    from crawler.research.places import UnknownRegion, find_place

    try:
        return find_place(_text(given, "--region"))
    except UnknownRegion as error:
        raise FilterError(f"--region: {error}") from error


def _industry(given: str | int) -> Industry:
    from crawler.research.industries import UnknownIndustry, find_industry

    try:
        return find_industry(_text(given, "--industry"))
    except UnknownIndustry as error:
        raise FilterError(f"--industry: {error}") from error


def _event(given: str) -> str:
    from crawler.research.labels import UnknownEvent, find_event

    try:
        return find_event(_text(given, "--event"))
    except UnknownEvent as error:
        raise FilterError(f"--event: {error}") from error


def _organization(given: str) -> str:
    name = _text(given, "--org").strip()
    if not name or len(name) > LONGEST_NAME:
        raise FilterError(f"--org takes a part of an organization's name, of 1 to {LONGEST_NAME} characters.")
    return name
