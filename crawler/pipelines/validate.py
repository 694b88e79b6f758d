"""Turns what cannot be an article into a rejection, so that nothing doubtful is archived and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from crawler.items import Article, Listing, Rejection

MAX_TITLE = 500
MAX_BODY = 5_000_000

# Each row: what is wrong, and the reason given. A post of pictures or attachments may be without text.
RULES: tuple[tuple[Callable[[Article], bool], str], ...] = (
    (lambda article: not article.title.strip(), "it has no title"),
    (lambda article: article.content == "text" and not article.body.strip(), "it has no body"),
    (lambda article: len(article.title) > MAX_TITLE, f"its title is longer than {MAX_TITLE} characters"),
    (lambda article: len(article.body) > MAX_BODY, f"its body is longer than {MAX_BODY} characters"),
    (lambda article: _in_the_future(article), "its date lies in the future"),
)


class ValidatePipeline:
    """The second step: nothing without title and body, nothing from the future."""

    def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """The item, or the rejection it becomes."""
        return validate(item) if isinstance(item, Article) else item


def validate(article: Article) -> Article | Rejection:
    """The article itself, or a rejection that says what is wrong with it."""
    for is_wrong, reason in RULES:
        if is_wrong(article):
            record = {"title": article.title[:MAX_TITLE], "body": article.body[:1000]}
            return Rejection(article.url or article.listing_url, "validate", reason, record=record, visit=article.visit)
    return article


def _in_the_future(article: Article) -> bool:
    """Two days of grace: a site's clock and day may run ahead of ours."""
    capture = article.visit.capture if article.visit else None
    if article.published_on is None or capture is None:
        return False
    return article.published_on > (capture.fetched_at + timedelta(days=2)).date()
