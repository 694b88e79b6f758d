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
from tests.extract.saved_pages import all_pages, pages_of
from tests.support import ROOT, SITES, environment

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


@pytest.mark.parametrize("site", SITES)
def test_a_page_cut_after_each_kilobyte_gives_a_result(site: str) -> None:
    largest = max(pages_of(site), key=lambda page: len(page.body))
    for length in range(0, len(largest.body), 1024):
        assert _read(largest.body[:length], 0).reason


@pytest.mark.parametrize(
    "name", ["", "gb2312x", "utf-7", "idna", "base64", "rot13", "undefined", "\x00", "é", "a" * 5_000]
)
def test_a_charset_that_is_none_is_passed_over(name: str) -> None:
    text = "7月25日，市投资促进局在武汉举行光电子信息产业招商推介会，来自长三角的86家企业参加。" * 3
    markup = f'<meta charset="{name}"><title>推介会举行</title><h1>推介会举行</h1><p>{text}</p>'
    page = read_page(markup.encode("gb18030"), URLS[0], content_type=f"text/html; charset={name}")
    assert page.article is not None
    assert page.article.body == text


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
