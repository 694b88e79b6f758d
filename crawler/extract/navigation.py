"""The words of a site's frame: what menus, pagers and footers say, and the class names of their boxes.

The words are the rows of navigation.csv, by kind.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

FRAME_TAGS = frozenset({"header", "footer", "nav"})
SIDE_TAGS = frozenset({"aside"})
UNREAD_TAGS = frozenset(
    {"script", "style", "noscript", "template", "select", "textarea", "svg", "head", "iframe", "object"}
)
SIDE_HEADING = re.compile(
    r"^[\s【\[■●▌|]{0,4}(?:(?:本周|本月|今日|一周|最新)?(?:热点|热门|热文|热词)|推荐|为您推荐|猜你喜欢|相关|排行|点击排行|阅读排行|浏览排行|点击量|"
    r"图片新闻|图片推荐|友情链接|栏目导航|栏目列表|站内公告|快速通道|便民服务|延伸阅读|特别推荐|精彩推荐|编辑推荐|随机|大家都在看|热点|最热)"
)

_FOLD = re.compile(r"[\s\u00a0\u3000>＞»›→<＜«‹←\[\]【】()（）|·•\-—_:：.…]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS = re.compile(r"[\s\d_-]+")
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)

Zone = Literal["frame", "side", ""]


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind of navigation.csv."""
    table = files("crawler.extract").joinpath("navigation.csv").read_text(encoding="utf-8")
    return frozenset(row["word"] for row in csv.DictReader(table.splitlines()) if row["kind"] == kind)


def fold_label(text: str) -> str:
    """Return a short label without blanks, arrows and brackets, in lower case."""
    return _FOLD.sub("", text[:80]).lower()


def is_frame_label(text: str) -> bool:
    """Tell whether a text is one that menus, pagers or widgets print."""
    label = fold_label(text)
    return not label or any(label in words(kind) for kind in ("menu", "pager", "next", "beside"))


def is_frame_line(line: str) -> bool:
    """Tell whether a line of text is a known menu item, a call for contributions or a footer's line."""
    if is_frame_label(line):
        return True
    low = line.lower()
    return len(line) < 120 and any(word in low for kind in ("call", "foot") for word in words(kind))


def zone_of(tag: str, class_name: str | None, identifier: str | None, style: str | None) -> Zone:
    """Tell whether an element is a box of the site's frame or of a list beside, by its tag and names."""
    if tag in FRAME_TAGS or (style and _HIDDEN.search(style[:200])):
        return "frame"
    if tag in SIDE_TAGS:
        return "side"
    if not class_name and not identifier:
        return ""
    return _zone_of_names(f"{class_name or ''} {identifier or ''}"[:200])


@lru_cache(maxsize=4096)
def _zone_of_names(names: str) -> Zone:
    zone: Zone = ""
    for name in names.split():
        parts = set(_PARTS.split(_CAMEL.sub(" ", name).lower()))
        if name.lower().rstrip("0123456789_-") in words("frame-name"):
            return "frame"
        if parts & words("frame-part") and not parts & words("content-part"):
            return "frame"
        if parts & words("side-part"):
            zone = "side"
    return zone
