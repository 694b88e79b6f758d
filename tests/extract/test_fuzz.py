"""Broken pages give a result all the same, quickly, and always the same one."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from crawler.extract import read_page
from crawler.items import ClaimedRole, Page
from tests.extract.mutations import mutants
from tests.extract.saved_pages import all_pages
from tests.support import ROOT, environment

FETCHED_AT = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ROLES: tuple[ClaimedRole | None, ...] = (None, None, "article", "listing")
URLS = ("http://www.example.gov.cn/zsdt/202605/t20260521_42310.html", "http://www.example.gov.cn/zsdt/index.html")
_SECONDS = 1.0


@pytest.mark.parametrize("seed", range(10))
def test_broken_pages_give_results_within_a_second_and_the_same_ones_again(seed: int) -> None:
    _check(seed, 50)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1_000, 1_100))
def test_many_more_broken_pages_give_results_within_a_second(seed: int) -> None:
    _check(seed, 100)


def test_a_process_with_other_hashes_reads_pages_alike() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", "from tests.extract.test_fuzz import print_readings; print_readings()"],
            env=environment({"PYTHONHASHSEED": seed}),
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert printed != {b""}


def print_readings() -> None:
    """Print what is read in some pages of each site, whole and broken."""
    bodies = [page.body for page in all_pages()]
    for page in [*bodies[::5], *mutants(bodies, 7, 30)]:
        print(_read(page, 0))


def _check(seed: int, count: int) -> None:
    bodies = [page.body for page in all_pages()]
    first: list[Page] = []
    for number, mutant in enumerate(mutants(bodies, seed, count)):
        began = time.process_time()
        first.append(_read(mutant, number))
        spent = time.process_time() - began
        assert spent < _SECONDS, f"mutant {number} of seed {seed} takes {spent:.2f} s of CPU"
    again = [_read(mutant, number) for number, mutant in enumerate(islice(mutants(bodies, seed, count), 10))]
    assert again == first[: len(again)]


def _read(page: bytes, number: int) -> Page:
    return read_page(page, URLS[number % 2], fetched_at=FETCHED_AT, role=ROLES[number % 4])
