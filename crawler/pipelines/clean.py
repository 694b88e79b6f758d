"""Removes watermarks and boilerplate phrases from what was extracted."""

from __future__ import annotations

from dataclasses import replace

from crawler.extract.clean import clean_text
from crawler.items import Article, Evidence, Listing, Rejection


class CleanPipeline:
    """The first step: clean text."""

    def process_item(self, item: Article | Listing | Rejection) -> Article | Listing | Rejection:
        """Clean an article; anything else passes."""
        return clean_article(item) if isinstance(item, Article) else item


def clean_article(article: Article) -> Article:
    """The article without watermarks and boilerplate; what was removed is noted in its provenance."""
    body, title = clean_text(article.body), clean_text(article.title)
    if body.text == article.body and title.text == article.title:
        return article
    provenance = dict(article.provenance)
    if body.removed:
        before = provenance.get("body", Evidence("body"))
        removed = "removed: " + ", ".join(dict.fromkeys(body.removed))
        note = f"{before.note}; {removed}" if before.note else removed
        provenance["body"] = Evidence(before.rule, before.confidence, note)
    return replace(article, body=body.text, title=title.text, provenance=provenance)
