"""The column an article stands in, as its breadcrumb names it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.outline import Outline

_HERE = re.compile(r"(?:当前|所在|现在的?|您所处的?|您的)\s{0,2}位置")
_NOT_COLUMN = re.compile(r"(?:网站|本站|返回)?(?:首\s?页|主页|正文|内容|详情|文章详情|新闻详情|Home|详细内容)$", re.I)
_CRUMBS = frozenset({"a", "b", "em", "font", "i", "li", "span", "strong", "td"})
_TRAIL = re.compile(r"[>＞»›→/\\|：:]+")


def read_column(page: Outline, title: str) -> str | None:
    """The last crumb that is neither the start nor the article itself; None without a breadcrumb."""
    for at, (owner, text) in enumerate(page.texts[:400]):
        if "位置" not in text or len(text) > 80 or _HERE.search(text) is None:
            continue
        pieces = [text[text.find("位置") + 2 :], *_following(page, at, owner)]
        crumbs = [crumb.strip() for piece in pieces for crumb in _TRAIL.split(piece)]
        named = [
            crumb
            for crumb in crumbs
            if crumb and len(crumb) >= 2 and not _NOT_COLUMN.match(crumb) and crumb not in title
        ]
        return named[-1] if named else None
    return None


def _following(page: Outline, at: int, owner: int) -> Iterator[str]:
    """The texts of a breadcrumb after the one that begins it.

    It is the element that the first stands in; where that holds no other text, what stands beside it as crumbs do.
    """
    following = page.texts[at + 1 : at + 14]
    alone = not following or not owner <= following[0][0] < page.end[owner]
    around = page.parent[owner] if alone and page.parent[owner] >= 0 else owner
    for number, piece in following:
        inside = around <= number < page.end[around]
        if len(piece) > 30 or not inside or (alone and not _is_crumb(page, number, around)):
            return
        yield piece


def _is_crumb(page: Outline, number: int, around: int) -> bool:
    """Whether a text inside an element stands right in it or in an inline child of it."""
    while number != around and page.parent[number] != around:
        number = page.parent[number]
    return number == around or page.tags[number] in _CRUMBS
