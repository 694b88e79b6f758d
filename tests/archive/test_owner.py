"""One crawl of a source at a time: a living process keeps it, a dead one leaves it to be resumed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from crawler.archive.errors import ArchiveBusy
from crawler.archive.owner import SILENCE, is_alive, this_process
from crawler.archive.starting import start_run
from tests.archive.harness import OTHER, SITE, START, column, rows
from tests.support import ROOT, environment

CRAWLING = """
import sys
from crawler.archive.engine import open_archive
from crawler.archive.frontier import Found
from crawler.archive.starting import start_run
from tests.archive.harness import SITE
run = start_run(open_archive(sys.argv[1], write=True), SITE)
run.found(Found("http://www.shifan.example/a", "a", "article"))
run.flush()
print(run.crawl_id, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(address: str) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a crawl of SITE; it is killed at the end."""
    command = [sys.executable, "-c", CRAWLING, address]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdecimal()
        try:
            yield process
        finally:
            process.kill()


def test_source_that_another_process_crawls_is_busy(address: str, engine: Engine) -> None:
    with another_process(address) as process, pytest.raises(ArchiveBusy) as caught:
        start_run(engine, SITE)
    assert f"process {process.pid}" in str(caught.value)
    assert column(engine, "SELECT count(*) FROM crawl") == [1]


def test_another_source_may_be_crawled_meanwhile(address: str, engine: Engine) -> None:
    with another_process(address):
        assert start_run(engine, OTHER).crawl_id == column(engine, "SELECT max(id) FROM crawl")[0]


def test_crawl_of_a_dead_process_is_interrupted_and_resumed(address: str, engine: Engine) -> None:
    with another_process(address):
        pass
    run = start_run(engine, SITE, resume_within=timedelta(hours=24))
    assert [row["status"] for row in rows(engine, "SELECT status FROM crawl ORDER BY id")] == ["interrupted", "running"]
    assert [row.url for row in run.waiting()] == ["http://www.shifan.example/a"]


def test_process_on_another_machine_lives_while_it_says_so() -> None:
    owner = "elsewhere:1:1.00"
    assert is_alive(owner, START, START + SILENCE / 2)
    assert not is_alive(owner, START, START + SILENCE * 2)
    assert not is_alive(owner, None, START)


def test_this_process_itself_counts_as_dead() -> None:
    assert not is_alive(this_process(), START, START)


def test_later_process_of_the_same_number_is_another() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        host = this_process().split(":")[0]
        assert not is_alive(f"{host}:{process.pid}:1.00", START, START)
        process.kill()


@pytest.mark.parametrize("owner", [None, "", "x", "a:b", "host:pid:start", "::", "host:1:"])
def test_unreadable_owner_is_dead(owner: str | None) -> None:
    assert not is_alive(owner, None, START)
