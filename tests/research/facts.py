"""Facts and stories put into an archive by hand: what tests of reading them start from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert

from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleOrganization,
    ArticleRegion,
    Base,
    Cluster,
    Project,
    table,
)
from tests.archive.harness import rows

SPAN = {"start": 0, "end": 1, "surface": "x"}
AMOUNT = {"value": 1.0, "currency": "CNY", "low": None, "high": None, "qualifier": "exact", "kind": "investment"}


FACTS = (ArticleRegion, ArticleAmount, ArticleOrganization, ArticleIndustry, ArticleEvent, Project)


def forget_facts(engine: Engine) -> None:
    """Drop what the crawl itself read: the facts of these tests are put in by hand."""
    with engine.begin() as connection:
        for model in FACTS:
            connection.execute(table(model).delete())


def add(engine: Engine, model: type[Base], title: str, **values: Any) -> None:
    """A fact of the article with a title."""
    found = rows(engine, "SELECT id FROM article WHERE title = :title", title=title)[0]["id"]
    given = {"field": "body", **SPAN, **values}
    if model is Project:
        del given["field"]
    with engine.begin() as connection:
        connection.execute(insert(table(model)).values(article_id=found, **given))


def add_all(engine: Engine, title: str) -> None:
    """Some facts of every kind."""
    add(engine, ArticleRegion, title, code="320100", code_now="320100", name="南京市", role="mention")
    add(engine, ArticleRegion, title, code="320202", code_now="320213", name="崇安区", role="subject")
    add(engine, ArticleRegion, title, code=None, code_now=None, name="长三角", role="mention")
    add(engine, ArticleAmount, title, value_cny=2e9, provenance=None, **AMOUNT)
    add(engine, ArticleAmount, title, value_cny=None, provenance=None, **AMOUNT)
    add(engine, ArticleOrganization, title, name="百兴公司", normalized_name="百兴消毒制品有限公司", role="investor")
    add(engine, ArticleOrganization, title, name="百兴消毒制品", normalized_name="百兴消毒制品有限公司", role=None)
    add(engine, ArticleIndustry, title, code="27", name="医药制造业", score=0.4)
    add(engine, ArticleIndustry, title, code="39", name="计算机、通信和其他电子设备制造业", score=0.9)
    add(engine, ArticleEvent, title, type="signing", count=20)
    tied = {"organization": "百兴消毒制品有限公司", "value_cny": 2e9, "region_code": "320213", "event": "signing"}
    add(engine, Project, title, **{**tied, "surface": "百兴公司签约，联系人13812345678。"})


def cluster(engine: Engine, lead: str, *others: str) -> None:
    """One story of articles by their titles."""
    ids = {row["title"]: row["id"] for row in rows(engine, "SELECT id, title FROM article")}
    articles, stories = table(Article), table(Cluster)
    with engine.begin() as connection:
        made = connection.execute(insert(stories).values(lead_article_id=ids[lead], size=1 + len(others)))
        assert made.inserted_primary_key is not None
        members = [ids[title] for title in (lead, *others)]
        values = {"cluster_id": made.inserted_primary_key[0]}
        connection.execute(articles.update().where(articles.c.id.in_(members)).values(values))
