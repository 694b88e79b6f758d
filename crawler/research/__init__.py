"""The researcher's side: reading the archive, never writing it. Start with `Archive("archive.db")`."""

from crawler.research.archive import Archive, ArticleRecord, CrawlRecord, NoSuchArticle, RevisionRecord, SourceRecord

__all__ = ["Archive", "ArticleRecord", "CrawlRecord", "NoSuchArticle", "RevisionRecord", "SourceRecord"]
