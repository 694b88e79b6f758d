"""An article completed: with the pages it continues on, and with what only its listing entry knew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from crawler.extract.urls import canonical_url
from crawler.items import Article, Evidence

LATER_PART = "a later part is missing"


def with_entry(article: Article, listing_url: str | None, title: str, published_on: date | None) -> Article:
    """The article with what only its listing entry knew."""
    provenance = dict(article.provenance)
    if not article.title:
        provenance["title"] = Evidence("listing-entry", 0.8)
    if article.published_on is None and published_on is not None:
        provenance["published_on"] = Evidence("listing-entry", 0.8)
    return replace(
        article,
        title=article.title or title,
        published_on=article.published_on or published_on,
        listing_url=listing_url,
        provenance=provenance,
    )


def incomplete(article: Article, reason: str) -> Article:
    """The article with the note that a page it continues on could not be had."""
    before = article.provenance.get("body")
    evidence = Evidence(before.rule if before else "body", 0.5, f"{LATER_PART}: {reason}")
    return replace(article, provenance={**article.provenance, "body": evidence})


def joined(article: Article, part: Article) -> Article:
    """A long article with its next page."""
    return replace(
        article,
        body=f"{article.body}\n{part.body}".strip("\n"),
        images=tuple(dict.fromkeys((*article.images, *part.images))),
        attachments=tuple(dict.fromkeys((*article.attachments, *part.attachments))),
    )


def is_home_instead(asked_url: str, answered_url: str) -> bool:
    """Whether a page answered from the home page of its site instead of its own address."""
    asked, answered = urlsplit(canonical_url(asked_url)), urlsplit(canonical_url(answered_url))
    return answered.path in ("", "/") and not answered.query and asked.path not in ("", "/")
