"""Exchange rates: those of a day, or of the last day before it."""

from datetime import date

import pytest
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from crawler.facts.rates import cny_rate

MONDAY = date(2020, 6, 15)


@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY", "HKD", "GBP", "KRW", "SGD"])
def test_the_rate_is_what_the_package_itself_gives(currency: str) -> None:
    rate = cny_rate(currency, MONDAY)
    assert rate is not None
    assert rate.day == MONDAY
    assert rate.value == pytest.approx(CurrencyConverter().convert(1, currency, "CNY", MONDAY))


def test_a_sunday_has_the_rate_of_friday() -> None:
    rate = cny_rate("USD", date(2020, 6, 14))
    assert rate is not None
    assert rate.day == date(2020, 6, 12)


def test_a_currency_that_is_not_quoted_has_no_rate() -> None:
    assert cny_rate("TWD", MONDAY) is None
    assert cny_rate("RUB", date(2024, 1, 10)) is None  # quoted until March 2022
    assert cny_rate("USD", date(2005, 3, 1)) is None  # CNY is quoted from April 2005
    assert cny_rate("USD", date(1990, 1, 1)) is None
