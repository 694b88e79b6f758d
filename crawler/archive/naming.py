"""How an article with a URL is named: by its canonical URL, and where an archive named it before the rules changed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import batched, table
from crawler.archive.types import uid_of_url
from crawler.extract.urls import RULES, canonical_url, same_site
from crawler.items import Article

STATIC = (".html", ".htm", ".shtml")
"""Names of pages that a parameter seldom chooses."""


def uid_of(article: Article, rules: int = RULES) -> str | None:
    """The public name of an article with a URL; `rel=canonical` is believed only within the same site."""
    if article.url is None:
        return None
    named = article.canonical_url
    believed = named if named and _is_believed(named, article) else article.url
    return uid_of_url(canonical_url(believed, rules=rules))


def as_archived(connection: Connection, uids: Sequence[str], articles: Sequence[Article]) -> list[str]:
    """These uids, but that of an earlier version of the rules where the archive holds the article under it.

    A name that was cited stays, so an article that an older version archived goes on under its own.
    """
    former: dict[str, str] = {}
    for uid, article in zip(uids, articles, strict=True):
        for rules in range(1, RULES):
            if (before := uid_of(article, rules)) is not None and before != uid:
                former[uid] = before
    if not former:
        return list(uids)
    rows, known = table(ArticleRow).c, set[str]()
    for part in batched({*former, *former.values()}):
        known |= set(connection.execute(select(rows.uid).where(rows.uid.in_(part))).scalars())
    return [former[uid] if uid in former and uid not in known and former[uid] in known else uid for uid in uids]


def _is_believed(named: str, article: Article) -> bool:
    """Whether a page's `rel=canonical` names the article.

    Templates name the home page, the listing, a folder above the page, or the page without the parameters that choose
    the article; all the articles of such a site would be one.
    """
    if not same_site(named, article.url or ""):
        return False
    canonical, own = canonical_url(named), canonical_url(article.url or "")
    if article.listing_url and canonical == canonical_url(article.listing_url):
        return False
    there, here = urlsplit(canonical), urlsplit(own)
    if there.query:
        return True
    if there.path == here.path:
        return not here.query or here.path.lower().endswith(STATIC)
    return not (there.path.endswith("/") and here.path.startswith(there.path))
