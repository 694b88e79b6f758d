"""The years of dates that a listing gives without one: from the address, the listing's order, the time of the fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from crawler.extract.dates import SHANGHAI, Moment, date_from_url
from crawler.extract.row_dates import RowDate

_DISORDER = timedelta(days=45)
"""How much later than the row above a row may be: listings are not sorted strictly."""


def settle_years(dates: Sequence[RowDate], urls: Sequence[str | None], fetched_at: datetime | None) -> list[RowDate]:
    """Return the dates with their years, in the same order.

    A year comes from the row's address where that names the same month and day or a later one close by, else from the
    neighbours (listings run from new to old), else it is the latest that is not after the fetch. Where none
    of these is known the date stays without one.
    """
    settled = [
        _from_url(found, url) if found.month_day is not None and found.moment is None else found
        for found, url in zip(dates, urls, strict=True)
    ]
    upper = fetched_at.astimezone(SHANGHAI).date() if fetched_at is not None else None
    settled = _in_order(settled, upper)
    if any(_is_open(found) for found in settled):
        settled = list(reversed(_backwards(list(reversed(settled)))))
    return settled


def _is_open(found: RowDate) -> bool:
    return found.moment is None and found.month_day is not None


def _from_url(found: RowDate, url: str | None) -> RowDate:
    day = date_from_url(url) if url else None
    if day is None or found.month_day is None:
        return found
    candidates = [made for year in (day.year, day.year + 1, day.year - 1) if (made := _day(year, found.month_day))]
    nearest = min(candidates, key=lambda made: abs((made - day).days), default=None)
    if nearest is None or abs((nearest - day).days) > 120:
        return found
    return RowDate(Moment(nearest), found.month_day, f"{found.rule}, year from the address")


def _in_order(dates: list[RowDate], upper: date | None) -> list[RowDate]:
    """Walk down: a row is hardly later than the one before it, and none is later than the fetch."""
    settled: list[RowDate] = []
    latest, rule = upper, "year from the fetch"
    for found in dates:
        if _is_open(found) and latest is not None and found.month_day is not None:
            day = _latest(found.month_day, latest)
            if day is not None:
                found = RowDate(Moment(day), found.month_day, f"{found.rule}, {rule}")
        if found.moment is not None:
            latest = found.moment.day + _DISORDER
            latest = min(latest, upper) if upper is not None else latest
            rule = "year from the order of the listing"
        settled.append(found)
    return settled


def _backwards(dates: list[RowDate]) -> list[RowDate]:
    """Walk up from the last row: a row is not earlier than the one below it."""
    settled: list[RowDate] = []
    earliest: date | None = None
    for found in dates:
        if _is_open(found) and earliest is not None and found.month_day is not None:
            days = (_day(earliest.year + more, found.month_day) for more in (0, 1))
            later = next((day for day in days if day is not None and day >= earliest), None)
            if later is not None:
                found = RowDate(Moment(later), found.month_day, f"{found.rule}, year from the order of the listing")
        if found.moment is not None:
            earliest = found.moment.day
        settled.append(found)
    return settled


def _latest(month_day: tuple[int, int], limit: date) -> date | None:
    days = (_day(limit.year - less, month_day) for less in range(9))
    return next((day for day in days if day is not None and day <= limit), None)


def _day(year: int, month_day: tuple[int, int]) -> date | None:
    try:
        return date(year, *month_day)
    except ValueError:
        return None
