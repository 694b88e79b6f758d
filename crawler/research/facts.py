"""The facts of an article, as the archive holds them."""

from __future__ import annotations

from sqlalchemy import Engine

from crawler.archive.engine import reading
from crawler.archive.fact_rows import stored_facts
from crawler.fact_items import Facts


def facts_of(engine: Engine, article_id: int) -> Facts:
    """What was read out of an article's latest state: regions, amounts, organizations, industries, events, projects.

    Each fact has the span that says so: `article.<field>[start:end] == surface`. Nothing where none were read.
    """
    with reading(engine) as connection:
        return stored_facts(connection, [article_id])[article_id]
