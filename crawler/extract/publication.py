"""When an article was published: declared, else visible near its title, else named by its URL."""

from __future__ import annotations

import re
from datetime import date, datetime

from crawler.extract.byline import read_date
from crawler.extract.dates import SHANGHAI, Moment, date_from_url, parse_date
from crawler.extract.document import Document
from crawler.extract.reading import Reading
from crawler.items import Evidence

_META_DATES = (
    "PubDate", "publishdate", "firstpublishedtime", "article:published_time", "og:release_date", "datePublished",
    "weibo:article:create_at", "bytedance:published_time", "publish_time", "pubtime", "_pubtime",
)  # fmt: skip
# WeChat fills the time under the title by script.
_WECHAT_DATE = re.compile(
    r"(?:\bct|oriCreateTime|createTime)\s{0,3}=\s{0,3}[\"'](\d{10}|20\d\d-\d\d-\d\d \d\d:\d\d)[\"']"
)
_STRUCTURED_DATE = re.compile(r'"(?:datePublished|pubDate)"\s{0,5}:\s{0,5}"([^"]{8,40})"')


def find_date(reading: Reading) -> tuple[Moment | None, Evidence | None]:
    """The publication date: declared, else visible near the title, else named by the URL."""
    fetched_at = reading.document.fetched_at
    shown = read_date(reading.byline, fetched_at)
    declared = _declared_date(reading, fetched_at)
    if declared is not None:
        moment, rule = declared
        if moment.at is None and shown and shown.moment.day == moment.day and shown.moment.at:
            moment = shown.moment
        return moment, Evidence(rule, 0.97)
    if shown is not None and shown.labelled:
        return shown.moment, Evidence("shown:labelled", 0.95)
    structured = _structured_date(reading.document)
    if structured is not None:
        return structured, Evidence("ld+json", 0.85)
    if shown is not None:
        return shown.moment, Evidence("shown", 0.8)
    scripted = _scripted_date(reading)
    if scripted is not None:
        return scripted, Evidence("script:wechat", 0.9)
    day = date_from_url(reading.document.url)
    if day is not None and _not_future(day, fetched_at):
        return Moment(day), Evidence("url", 0.7)
    near = read_date(reading.around, fetched_at)
    if near is not None:
        return near.moment, Evidence("around:labelled" if near.labelled else "around", 0.6 if near.labelled else 0.4)
    return None, None


def _declared_date(reading: Reading, fetched_at: datetime | None) -> tuple[Moment, str] | None:
    for name in _META_DATES:
        found = reading.meta.first(name)
        if found:
            moment = parse_date(found[1][:60], fetched_at=fetched_at)
            if moment is not None:
                return _without_midnight(moment), f"meta:{name}"
    return None


def _structured_date(document: Document) -> Moment | None:
    """The date in a page's JSON-LD; on a wiki it is the day the page was begun, which is no publication."""
    if "ld+json" not in document.text or 'content="MediaWiki' in document.text[:20_000]:
        return None
    match = _STRUCTURED_DATE.search(document.text)
    moment = parse_date(match[1], fetched_at=document.fetched_at) if match else None
    return _without_midnight(moment) if moment else None


def _scripted_date(reading: Reading) -> Moment | None:
    if reading.container.rule != "container:wechat":
        return None
    match = _WECHAT_DATE.search(reading.document.text)
    return parse_date(match[1], fetched_at=reading.document.fetched_at) if match else None


def _without_midnight(moment: Moment) -> Moment:
    """A template that knows no time of day writes 00:00:00."""
    if moment.at is not None and (moment.at.hour, moment.at.minute, moment.at.second) == (0, 0, 0):
        return Moment(moment.day)
    return moment


def _not_future(day: date, fetched_at: datetime | None) -> bool:
    return fetched_at is None or day <= fetched_at.astimezone(SHANGHAI).date()
