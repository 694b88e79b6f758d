"""Whether a page that could be read as an article and as a listing is the one or the other: evidence is weighed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from crawler.extract.meta import Meta
from crawler.extract.reading import Reading
from crawler.items import Article, Entry, Listing

_ARTICLE_URL = re.compile(
    r"/t\d{8}_\d+|/art_\d+_\d+|/content[_/]\w{0,20}\d|/info/\d+/\d+\.|/post_\d+|/\d{4}-?\d\d[-/]?\d\d/|/\d{6}/[0-9a-f-]{8,36}\.|"
    r"/doc-|/n\d/\d{4}/|/article/|/c\d+a\d+/|/contents/\d+/\d+|show-?\d|/\d{5,}\.s?html?$|/a/\d|/p/\d|/wiki/|/item/|[?&](?:id|newsid|aid|articleid)=\d",
    re.I,
)
_LISTING_URL = re.compile(
    r"/(?:index|list|xlist|col\w{0,12}|channels?)(?:[_-]\d+)?(?:\.\w{2,5})?/?$|/list\w{0,10}\.|/page/\d+/?$", re.I
)


@dataclass(slots=True, frozen=True)
class Case:
    """A page with both readings, and the share of the entries' titles that the article's text repeats."""

    url: str
    meta: Meta
    article: Article
    listing: Listing
    repeated: float
    dated: float


# What must be read for a rule: the page as an article only, also whatever list stands on it, or rows in its text.
_Needs = Literal["page", "list", "rows"]


@dataclass(slots=True, frozen=True)
class _Rule:
    name: str
    weight: float
    holds: Callable[[Case], bool]
    needs: _Needs = "page"


def _rule(article: Article, field: str) -> str:
    evidence = article.provenance.get(field)
    return evidence.rule if evidence else ""


_FOR_ARTICLE: tuple[_Rule, ...] = (
    _Rule("meta:ArticleTitle", 4.0, lambda case: case.meta.first("ArticleTitle") is not None),
    _Rule("meta:date", 2.0, lambda case: _rule(case.article, "published").startswith("meta:")),
    _Rule("meta:og:type", 2.0, lambda case: (case.meta.first("og:type") or ("", ""))[1] in ("article", "news")),
    _Rule("container", 2.0, lambda case: _rule(case.article, "body").startswith("container:")),
    _Rule("container-of-one-cms", 2.0, lambda case: case.article.provenance["body"].confidence >= 0.95),
    _Rule("shown-title", 1.0, lambda case: _rule(case.article, "title") == "shown"),
    _Rule("date-under-title", 1.5, lambda case: _rule(case.article, "published").startswith("shown")),
    _Rule("url-of-article", 2.0, lambda case: _ARTICLE_URL.search(case.url) is not None),
    _Rule("text", 1.0, lambda case: len(case.article.body) >= 200),
    _Rule("long-text", 2.0, lambda case: len(case.article.body) >= 600),
)
_FOR_LISTING: tuple[_Rule, ...] = (
    _Rule("entries", 1.0, lambda case: len(case.listing.entries) >= 5, "list"),
    _Rule("dated-entries", 2.0, lambda case: case.dated >= 0.6 and len(case.listing.entries) >= 3, "list"),
    _Rule("pager", 2.0, lambda case: case.listing.next_page is not None, "list"),
    _Rule(
        "text-is-entries",
        6.0,
        lambda case: case.repeated >= 0.5 and (len(case.listing.entries) >= 3 or _covered(case)),
        "rows",
    ),
    _Rule("url-of-listing", 2.0, lambda case: _LISTING_URL.search(_path(case.url)) is not None),
    _Rule(
        "meta:column",
        4.0,
        lambda case: (
            case.meta.first("ColumnType", "ColumnDescription") is not None and not case.meta.first("ArticleTitle")
        ),
    ),
    _Rule(
        "entries-with-text",
        5.0,
        lambda case: sum(bool(entry.body) for entry in case.listing.entries) * 2 >= len(case.listing.entries) >= 4,
        "rows",
    ),
    _Rule("no-text", 2.0, lambda case: len(case.article.body) < 80),
)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _repeats(body: str, entry: Entry) -> bool:
    said = (entry.summary or "")[:16]
    return (len(entry.title) > 3 and entry.title in body) or (len(said) > 8 and said in body)


def _covered(case: Case) -> bool:
    """Whether two entries are the page's text: a link inside an article can have a paragraph of it for its row."""
    said = sum(len(entry.title) + len(entry.summary or entry.body or "") for entry in case.listing.entries)
    return len(case.listing.entries) == 2 and said * 2 >= len(case.article.body)


# Evidence that no listing seen so far comes near (6.5 on the real and the fixture pages), whatever is listed.
_CERTAIN = 7.5
# So many rows in the text make a list.
_ROWS = 2
_LONE_DATE = re.compile(
    r"\W{0,6}(?:(?:发布|发表|更新|添加)?(?:时间|日期|于)\W{0,3})?"
    r"(?:(?:(?:19|20)?\d\d\s{0,2}[-/.年]\s{0,2})?\d{1,2}\s{0,2}[-/.月]\s{0,2}\d{1,2}|\d{1,3}\s?(?:秒|分钟|小时|天)前|昨天|前天|今天|刚刚)"
)
_LONGEST_DATE = 60


def certain(url: str, meta: Meta, article: Article, parts: Reading) -> str | None:
    """The weightiest reason where a page is an article whatever list it holds besides; else None.

    It is spared the reading as a listing, which costs twice as much as the article.
    """
    case = Case(url, meta, article, Listing(url), 0.0, 0.0)
    held = [rule for rule in _FOR_ARTICLE if rule.holds(case)]
    weight = sum(rule.weight for rule in held)
    against = sum(rule.weight for rule in _FOR_LISTING if rule.needs == "list" or rule.holds(case))
    if weight >= _CERTAIN and not _LISTING_URL.search(_path(url)):
        return max(held, key=lambda rule: rule.weight).name
    if weight >= against and not _may_be_rows(parts):
        return max(held, key=lambda rule: rule.weight).name
    return None


def _may_be_rows(parts: Reading) -> bool:
    """Whether rows could be made of a page's text: several lines are links, or several dates stand alone."""
    if sum(line.linked for line in parts.lines) >= _ROWS:
        return True
    page = parts.page
    dates = sum(
        len(text) <= _LONGEST_DATE
        and not page.linked[owner]
        and not (at and page.linked[page.texts[at - 1][0]])
        and _LONE_DATE.match(text) is not None
        for at, (owner, text) in enumerate(page.texts)
    )
    return dates >= _ROWS


def choose(url: str, meta: Meta, article: Article, listing: Listing) -> tuple[bool, str]:
    """Whether the page is the article (else the listing), and the weightiest reason."""
    count = max(len(listing.entries), 1)
    repeated = sum(_repeats(article.body, entry) for entry in listing.entries) / count
    dated = sum(entry.published_on is not None for entry in listing.entries) / count
    case = Case(url, meta, article, listing, repeated, dated)
    for_article = [rule for rule in _FOR_ARTICLE if rule.holds(case)]
    for_listing = [rule for rule in _FOR_LISTING if rule.holds(case)]
    is_article = sum(rule.weight for rule in for_article) >= sum(rule.weight for rule in for_listing)
    won = for_article if is_article else for_listing
    return is_article, max(won, key=lambda rule: rule.weight).name if won else "text"
