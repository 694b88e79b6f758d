"""A crawl and its transactions: the frontier, whole pages only, batches by count and by time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from crawler.archive.engine import writing
from crawler.archive.errors import ArchiveError
from crawler.archive.frontier import Found
from crawler.archive.run import MAX_WARNINGS, Batch, Run
from crawler.archive.starting import start_run
from crawler.extract.urls import canonical_url
from crawler.items import Article, Rejection, Visit
from tests.archive.harness import OTHER, SITE, Clock, column, crawl, listing, of_page, page, rows, shown


def found(path: str, kind: str = "article") -> Found:
    url = SITE.homepage + path
    return Found(url, canonical_url(url), kind, 1, {"callback": "parse_article", "arguments": {"title": "甲"}})


@pytest.fixture
def run(engine: Engine) -> Run:
    return start_run(engine, SITE, now=Clock(), batch=Batch(pages=3, seconds=5))


def test_pages_are_given_out_once_in_the_order_they_were_found(run: Run) -> None:
    for path in ("c", "a", "b"):
        run.found(found(path))
    assert [row.url.rpartition("/")[2] for row in run.waiting()] == ["c", "a", "b"]
    assert run.waiting() == []


def test_page_comes_back_as_it_was_found(run: Run) -> None:
    run.found(found("a", "listing"))
    (row,) = run.waiting()
    assert (row.kind, row.depth, row.meta) == ("listing", 1, dict(found("a").meta))


def test_page_found_twice_waits_once(run: Run) -> None:
    run.found(found("a"))
    run.found(found("a?utm_source=x"))
    assert len(run.waiting()) == 1
    run.found(found("a"))
    assert run.waiting() == []


def test_pages_are_given_out_in_parts(run: Run) -> None:
    for number in range(5):
        run.found(found(str(number)))
    assert [len(run.waiting(2)) for _ in range(4)] == [2, 2, 1, 0]


def test_frontier_says_when_it_can_hold_nothing_more(run: Run) -> None:
    run.found(found("a"))
    assert run.may_have_waiting
    run.waiting()
    run.waiting()
    assert not run.may_have_waiting
    run.found(found("b"))
    assert run.may_have_waiting


def test_article_and_the_end_of_its_page_are_committed_together(engine: Engine, run: Run) -> None:
    run.found(found("a.html"))
    (row,) = run.waiting()
    run.record(*of_page([page("a.html")], row.id))
    assert column(engine, "SELECT state FROM frontier") == ["waiting"]
    run.flush()
    assert column(engine, "SELECT state FROM frontier") == ["done"]
    assert column(engine, "SELECT count(*) FROM article") == [1]


def test_page_without_its_last_item_is_not_written(engine: Engine, run: Run) -> None:
    run.found(found("zsdt/"))
    (row,) = run.waiting()
    first, last = of_page([page("a.html"), listing(shown("a.html"))], row.id)
    run.record(first)
    run.flush()
    assert column(engine, "SELECT count(*) FROM article") == [0]
    run.record(last)
    run.flush()
    assert column(engine, "SELECT count(*) FROM article") == [1]
    assert column(engine, "SELECT state FROM frontier") == ["done"]


def test_parts_of_two_pages_do_not_mix(engine: Engine, run: Run) -> None:
    for path in ("one", "two"):
        run.found(found(path))
    one, two = run.waiting()
    first, ending = of_page([page("a.html"), listing(shown("a.html"))], one.id)
    run.record(first)
    for item in of_page([page("b.html"), listing(shown("b.html"))], two.id):
        run.record(item)
    run.flush()
    assert column(engine, "SELECT url FROM article") == [f"{SITE.homepage}b.html"]
    run.record(ending)
    run.flush()
    assert column(engine, "SELECT count(*) FROM article") == [2]


def test_page_that_could_not_be_fetched_has_failed(engine: Engine, run: Run) -> None:
    run.found(found("a"))
    (row,) = run.waiting()
    run.record(Rejection(row.url, "fetch", "it did not answer", visit=Visit(page_id=row.id)))
    run.flush()
    assert column(engine, "SELECT state FROM frontier") == ["failed"]


def test_full_batch_is_committed(engine: Engine, run: Run) -> None:
    for number in range(4):
        run.record(page(f"{number}.html"))
    assert column(engine, "SELECT count(*) FROM article") == [3]


def test_batch_is_committed_when_its_first_page_has_waited(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    run.record(page("a.html"))
    at[0] += 4
    run.record(page("b.html"))
    run.flush_if_due()
    assert column(engine, "SELECT count(*) FROM article") == [0]
    at[0] += 1
    run.flush_if_due()
    assert column(engine, "SELECT count(*) FROM article") == [2]


def test_counts_are_written_with_each_batch(engine: Engine, run: Run) -> None:
    run.record(page("a.html"))
    run.flush()
    run.record(page("b.html"))
    run.flush()
    assert run.counts["new"] == 2
    assert '"new": 2' in str(column(engine, "SELECT stats FROM crawl")[0]).replace("'", '"')


def test_batch_that_cannot_be_written_is_kept_and_written_later(engine: Engine, run: Run) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE revision RENAME TO away")
    run.record(page("a.html"))
    with pytest.raises(ArchiveError):
        run.flush()
    assert (column(engine, "SELECT count(*) FROM article"), run.counts["new"]) == ([0], 0)
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO revision")
    run.flush()
    assert (column(engine, "SELECT count(*) FROM article"), run.counts["new"]) == ([1], 1)


def test_finished_crawl_tells_how_it_went(engine: Engine) -> None:
    clock = Clock()
    run = start_run(engine, SITE, now=clock)
    run.record(page())
    run.warn("look at this")
    clock.move(seconds=90)
    run.finish("finished", {"reason": "finished"})
    (row,) = rows(engine, "SELECT kind, status, finished_at, stats FROM crawl")
    stats = str(row["stats"]).replace("'", '"')
    assert (row["kind"], row["status"]) == ("crawl", "finished")
    assert row["finished_at"] is not None
    assert '"seconds": 90' in stats and "look at this" in stats and '"reason": "finished"' in stats


def test_warnings_are_bounded(engine: Engine) -> None:
    run = start_run(engine, SITE, now=Clock())
    for number in range(MAX_WARNINGS * 2):
        run.warn(f"warning {number}")
        run.record(Rejection(f"http://x.example/{number}", "extract", "empty", warning=True))
    run.finish("finished")
    assert len(run.warnings) == MAX_WARNINGS


def test_frontier_of_a_finished_crawl_is_gone_with_the_next(engine: Engine) -> None:
    first = start_run(engine, SITE, now=Clock())
    first.found(found("a"))
    first.finish("finished")
    start_run(engine, SITE, now=Clock())
    assert column(engine, "SELECT count(*) FROM frontier") == [0]


def test_settled_articles_are_those_old_enough_not_to_change(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page("old.html", day=clock().date() - timedelta(days=30)), page("new.html", day=clock().date()))
    run = start_run(engine, SITE, now=clock)
    keys = [canonical_url(SITE.homepage + path) for path in ("old.html", "new.html", "other.html")]
    assert run.settled(keys, 7) == {keys[0]}


def test_interrupted_crawl_goes_on_with_the_pages_that_wait(engine: Engine) -> None:
    clock = Clock()
    first = start_run(engine, SITE, now=clock)
    for path in ("a", "b"):
        first.found(found(path))
    one, _ = first.waiting()
    first.record(*of_page([page("a")], one.id))
    first.finish("interrupted")
    clock.move(hours=1)
    second = start_run(engine, SITE, now=clock, resume_within=timedelta(hours=24))
    assert second.resumed_from == first.crawl_id
    assert [row.url.rpartition("/")[2] for row in second.waiting()] == ["b"]


@pytest.mark.parametrize("case", ["too old", "finished", "nothing waits", "other source", "not wanted"])
def test_crawl_begins_anew(engine: Engine, case: str) -> None:
    clock = Clock()
    first = start_run(engine, SITE, now=clock)
    if case != "nothing waits":
        first.found(found("a"))
    first.finish("finished" if case == "finished" else "interrupted")
    clock.move(hours=25 if case == "too old" else 1)
    within = None if case == "not wanted" else timedelta(hours=24)
    second = start_run(engine, OTHER if case == "other source" else SITE, now=clock, resume_within=within)
    assert second.resumed_from is None
    assert second.waiting() == []


def test_import_does_not_take_the_frontier_of_a_crawl(engine: Engine) -> None:
    clock = Clock()
    first = start_run(engine, SITE, now=clock)
    first.found(found("a"))
    first.finish("interrupted")
    start_run(engine, SITE, "import", now=clock).finish("finished")
    assert start_run(engine, SITE, now=clock, resume_within=timedelta(hours=24)).resumed_from == first.crawl_id


def test_items_of_a_page_without_frontier_row_are_written_with_its_last(engine: Engine) -> None:
    run = start_run(engine, SITE, "import", now=Clock())
    parts: list[Article] = [page(f"{number}.html", visit=Visit(last=number == 2)) for number in range(3)]
    for part in parts:
        run.record(part)
    run.flush()
    assert column(engine, "SELECT count(*) FROM article") == [3]
