from datetime import UTC, date, datetime

import pytest

from crawler.extract import date_from_url, parse_date
from crawler.extract.dates import SHANGHAI

FETCHED = datetime(2025, 8, 1, 4, 30, tzinfo=UTC)  # 12:30 in Shanghai


def local(year: int, month: int, day: int, *time: int) -> datetime:
    hour, minute, second = (*time, 0, 0)[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("2019-09-26 10:09:11", date(2019, 9, 26), local(2019, 9, 26, 10, 9, 11)),
        ("2022-02-11 08:52", date(2022, 2, 11), local(2022, 2, 11, 8, 52)),
        ("2012-06-24", date(2012, 6, 24), None),
        ("2024.05.20", date(2024, 5, 20), None),
        ("2005/05/17 22:11:42", date(2005, 5, 17), local(2005, 5, 17, 22, 11, 42)),
        ("18-03-08", date(2018, 3, 8), None),
        ("2019年09月06日", date(2019, 9, 6), None),
        ("2019年10月31日 23:00\xa0\xa0浏览:", date(2019, 10, 31), local(2019, 10, 31, 23, 0)),
        ("发布时间:2022-02-13 04:22:18   来源:", date(2022, 2, 13), local(2022, 2, 13, 4, 22, 18)),
        ("2024- 08- 07", date(2024, 8, 7), None),
        ("26 2025-07", date(2025, 7, 26), None),
        ("07-26 2025", date(2025, 7, 26), None),
        ("2025-07 26", date(2025, 7, 26), None),
        ("06/02/2022 - 13:48", date(2022, 2, 6), local(2022, 2, 6, 13, 48)),
        ("2024-05-20T00:52:00Z", date(2024, 5, 20), local(2024, 5, 20, 8, 52)),
        ("2024-05-20T23:30:00+00:00", date(2024, 5, 21), local(2024, 5, 21, 7, 30)),
        ("2022年2月6日 下午3:05", date(2022, 2, 6), local(2022, 2, 6, 15, 5)),
        ("二〇二五年七月二十六日", date(2025, 7, 26), None),
        ("二○一九年十月十日", date(2019, 10, 10), None),
        ("20250726", date(2025, 7, 26), None),
        ("1753488000000", date(2025, 7, 26), local(2025, 7, 26, 8, 0)),
        ("Jul 26, 2025", date(2025, 7, 26), None),
    ],
)
def test_a_date_is_read_as_pages_write_it(text: str, day: date, at: datetime | None) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.day, found.at) == (day, at)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("3小时前", local(2025, 8, 1, 9, 30)),
        ("25分钟前", local(2025, 8, 1, 12, 5)),
        ("半小时前", local(2025, 8, 1, 12, 0)),
        ("昨天 09:15", local(2025, 7, 31, 9, 15)),
    ],
)
def test_a_relative_time_counts_from_the_fetch_in_shanghai(text: str, at: datetime) -> None:
    found = parse_date(text, fetched_at=FETCHED)
    assert found is not None
    assert found.at == at


@pytest.mark.parametrize(("text", "day"), [("昨天", 31), ("前天", 30), ("3天前", 29)])
def test_a_relative_day_has_no_time(text: str, day: int) -> None:
    found = parse_date(text, fetched_at=FETCHED)
    assert found is not None
    assert (found.day, found.at) == (date(2025, 7, day), None)


def test_a_relative_date_without_a_fetch_time_is_none() -> None:
    assert parse_date("3小时前") is None


def test_a_day_without_a_year_takes_the_year_given() -> None:
    found = parse_date("[09-25]", year=2023)
    assert found is not None
    assert found.day == date(2023, 9, 25)


@pytest.mark.parametrize(("text", "day"), [("07-31", date(2025, 7, 31)), ("09-25", date(2024, 9, 25))])
def test_a_day_without_a_year_is_the_latest_not_after_the_fetch(text: str, day: date) -> None:
    found = parse_date(text, fetched_at=FETCHED)
    assert found is not None
    assert found.day == day


def test_a_day_without_a_year_and_without_help_is_none() -> None:
    assert parse_date("09-25") is None


@pytest.mark.parametrize(
    "text", ["", "来源：本站", "2025-13-40", "1994-05-06", "2101-01-01", "12:30", "联系电话 0714-6350000"]
)
def test_what_is_no_publication_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_day_after_the_fetch_is_passed_over() -> None:
    assert parse_date("2025-08-02", fetched_at=FETCHED) is None
    found = parse_date("有效期至2027-01-01 发布2025-07-01", fetched_at=FETCHED)
    assert found is not None
    assert found.day == date(2025, 7, 1)


def test_an_impossible_time_leaves_the_day() -> None:
    found = parse_date("2025-07-26 25:71")
    assert found is not None
    assert (found.day, found.at) == (date(2025, 7, 26), None)


def test_a_morning_is_left_as_given() -> None:
    found = parse_date("2025-07-26 03:00")
    assert found is not None
    assert found.at == local(2025, 7, 26, 3, 0)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.cn/tzdt/202506/t20250626_123.html", date(2025, 6, 26)),
        ("http://a.cn/2025/06/26/x.html", date(2025, 6, 26)),
        ("http://a.cn/2025-06/26/content_1.htm", date(2025, 6, 26)),
        ("http://a.cn/n1/2024/0517/c14739-40237861.html", date(2024, 5, 17)),
        ("http://a.cn/a/zhaoshang/20260422/20703.html", date(2026, 4, 22)),
        ("http://a.cn/202506/x.html", None),
        ("http://a.cn/art/2021/1/1/art_123_456.html", None),
        ("http://a.cn/info/1021/20996.htm", None),
        ("http://[", None),
    ],
)
def test_a_url_names_a_day_or_none(url: str, day: date | None) -> None:
    assert date_from_url(url) == day
