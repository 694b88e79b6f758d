"""The same stories come of the same articles, whatever order they came in, and when they are told anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from crawler.archive import bands
from crawler.archive.engine import open_archive, writing
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Base, table
from crawler.archive.stories import forget
from crawler.items import Article
from crawler.operate.reindex_clusters import Step, rebuild
from tests.archive.harness import START, column, crawl, page, rows
from tests.dedupe.texts import edited, shuffled, story, with_other_figures

FEW_SENTENCES = 5
CHANGES: dict[str, Callable[[str, int], str]] = {
    "copied": lambda text, seed: text,
    "retouched": lambda text, seed: edited(text, 0.03, seed),
    "edited": lambda text, seed: edited(text, 0.2, seed),
    "shuffled": shuffled,
    "other figures": with_other_figures,
    "first half": lambda text, seed: text[: len(text) // 2],
}


@st.composite
def families(draw: st.DrawFn) -> list[Article]:
    """Articles that came of one another: copies, edits, chains of edits, other figures, halves."""
    bodies = [story(draw(st.integers(0, 1)), FEW_SENTENCES)]
    for seed in range(draw(st.integers(2, 9))):
        change = CHANGES[draw(st.sampled_from(sorted(CHANGES)))]
        bodies.append(change(bodies[draw(st.integers(0, len(bodies) - 1))], seed))
    days = [date(2026, 2, 1) + timedelta(days=draw(st.integers(0, 3))) for _ in bodies]
    return [page(f"{n}.html", f"第{n}篇", body, day) for n, (body, day) in enumerate(zip(bodies, days, strict=True))]


@pytest.fixture(scope="module", autouse=True)
def short_rounds() -> Iterator[None]:
    """Few articles make a round, so that bands are filed as in a large archive."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "ROUND", 4)
        yield


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory, empty_archive: Path) -> Path:
    return Path(shutil.copy(empty_archive, tmp_path_factory.mktemp("order") / "archive.db"))


def told(engine: Engine) -> list[tuple[str, tuple[str, ...]]]:
    """The stories by uid: the lead, and all members."""
    join = "SELECT c.id, a.uid FROM cluster c JOIN article a ON a.id = c.lead_article_id"
    members = "SELECT uid FROM article WHERE cluster_id = :id ORDER BY uid"
    return sorted((row["uid"], tuple(column(engine, members, id=row["id"]))) for row in rows(engine, join))


def related(engine: Engine) -> set[tuple[str, ...]]:
    """The relations between texts, by what the texts are: of copies any may stand for the others."""
    asked = (
        "SELECT a.body_digest AS one, b.body_digest AS other, kind FROM relation JOIN article a ON a.id = article_id"
        " JOIN article b ON b.id = other_id WHERE a.body_digest <> b.body_digest"
    )
    pairs = ((row["one"], row["other"], row["kind"]) for row in rows(engine, asked))
    return {(*sorted(pair[:2]), pair[2]) if pair[2] == "near" else pair for pair in pairs}


def emptied(path: Path) -> Engine:
    """The archive of these tests with nothing in it: making one for each example would take longer than the test."""
    engine = open_archive(str(path), write=True)
    with writing(engine) as connection:
        for each in reversed(Base.metadata.sorted_tables):
            connection.execute(each.delete())
    return engine


def held(engine: Engine) -> tuple[list[tuple[str, tuple[str, ...]]], set[tuple[str, ...]]]:
    return told(engine), related(engine)


@settings(max_examples=30, deadline=None)
@given(articles=families(), chance=st.randoms(use_true_random=False), passer=st.integers(0, 9))
def test_stories_do_not_depend_on_order_nor_on_what_came_and_went(
    scratch: Path, articles: list[Article], chance: Random, passer: int
) -> None:
    engine = emptied(scratch)
    crawl(engine, *articles)
    at_once = held(engine)
    engine.dispose()

    engine = emptied(scratch)
    came_and_went = page("passing.html", "路过", articles[passer % len(articles)].body, date(2026, 1, 1))
    later = [*articles, came_and_went]
    chance.shuffle(later)
    for article in later:
        crawl(engine, article)
    passing = column(engine, "SELECT id FROM article WHERE title = '路过'")
    with writing(engine) as connection:
        forget(connection, passing, START)
        connection.execute(table(ArticleRow).delete().where(table(ArticleRow).c.id == passing[0]))
    assert held(engine) == at_once

    rebuild(engine)
    assert held(engine) == at_once
    engine.dispose()


def test_telling_anew_writes_only_what_differs(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", story(1)), page("b.html", "乙", story(1)), page("c.html", "丙", story(2)))
    before = column(engine, "SELECT count(*) FROM change")
    assert rebuild(engine) == 1
    assert column(engine, "SELECT count(*) FROM change") == before
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM relation"))
        connection.execute(text("UPDATE article SET cluster_id = NULL"))
        connection.execute(text("DELETE FROM cluster"))
    assert rebuild(engine) == 1
    assert column(engine, "SELECT kind FROM change ORDER BY seq DESC LIMIT 2") == ["cluster", "cluster"]
    assert column(engine, "SELECT kind FROM relation") == ["near"]


def test_stories_that_are_no_more_are_taken_back(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", story(1)), page("b.html", "乙", story(1)))
    with writing(engine) as connection:
        connection.execute(text("UPDATE article SET body = :body WHERE title = '甲'"), {"body": story(2)})
    assert rebuild(engine) == 0
    assert column(engine, "SELECT cluster_id FROM article") == [None, None]


def test_progress_is_told_and_an_empty_archive_is_no_error(engine: Engine) -> None:
    assert rebuild(engine) == 0
    crawl(engine, page("a.html", "甲", story(1)))
    steps: list[Step] = []
    assert rebuild(engine, on_progress=steps.append) == 0
    assert [(step.step, step.done, step.total) for step in steps] == [
        ("comparing articles", 1, 1),
        ("telling stories", 1, 1),
    ]
