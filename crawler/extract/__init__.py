"""Bytes of a page to what it says: pure functions without configuration, network or clock."""

from crawler.extract.article import read_article
from crawler.extract.dates import Moment, date_from_url, parse_date
from crawler.extract.document import Document, open_document
from crawler.extract.page import read_page

__all__ = ["Document", "Moment", "date_from_url", "open_document", "parse_date", "read_article", "read_page"]
