"""Dates as Chinese pages write them.

The grammar is small and fast; `dateparser` is asked only about English month names. Days are local dates in
Asia/Shanghai, times are aware with +08:00. A 12-hour clock that hides the afternoon is left as given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import urlsplit

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
FIRST_YEAR = 1995
LAST_YEAR = 2100
_LONGEST = 400


@dataclass(slots=True, frozen=True)
class Moment:
    """A day and, where the text gives a time of day, the aware moment (+08:00)."""

    day: date
    at: datetime | None = None


@dataclass(slots=True, frozen=True)
class _Context:
    fetched_at: datetime | None
    year: int | None

    @property
    def today(self) -> date | None:
        return self.fetched_at.date() if self.fetched_at else None

    def accepts(self, day: date) -> bool:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return False
        return self.fetched_at is None or day <= self.fetched_at.date()


_TIME = (
    r"(?:[\sT ,，\-日号]{0,6}(?P<half>上午|下午|晚上|晚|凌晨|中午|[AP]M)?\s{0,2}(?P<hour>\d{1,2})"
    r"\s?[:：时]\s?(?P<minute>\d{1,2})"
    r"(?:\s?[:：分]\s?(?P<second>\d{1,2})(?:\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_SEPARATOR = r"\s{0,3}[-/.．_\u2010-\u2015－／]\s{0,3}"
_FULL = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)"
    r"(?:\s{0,3}年\s{0,3}(?P<month2>\d{1,2})\s{0,3}月\s{0,3}(?P<day2>\d{1,2})(?!\d)\s{0,3}[日号]?|"
    rf"{_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}(?P<day>\d{{1,2}})(?![\d]))" + _TIME,
    re.I,
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)" + _TIME, re.I
)
# The day comes first where a calendar badge shows it above the year and month (26 2025-07), or a page is French.
_BADGE = re.compile(
    rf"(?<![\d.:：])(?P<day>\d{{1,2}})\s{{1,9}}[/]?\s{{0,3}}(?P<year>(?:19|20)\d\d)(?:{_SEPARATOR}|\s?年\s?)(?P<month>\d{{1,2}})(?!\d|{_SEPARATOR}\d)\s?月?"
    + _TIME,
    re.I,
)
_MONTH_BADGE = re.compile(
    rf"(?<![\d.:：])(?P<month>\d{{1,2}})(?:{_SEPARATOR}|月)(?P<day>\d{{1,2}})日?\s{{0,9}}[,，]?\s{{0,3}}(?P<year>20\d\d)(?!\d)年?()"
    + _TIME,
    re.I,
)
_YEAR_BADGE = re.compile(
    rf"(?<![\d.])(?P<year>20\d\d)(?:\s?年|{_SEPARATOR})(?P<month>\d{{1,2}})\s?月?\s{{1,9}}(?P<day>\d{{1,2}})(?![\d:：])日?"
    + _TIME,
    re.I,
)
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>(?:19|20)\d\d)(?!\d)" + _TIME, re.I)
_SHORT_YEAR = re.compile(
    rf"(?<![\d.:：/-])(?P<year>\d\d){_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}(?P<day>\d{{1,2}})(?![\d])" + _TIME,
    re.I,
)
_NO_YEAR = re.compile(
    rf"(?<![\d.:：/-])(?P<month>\d{{1,2}})(?:{_SEPARATOR}(?P<day>\d{{1,2}})(?![\d:：%％])|\s?月\s?(?P<day2>\d{{1,2}})\s?[日号]?)"
    + _TIME,
    re.I,
)
_NUMERALS = re.compile(
    r"([一二][〇○零OoＯ0九一二三四五六七八]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_AGO = re.compile(
    r"(?P<count>\d{1,3}|半|[一二两三四五六七八九十])\s?个?\s?(?P<unit>秒|分|小时|钟头|天|日|周|星期|月|年)\s?钟?\s?之?[以]?前"
)
_WORD_DAY = re.compile(r"(?P<word>刚刚|刚才|今天|今日|昨天|昨日|前天|前日)" + _TIME)
_EPOCH = re.compile(r"\s{0,9}(\d{10}|\d{13})\s{0,9}\Z")
_ENGLISH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b", re.I)

_DIGIT = {"〇": 0, "○": 0, "零": 0, "O": 0, "o": 0, "Ｏ": 0, "0": 0, "两": 2}
_DIGIT.update({sign: value for value, sign in enumerate("一二三四五六七八九十", 1)})
_DAYS_BACK = {"今天": 0, "今日": 0, "刚刚": 0, "刚才": 0, "昨天": 1, "昨日": 1, "前天": 2, "前日": 2}
_SECONDS = {"秒": 1, "分": 60, "小时": 3600, "钟头": 3600}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}


def parse_date(text: str, *, fetched_at: datetime | None = None, year: int | None = None) -> Moment | None:
    """Read the first date of a short text; None where it holds none.

    `fetched_at` (aware) resolves relative dates and bounds all others; `year` completes a date without a year. Without
    both, a date without a year is None. Days before 1995 or after the fetch are no publication dates and passed over.
    Only the first 400 characters are read.
    """
    context = _Context(_local(fetched_at), year)
    text = text[:_LONGEST]
    for grammar in _GRAMMARS:
        found = grammar(text, context)
        if found is not None:
            return found
    return None


def _local(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(SHANGHAI)


def _moment(match: re.Match[str], year: int, month: int, day: int, context: _Context) -> Moment | None:
    try:
        local = date(year, month, day)
    except ValueError:
        return None
    at = None
    parts = match.groupdict()
    if parts.get("hour"):
        hour = int(parts["hour"])
        half = (parts.get("half") or "").upper()
        if half in ("下午", "晚上", "晚", "PM") and hour < 12:
            hour += 12
        try:
            at = datetime(year, month, day, hour, int(parts["minute"]), int(parts["second"] or 0), tzinfo=SHANGHAI)
        except ValueError:
            at = None
        else:
            zone = parts.get("zone")
            if zone:
                at = datetime.fromisoformat(at.strftime("%Y-%m-%dT%H:%M:%S") + zone).astimezone(SHANGHAI)
                local = at.date()
    return Moment(local, at) if context.accepts(local) else None


def _dated(pattern: re.Pattern[str], century: int = 0) -> Callable[[str, _Context], Moment | None]:
    def grammar(text: str, context: _Context) -> Moment | None:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month, day = int(parts["month"] or parts["month2"]), int(parts["day"] or parts["day2"])
            if pattern is _DAY_FIRST and month > 12:
                month, day = day, month
            found = _moment(match, int(parts["year"]) + century, month, day, context)
            if found is not None:
                return found
        return None

    return grammar


def _without_year(text: str, context: _Context) -> Moment | None:
    if context.year is None and context.fetched_at is None:
        return None
    for match in _NO_YEAR.finditer(text):
        month, day = int(match["month"]), int(match["day"] or match["day2"])
        if context.year is not None:
            years = [context.year]
        else:
            this = context.fetched_at.year if context.fetched_at else FIRST_YEAR
            years = [this, this - 1]
        for year in years:
            found = _moment(match, year, month, day, context)
            if found is not None:
                return found
    return None


def _chinese(text: str) -> int:
    """Read 1 to 99 in Chinese numerals, e.g. 二十六."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGIT[text[-1]]
    return (_DIGIT[tens[-1]] if tens else 1) * 10 + (_DIGIT[ones[-1]] if ones else 0)


def _numerals(text: str, context: _Context) -> Moment | None:
    for match in _NUMERALS.finditer(text):
        year = int("".join(str(_DIGIT[sign]) for sign in match[1]))
        found = _moment(match, year, _chinese(match[2]), _chinese(match[3]), context)
        if found is not None:
            return found
    return None


def _relative(text: str, context: _Context) -> Moment | None:
    now = context.fetched_at
    if now is None:
        return None
    match = _AGO.search(text)
    if match is not None:
        unit = match["unit"]
        count = 0.5 if match["count"] == "半" else float(_DIGIT.get(match["count"]) or match["count"])
        if unit in _SECONDS:
            at = (now - timedelta(seconds=count * _SECONDS[unit])).replace(microsecond=0)
            return Moment(at.date(), at)
        return Moment((now - timedelta(days=count * _DAYS[unit])).date())
    match = _WORD_DAY.search(text)
    if match is None:
        return None
    day = now.date() - timedelta(days=_DAYS_BACK[match["word"]])
    return _moment(match, day.year, day.month, day.day, context)


def _epoch(text: str, context: _Context) -> Moment | None:
    match = _EPOCH.match(text)
    if match is None:
        return None
    seconds = int(match[1][:10])
    at = datetime.fromtimestamp(seconds, SHANGHAI)
    return Moment(at.date(), at) if context.accepts(at.date()) else None


def _english(text: str, context: _Context) -> Moment | None:
    text = " ".join(text.split())
    if len(text) > 60 or _ENGLISH.search(text) is None:
        return None
    import dateparser

    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "TIMEZONE": "Asia/Shanghai",
            "TO_TIMEZONE": "Asia/Shanghai",
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    if found is None or not context.accepts(found.date()):
        return None
    at = found.astimezone(SHANGHAI)
    return Moment(at.date(), at if ":" in text else None)


_GRAMMARS: tuple[Callable[[str, _Context], Moment | None], ...] = (
    _dated(_FULL),
    _dated(_COMPACT),
    _dated(_DAY_FIRST),
    _dated(_MONTH_BADGE),
    _dated(_BADGE),
    _dated(_YEAR_BADGE),
    _dated(_SHORT_YEAR, 2000),
    _numerals,
    _relative,
    _without_year,
    _epoch,
    _english,
)

_URL_DAYS = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{6}(?!\d))"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/)"),
)
# Hanweb's URL date is the column's or the import's, not the article's.
_URL_WITHOUT_DAY = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_")


def date_from_url(url: str) -> date | None:
    """The day a URL names; None where it names none, or a month only, or where the URL is Hanweb's `/art/`."""
    try:
        path = urlsplit(url).path[:_LONGEST]
    except ValueError:
        return None
    if _URL_WITHOUT_DAY.search(path):
        return None
    for pattern in _URL_DAYS:
        for match in pattern.finditer(path):
            try:
                day = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    return None
