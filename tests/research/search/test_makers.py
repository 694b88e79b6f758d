"""Documents are the same however many processes make them, and whatever becomes of those."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from crawler.archive.engine import open_archive
from crawler.research.search.documents import Fields, documents_of
from crawler.research.search.gathering import Gathered, gather
from crawler.research.search.makers import MANY, made, processes_for
from crawler.research.search.rows import open_rows
from crawler.research.search.words import NO_PHRASES
from tests.archive.harness import crawl, page

ARTICLES = 7


@pytest.fixture
def batches(archive_file: Path) -> list[Gathered]:
    """Seven articles, each a batch of its own, and one that there is not."""
    pages = [
        page(f"{number}.html", f"第{number}次招商", f"武汉江汉区签约{number}个项目。") for number in range(ARTICLES)
    ]
    crawl(open_archive(str(archive_file), write=True), *pages)
    with open_rows(str(archive_file)).reading() as reader:
        return [gather(reader, [number]) for number in range(1, ARTICLES + 2)]


def fields(found: Iterator[tuple[Gathered, list[Fields]]]) -> list[list[Fields]]:
    return [documents for _, documents in found]


def test_processes_make_what_one_makes_in_the_same_order(batches: list[Gathered]) -> None:
    alone = fields(made(batches, 1, NO_PHRASES))
    assert alone == [documents_of(batch) for batch in batches]
    assert sum(map(len, alone)) == ARTICLES
    assert fields(made(batches, 2, NO_PHRASES)) == alone


def makers() -> set[psutil.Process]:
    """The processes that make documents for this one."""
    return {each for each in psutil.Process().children() if any("makers" in word for word in each.cmdline())}


def test_process_that_was_killed_costs_nothing(batches: list[Gathered]) -> None:
    found = made(batches, 2, NO_PHRASES)
    documents = [next(found)[1]]
    for process in makers():
        process.kill()
    documents += fields(found)
    assert documents == fields(made(batches, 1, NO_PHRASES))


def test_no_process_is_left(batches: list[Gathered]) -> None:
    found = made(batches, 2, NO_PHRASES)
    next(found)
    assert len(makers()) == 2
    found.close()  # type: ignore[attr-defined]
    assert makers() == set()


def test_few_articles_are_made_where_they_are_asked_for() -> None:
    assert processes_for(MANY - 1) == 1
    assert processes_for(MANY) == min(6, os.cpu_count() or 1)
