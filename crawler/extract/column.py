"""The column an article stands in, as its breadcrumb names it."""

from __future__ import annotations

import re

from crawler.extract.outline import Outline

_HERE = re.compile(r"(?:当前|所在|现在的?|您所处的?|您的)\s{0,2}位置")
_NOT_COLUMN = re.compile(r"(?:网站|本站|返回)?(?:首\s?页|主页|正文|内容|详情|文章详情|新闻详情|Home|详细内容)$", re.I)
_TRAIL = re.compile(r"[>＞»›→/\\|：:]+")


def read_column(page: Outline, title: str) -> str | None:
    """The last crumb that is neither the start nor the article itself; None without a breadcrumb."""
    for at, (_owner, text) in enumerate(page.texts[:400]):
        if "位置" not in text or len(text) > 80 or _HERE.search(text) is None:
            continue
        owner = _owner
        crumbs: list[str] = []
        pieces = [text[text.find("位置") + 2 :]] if "位置" in text else []
        for following, piece in page.texts[at + 1 : at + 14]:
            if len(piece) > 30 or (following >= page.end[page.parent[owner]] and following >= page.end[owner]):
                break
            pieces.append(piece)
        for piece in pieces:
            crumbs.extend(crumb.strip() for crumb in _TRAIL.split(piece))
        named = [
            crumb
            for crumb in crumbs
            if crumb and len(crumb) >= 2 and not _NOT_COLUMN.match(crumb) and crumb not in title
        ]
        return named[-1] if named else None
    return None
