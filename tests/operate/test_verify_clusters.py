"""Verifying stories: what is not as the relations say is named, and put right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from crawler.operate.problems import Reading
from crawler.operate.verify_clusters import clusters, repair_clusters
from tests.archive.harness import column, crawl, page, rows
from tests.dedupe.texts import edited, story

DAY = date(2026, 2, 27)
DAMAGES = {
    "size": "UPDATE cluster SET size = 7",
    "lead": "UPDATE cluster SET lead_article_id = (SELECT max(id) FROM article WHERE title <> '别的')",
    "member": "UPDATE article SET cluster_id = NULL WHERE title = '第1篇'",
    "stranger": "UPDATE article SET cluster_id = (SELECT max(id) FROM cluster) WHERE title = '别的'",
    "lost row": "DELETE FROM cluster",
    "not compared": "DELETE FROM signature",
}


def found(engine: Engine) -> list[str]:
    return [problem.where for problem in clusters(Reading(engine, None, lambda what, count: None))]  # type: ignore[arg-type]


def stories(engine: Engine) -> list[dict[str, object]]:
    join = "SELECT c.size, lead_article_id, a.title FROM article a JOIN cluster c ON c.id = a.cluster_id ORDER BY title"
    return rows(engine, join)


@pytest.fixture
def told(engine: Engine) -> Engine:
    bodies = [story(1), edited(story(1), 0.05), story(1), edited(story(1), 0.1)]
    crawl(engine, *(page(f"{n}.html", f"第{n}篇", body, DAY + timedelta(days=n)) for n, body in enumerate(bodies)))
    crawl(engine, page("x.html", "别的", story(2)))
    return engine


def test_what_is_as_told_is_no_problem(told: Engine) -> None:
    assert found(told) == []
    assert repair_clusters(told) == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named_and_put_right(told: Engine, damage: str) -> None:
    before = stories(told)
    with told.begin() as connection:
        connection.execute(text(DAMAGES[damage]))
    assert found(told)
    assert repair_clusters(told) > 0
    assert found(told) == []
    assert stories(told) == before
    assert column(told, "SELECT cluster_id FROM article WHERE title = '别的'") == [None]
