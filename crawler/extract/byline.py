"""What stands between an article's title and its text: when it was published, where it came from, who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from crawler.extract.dates import Moment, parse_date

_LABEL = (
    r"(?:(?:信息|文章|新闻|稿件|内容|资料)?来\s{0,4}源|来自\s?[：:]|出\s?处|稿源|作\s{0,4}者|发布|发表|更新|时\s{0,4}间|日\s{0,4}期|浏览|点击|阅读|字号|字体|编辑|责编|审核|"
    r"打印|关闭|分享|访问|人气|评论|大\s?中\s?小|保护视力|视力保护|\[|【|（|〖|\||｜|;|；)"
)
_DATE_LABEL = re.compile(
    r"(?P<label>(?:发布|发表|更新|回复|答复|创建|添加|录入|上传|刊发|发稿|发文|公开|提交)?\s?(?:时\s{0,4}间|日\s{0,4}期)"
    r"|发布于|发表于|更新于|Posted|Published)\s{0,3}[：:]?\s{0,6}"
)
# The day a document was signed or made is not the day it was published.
_NOT_PUBLISHED = re.compile(
    r"(?:成文|来信|写信|提问|咨询|留言|受理|生成|印发|签署|生效|失效|施行|截止|截至|有效|今天|当前|现在|系统|报名|活动|会议)\s?(?:时\s{0,4}间|日\s{0,4}期)?\s{0,3}(?:是|为)?[：:]?\s{0,6}$"
)
_ORIGIN = re.compile(
    r"(?:信息|文章|新闻|稿件|内容|资料|本文|发布|数据)?(?:来\s{0,4}[源自]|出\s?处|稿源|信源)(?:于)?\s{0,2}[：:丨]\s{0,6}(?P<value>[^\n]{1,80})"
)
_AUTHOR = re.compile(r"(?:作\s{0,4}者|撰稿人?|撰文|文\s?[/／])\s{0,2}[：:丨]?\s{0,6}(?P<value>[^\n]{1,60})")
_STOP = re.compile(rf"\s{{0,3}}(?:{_LABEL}|(?:19|20)\d\d\s?[-/年.]|\n)")
_MOST_LABELS = 12
_QUOTES = "“”\"'《》[]【】<>〈〉：:，,。;； 　|"
_CALENDAR = re.compile(r"(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s{0,4}(?:星期|周)[一二三四五六日天]")


# What templates print where nobody is named.
_NOBODY = frozenset(
    {
        "未知",
        "不详",
        "佚名",
        "无",
        "暂无",
        "admin",
        "administrator",
        "管理员",
        "系统管理员",
        "匿名",
        "null",
        "undefined",
    }
)


@dataclass(slots=True, frozen=True)
class Dated:
    """A publication date read from visible text, and whether a label said that it is one."""

    moment: Moment
    labelled: bool


def read_date(text: str, fetched_at: datetime | None) -> Dated | None:
    """The publication date in the text around a title: a labelled one, else the first."""
    for match in islice(_DATE_LABEL.finditer(text), _MOST_LABELS):
        before = text[max(0, match.start() - 6) : match.start()]
        if _NOT_PUBLISHED.search(before + match["label"]) or _NOT_PUBLISHED.search(before):
            continue
        after = text[match.end() : match.end() + 40].lstrip().partition("\n")[0]
        found = parse_date(after, fetched_at=fetched_at)
        if found is not None and re.match(r"[^\d]{0,8}(?:\d|[一二]|昨|今|前|刚|半)", after):
            return Dated(found, True)
    for line in text.split("\n"):
        if len(line) > 120 or _CALENDAR.search(line):
            continue
        found = _unlabelled(line, fetched_at)
        if found is not None:
            return Dated(found, False)
    return None


_FULL_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s{0,3}[-/.年]\s{0,3}\d{1,2}\s{0,3}[-/.月]\s{0,3}\d{1,2}|\d{1,2}/\d{1,2}/(?:19|20)\d\d|(?:0[1-9]|[12]\d)-\d\d-\d\d(?!\d))"
)


def _unlabelled(line: str, fetched_at: datetime | None) -> Moment | None:
    for match in _FULL_DAY.finditer(line):
        if _NOT_PUBLISHED.search(line[max(0, match.start() - 12) : match.start()]):
            continue
        found = parse_date(line[match.start() : match.start() + 40], fetched_at=fetched_at)
        if found is not None:
            return found
    return None


def read_origin(text: str) -> str | None:
    """The origin (来源) that a byline names."""
    return _labelled(_ORIGIN, text, 40)


def read_author(text: str) -> str | None:
    """The author that a byline names."""
    return _labelled(_AUTHOR, text, 30)


def names_somebody(value: str) -> bool:
    """Whether an author or origin says anything."""
    return value.lower() not in _NOBODY and not value.isdigit()


def _labelled(pattern: re.Pattern[str], text: str, longest: int) -> str | None:
    for match in pattern.finditer(text):
        value = match["value"]
        stop = _STOP.search(value)
        if stop:
            value = value[: stop.start()]
        value = re.split(r"\s{2,}|\t", value.strip(_QUOTES))[0].strip(_QUOTES)
        if value and len(value) <= longest and names_somebody(value):
            return value
    return None


def joined(texts: Sequence[str]) -> str:
    """The pieces of a byline as one text, a line a piece; a label is joined with the value that follows it."""
    lines: list[str] = []
    for text in texts:
        text = " ".join(text.split())
        if lines and (lines[-1].endswith(("：", ":", "丨")) or text.startswith(("：", ":"))):
            lines[-1] += text
        else:
            lines.append(text)
    return "\n".join(lines)
