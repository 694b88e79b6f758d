"""The title of an article without the names of its site and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.extract.body import squeeze
from crawler.extract.meta import Meta
from crawler.extract.outline import Outline
from crawler.items import Evidence

_LONGEST = 200
_SHORTEST_LONE = 6
_HEADINGS = frozenset({"h1", "h2", "h3"})
_BOLD = frozenset({"b", "strong", "big"})
_LARGE = frozenset("4567")
_BOLD_WITHIN = 3
# A paragraph is longer than that; so many texts, the pieces of a byline, may stand between it and the title.
_LEAST_PROSE = 60
_MOST_BETWEEN = 14
_TITLED = re.compile(
    r"(?:^|[\s_-])(?:\w{0,12}title|bt|biaoti|arc_?tit|tit|headline|\w{0,12}_tit|tt|h1)(?=$|[\s_\d-])", re.I
)
# What separates title, column and site; a hyphen only counts with spaces or before something that names a site.
_SEPARATOR = re.compile(r"\s{0,3}[_|｜]{1,3}\s{0,3}|\s{1,9}[-–—]{1,3}\s{1,9}|\s{0,2}(?:>>|<<|»|«|::)\s{0,2}")
_SITE = (
    r"(?:网|网站|政府|门户|委员会|局|厅|平台|新闻|频道|中心|日报|晚报|在线|博客|论坛|公司|资讯|社区|百科|管委会|开发区|高新区|协会|"
    r"搜狐|新浪|网易|腾讯|凤凰|财经|\.com|\.cn|\.net|blog|news)"
)
_SITE_END = re.compile(rf"{_SITE}$", re.I)
_SITE_PIECE = re.compile(rf"\s?[-–—－]\s?[^-–—－_|]{{1,30}}{_SITE}\s?$", re.I)
_NO_TITLE = re.compile(
    r"(?:首页|正文|详情|详细|内容|文章|新闻|信息|显示|标题|无标题文档|untitled|document|null|\d{1,3})?"
    r"(?:页|页面|内容|详情|正文|标题)?",
    re.I,
)
_FOLD = re.compile(r"[\W_]+")


@dataclass(slots=True, frozen=True)
class Title:
    """A title, where it came from, and the number of the element that shows it (None where none does)."""

    text: str
    evidence: Evidence
    element: int | None = None


@dataclass(slots=True, frozen=True)
class _Shown:
    at: int
    text: str
    folded: str
    heading: bool


def find_title(page: Outline, meta: Meta, container: int | None) -> Title | None:
    """The title of an article; None where a page has none.

    The standard tag says it; else the visible heading that the page's own title contains; else that title's first
    piece; else the heading nearest above the text.
    """
    shown = list(_candidates(page, container))
    declared = meta.first("ArticleTitle")
    if declared and len(declared[1]) <= _LONGEST:
        text = _without_site(declared[1], meta)
        return Title(text, Evidence("meta:ArticleTitle", 0.98), _where(shown, text))
    social = meta.first("og:title")
    confirmed = _confirmed(page, shown, fold(meta.page_title or (social[1] if social else "")))
    if confirmed is not None:
        return confirmed
    for name, trust in (("og:title", 0.85), ("title", 0.7)):
        found = meta.first(name)
        if found:
            text = _without_site(found[1], meta)
            if not _NO_TITLE.fullmatch(text):
                return Title(text, Evidence(f"meta:{name}", trust), _where(shown, text))
    return _unconfirmed(page, container, shown, _without_site(meta.page_title, meta))


def fold(text: str) -> str:
    """A title's letters and digits alone, in lower case."""
    return _FOLD.sub("", text).lower()


def _candidates(page: Outline, container: int | None) -> Iterator[_Shown]:
    """What may show the title, up to the end of the text: headings and elements that are named so."""
    last = page.end[container] if container is not None else len(page.elements)
    headings = {at for at, tag in enumerate(page.tags[:last]) if tag in _HEADINGS}
    named = (at for at, identity, classes in page.names if at < last and _is_titled(classes, identity))
    for at in sorted(headings.union(named)):
        size = page.chars[at]
        if not 2 <= size <= _LONGEST or page.unread[at] or page.zone[at]:
            continue
        heading = at in headings
        if not heading and page.links[at] * 2 > size:
            continue
        text = squeeze("".join(page.elements[at].itertext("*")))
        folded = fold(text)
        if len(folded) >= 2:
            yield _Shown(at, text, folded, heading)


@lru_cache(maxsize=8192)
def _is_titled(classes: str, identity: str) -> bool:
    return _TITLED.search(f"{classes} {identity}") is not None


def _where(shown: list[_Shown], text: str) -> int | None:
    folded = fold(text)
    return next((one.at for one in shown if one.folded and (one.folded in folded or folded in one.folded)), None)


def _confirmed(page: Outline, shown: list[_Shown], whole: str) -> Title | None:
    """The longest visible text that the page's title holds; a heading counts for more."""
    best: tuple[float, int, str] | None = None
    for one in shown:
        if one.folded in whole:
            starts = whole.startswith(one.folded)
            weight = len(one.folded) + 4.0 * one.heading + 2.0 * starts
            if starts and page.tags[one.at] == "h1":
                weight += 20.0
            if best is None or weight > best[0]:
                best = weight, one.at, one.text
    for at, text in _plain(page, whole):
        weight = len(fold(text)) + 2.0
        if best is None or weight > best[0]:
            best = weight, at, text
    if best is None or (best[0] < 10 and len(fold(best[2])) * 2 < len(whole)):
        return None
    return Title(best[2], Evidence("shown", 0.9), best[1])


def _plain(page: Outline, whole: str) -> Iterator[tuple[int, str]]:
    """Pieces of text that the page's title begins with: old pages name nothing."""
    start = whole[:2]
    if not start:
        return
    for at, text in page.texts:
        if 6 <= len(text) <= _LONGEST and start[0] in text[:6].lower():
            folded = fold(text)
            if len(folded) >= _SHORTEST_LONE and whole.startswith(folded):
                yield at, squeeze(text)


def _unconfirmed(page: Outline, container: int | None, shown: list[_Shown], page_title: str) -> Title | None:
    """Without a visible heading that the page's title confirms: a lone heading, or that title as it is.

    Where the page's title says no more than the site's name, bold text above the article is a heading too.
    """
    lone = [one for one in shown if len(one.folded) >= _SHORTEST_LONE]
    headings = [one for one in lone if one.heading]
    said = page_title if page_title and not _NO_TITLE.fullmatch(page_title) else ""
    if said and len(fold(said)) >= _SHORTEST_LONE and not _SITE_END.search(said) and not headings:
        return Title(said, Evidence("title", 0.7))
    if headings or lone:
        one = _above_subtitle(page, headings) if headings else lone[-1]
        return Title(one.text, Evidence("heading", 0.6), one.at)
    bold = _emphasised(page, container)
    if bold is not None:
        return Title(squeeze(page.texts[bold][1]), Evidence("emphasised", 0.5), page.texts[bold][0])
    return Title(said, Evidence("title", 0.4)) if said else None


def _above_subtitle(page: Outline, headings: list[_Shown]) -> _Shown:
    """The last heading, or the greater one right above it: newspapers print subtitles as lesser headings."""
    one = headings[-1]
    for before in reversed(headings[:-1]):
        if page.parent[before.at] != page.parent[one.at] or page.tags[before.at] >= page.tags[one.at]:
            break
        one = before
    return one


def _emphasised(page: Outline, container: int | None) -> int | None:
    """The bold text nearest above the first paragraph, as old table layouts show titles; its place among the texts."""
    if container is None:
        return None
    inside = (at for at, (owner, text) in enumerate(page.texts) if owner >= container and len(text) > _LEAST_PROSE)
    first = next(inside, 0)
    for at in range(first - 1, max(first - _MOST_BETWEEN, -1), -1):
        owner, text = page.texts[at]
        if _SHORTEST_LONE <= len(text) <= _LONGEST and not page.links[owner] and _is_bold(page, owner):
            return at
    return None


def _is_bold(page: Outline, at: int) -> bool:
    for _ in range(_BOLD_WITHIN):
        if at < 0:
            return False
        element = page.elements[at]
        if element.tag in _BOLD or (element.tag == "font" and (element.get("size") or "")[-1:] in _LARGE):
            return True
        at = page.parent[at]
    return False


def _without_site(text: str, meta: Meta) -> str:
    """The piece of `标题_频道_网站` that is the title."""
    text = squeeze(text)
    named = (meta.first("SiteName"), meta.first("og:site_name"), meta.first("ColumnName"))
    sites = {fold(found[1]) for found in named if found}
    pieces = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
    pieces = [piece for piece in pieces if fold(piece) not in sites] or pieces
    if not pieces:
        return text
    first = pieces[0]
    if len(pieces) > 1 and _SITE_END.search(first) and not _SITE_END.search(pieces[1]) and len(pieces[1]) > len(first):
        first = pieces[1]
    trimmed = _SITE_PIECE.sub("", first).strip()
    if len(fold(trimmed)) >= 4:
        first = trimmed
    for site in sites:
        if site and fold(first).endswith(site) and len(fold(first)) > len(site) + 3:
            cut = re.sub(r"[\s\-–—－_|]{1,3}[^\s\-–—－_|]{1,30}$", "", first)
            if len(fold(cut)) >= 4:
                first = cut
    return first
