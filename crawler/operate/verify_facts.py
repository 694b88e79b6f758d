"""The check of the facts: each span is the text it says, and all were read by the present rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, func, select

from crawler.archive import reading
from crawler.archive.fact_rows import FACT_TABLES
from crawler.archive.models import Article, table
from crawler.facts import FACTS_VERSION
from crawler.operate.problems import Problem, Reading


def facts(seen: Reading) -> Iterator[Problem]:
    """Each fact's span slices to its surface; facts of other rules, or none yet, are a note."""
    articles = table(Article).c
    with reading(seen.engine) as connection:
        for name, statement in misplaced():
            for _, uid, number in connection.execute(statement):
                wrong = f"{number} of its {name} do not stand where they say"
                yield Problem("facts", uid, wrong, rebuildable=True)
        others = select(func.count()).where(articles.facts_version.is_distinct_from(FACTS_VERSION))
        number = connection.execute(others).scalar_one()
    if number:
        seen.notes.append(
            f"the facts of {number} articles were not read by the present rules: `zhaoshang reindex --facts`"
        )


def misplaced() -> Iterator[tuple[str, Select[Any]]]:
    """For each kind of fact, the articles (id, uid, how many) with facts whose span is another text than theirs."""
    articles = table(Article).c
    for name, model, _ in FACT_TABLES:
        rows = table(model)
        of_title = (
            case((rows.c.field == "title", articles.title), else_=articles.body) if "field" in rows.c else articles.body
        )
        is_there = func.substr(of_title, rows.c.start + 1, rows.c.end - rows.c.start) == rows.c.surface
        joined = rows.join(table(Article), articles.id == rows.c.article_id)
        wrong = select(articles.id, articles.uid, func.count()).select_from(joined).where(~is_there)
        yield name, wrong.group_by(articles.id, articles.uid).order_by(articles.id)
