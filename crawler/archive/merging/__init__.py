"""Bringing another archive in: each kind of row is met by what names it in every archive, so twice is once.

`interleave` orders the states of an article that two archives saw; `Merge` is what one merge knows; the other modules
each bring one kind of row: crawls, tombstones, captures with their files, articles with their states, what listings
showed, what was rejected.
"""

from crawler.archive.merging.articles import merge_articles
from crawler.archive.merging.captures import merge_captures
from crawler.archive.merging.crawls import merge_backups, merge_crawls, merge_sources
from crawler.archive.merging.listings import merge_entries, merge_rejections
from crawler.archive.merging.merge import Merge, MergeFailure
from crawler.archive.merging.tombstones import article_marks, kept_out_articles, load_kept_out, merge_tombstones

__all__ = [
    "Merge",
    "MergeFailure",
    "article_marks",
    "kept_out_articles",
    "load_kept_out",
    "merge_articles",
    "merge_backups",
    "merge_captures",
    "merge_crawls",
    "merge_entries",
    "merge_rejections",
    "merge_sources",
    "merge_tombstones",
]
