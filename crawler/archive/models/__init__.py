"""The tables of the archive (SQLAlchemy 2). Columns may be added, never silently changed; migrations make the change.

Times are UTC, `published_on` is the local date (Asia/Shanghai), digests are `sha256:<hex>`.
"""

from crawler.archive.models.base import MOST_VALUES, Base, batched, table
from crawler.archive.models.core import (
    Article,
    Attachment,
    Capture,
    Change,
    Correction,
    Crawl,
    Entry,
    Frontier,
    Rejection,
    Revision,
    Source,
)
from crawler.archive.models.facts import (
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Project,
)
from crawler.archive.models.keeping import Backup, RevisionPart, StaleFile, Tombstone, TombstoneMark
from crawler.archive.models.stories import Band, Cluster, NewBand, Relation, Signature, Sketch

__all__ = [
    "MOST_VALUES",
    "Article",
    "ArticleAmount",
    "ArticleEvent",
    "ArticleIndustry",
    "ArticleOrganization",
    "ArticleRegion",
    "Attachment",
    "Backup",
    "Band",
    "Base",
    "Capture",
    "Change",
    "Cluster",
    "Correction",
    "Crawl",
    "Entry",
    "Frontier",
    "NewBand",
    "Project",
    "Rejection",
    "Relation",
    "Revision",
    "RevisionPart",
    "Signature",
    "Sketch",
    "Source",
    "StaleFile",
    "Tombstone",
    "TombstoneMark",
    "batched",
    "table",
]
