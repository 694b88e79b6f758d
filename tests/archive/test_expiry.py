"""Captures that are kept for some days: which go, which stay, and what a crash leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.archive import removal
from crawler.archive.expiry import expire_captures
from crawler.archive.kept import NoCapture, kept_record
from crawler.archive.models import Capture, table
from crawler.archive.starting import start_run
from crawler.capture import Record, iter_records
from crawler.items import Listing, Visit
from crawler.operate.verify import verify
from tests.archive.harness import SITE, Clock, column, rows
from tests.archive.kept import keeping_crawl, kept_page, response


def listing(shown: str, clock: Clock) -> Listing:
    return Listing(SITE.homepage, visit=Visit(capture=response(SITE.homepage, shown, at=clock)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def old(engine: Engine, tmp_path: Path, clock: Clock) -> Path:
    """A listing and an article, kept thirty days ago; gives the capture root."""
    keeping_crawl(
        engine, tmp_path, listing("一", clock), kept_page("a.html", "签约", "正文", at=clock, hops=1), clock=clock
    )
    clock.move(days=30)
    return tmp_path


def urls_kept(engine: Engine) -> list[str]:
    return column(engine, "SELECT url FROM capture WHERE expired_at IS NULL ORDER BY id")


def records(root: Path) -> list[Record]:
    return [each for path in sorted(root.rglob("*.gz")) for each in iter_records(path) if isinstance(each, Record)]


def test_captures_of_pages_nobody_needs_go_after_their_days(engine: Engine, old: Path, clock: Clock) -> None:
    keeping_crawl(engine, old, listing("二", clock), clock=clock, days=10)
    assert urls_kept(engine) == [SITE.homepage + "a.html", SITE.homepage]
    assert {each.url for each in records(old) if each.kind == "response"} == {SITE.homepage + "a.html", SITE.homepage}
    assert verify(engine, old).problems == []


def test_what_a_revision_was_read_from_stays_with_its_further_pages(
    engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    keeping_crawl(
        engine, tmp_path, kept_page("long.html", "长文", "上\n下", at=clock, parts=["<p>下</p>"]), clock=clock
    )
    clock.move(days=99)
    keeping_crawl(engine, tmp_path, listing("二", clock), clock=clock, days=1)
    assert urls_kept(engine)[:2] == [f"{SITE.homepage}long.html", f"{SITE.homepage}long.html?p=2"]


def test_a_payload_stays_while_a_revisit_that_stays_refers_to_it(engine: Engine, old: Path, clock: Clock) -> None:
    keeping_crawl(engine, old, listing("一", clock), clock=clock, days=10)
    assert urls_kept(engine).count(SITE.homepage) == 2
    clock.move(days=30)
    keeping_crawl(engine, old, listing("二", clock), clock=clock, days=10)
    assert urls_kept(engine).count(SITE.homepage) == 1
    assert verify(engine, old).problems == []


def test_a_file_whose_captures_all_expired_is_deleted(engine: Engine, tmp_path: Path, clock: Clock) -> None:
    keeping_crawl(engine, tmp_path, listing("一", clock), clock=clock)
    before = set(tmp_path.rglob("*.gz"))
    clock.move(days=30)
    keeping_crawl(engine, tmp_path, listing("二", clock), clock=clock, days=10)
    assert not before & set(tmp_path.rglob("*.gz"))


def test_an_expired_capture_says_since_when_it_is_not_kept(engine: Engine, old: Path, clock: Clock) -> None:
    keeping_crawl(engine, old, listing("二", clock), clock=clock, days=10)
    expired = column(engine, "SELECT id FROM capture WHERE expired_at IS NOT NULL")
    with pytest.raises(NoCapture, match=r"no longer kept since \d{4}-\d\d-\d\d\.$"):
        kept_record(engine, expired[0], old)


@pytest.mark.parametrize("share", ["some", "all"])
def test_a_record_that_a_replay_names_stays_where_only_the_crawls_own_capture_expires(
    engine: Engine, old: Path, clock: Clock, share: str
) -> None:
    captures = table(Capture)
    named = select(captures).where(captures.c.url == SITE.homepage) if share == "some" else select(captures)
    with engine.begin() as connection:
        again = [dict(row) for row in connection.execute(named).mappings()]
        for row in again:
            row.update(id=row["id"] + 100, fetched_at=clock() + timedelta(days=1))
        connection.execute(captures.insert(), again)
    expire_captures(engine, old, clock())
    living = rows(engine, "SELECT id, url FROM capture WHERE expired_at IS NULL ORDER BY id")
    assert [kept_record(engine, row["id"], old).url for row in living] == [row["url"] for row in living]
    assert SITE.homepage in [row["url"] for row in living]
    assert not column(engine, "SELECT id FROM capture WHERE expired_at IS NOT NULL AND warc_path IS NOT NULL")
    assert verify(engine, old).problems == []


def test_captures_younger_than_their_days_stay(engine: Engine, old: Path, clock: Clock) -> None:
    keeping_crawl(engine, old, listing("二", clock), clock=clock, days=31)
    assert not column(engine, "SELECT id FROM capture WHERE expired_at IS NOT NULL")


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


STEPS = ("rewrite_without", "_move", "delete_stale")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_archive_is_readable_after_a_crash_at_any_step_and_the_next_sweep_ends_it(
    engine: Engine, old: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    real, calls = getattr(removal, step), []

    def dies(*given: Any, **named: Any) -> Any:
        calls.append(step)
        if step == "delete_stale" and len(calls) == 1:
            return real(*given, **named)  # the sweep looks for what an earlier one left behind first
        if when == "after":
            real(*given, **named)
        raise Killed

    monkeypatch.setattr(removal, step, dies)
    with pytest.raises(Killed):
        expire_captures(engine, old, clock())
    monkeypatch.undo()
    kept = column(engine, "SELECT id FROM capture WHERE expired_at IS NULL")
    assert [kept_record(engine, each, old).status for each in kept] == [200]
    removal.sweep(engine, old)
    seen = verify(engine, old)
    assert (seen.problems, seen.notes, len(list(old.rglob("*.gz")))) == ([], [], 1)
    assert [each.url for each in records(old) if each.kind == "response"] == [SITE.homepage + "a.html"]


def test_a_file_that_a_running_crawl_writes_is_left_for_later(
    engine: Engine, old: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_run(engine, SITE, captures="all", capture_root=str(old), now=clock)
    run.record(listing("二", clock))
    run.flush()
    monkeypatch.setattr(removal, "is_alive", lambda owner, seen, now: True)
    clock.move(days=1)
    left = expire_captures(engine, old, clock()).left
    assert [("a running crawl writes it" in each) for each in left] == [True]
    monkeypatch.undo()
    run.finish("finished")
    assert removal.sweep(engine, old).left == []


def test_a_damaged_file_is_left_as_it_is(engine: Engine, old: Path, clock: Clock) -> None:
    path = next(old.rglob("*.gz"))
    path.write_bytes(path.read_bytes() + b"rubbish")
    before = path.read_bytes()
    left = expire_captures(engine, old, clock()).left
    assert len(left) == 1 and "damaged at byte" in left[0]
    assert path.read_bytes() == before


def test_redirects_are_captures_but_no_pages(engine: Engine, tmp_path: Path) -> None:
    run = keeping_crawl(engine, tmp_path, kept_page("a.html", "签约", "正文", hops=2))
    assert run.counts["pages"] == 1
    assert [row["status"] for row in rows(engine, "SELECT status FROM capture ORDER BY id")] == [301, 301, 200]
