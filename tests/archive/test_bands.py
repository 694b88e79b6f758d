"""Bands wait in a small table and are filed in the large one, a stretch of values after each batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from crawler.archive import bands
from crawler.archive.engine import reading, writing
from tests.archive.harness import column

LOWEST, HIGHEST = -(2**63), 2**63 - 1
VALUES = [LOWEST, -1, 0, HIGHEST]


@pytest.fixture
def round_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "ROUND", 4)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 5_000), min_size=1, max_size=60))
def test_a_round_of_articles_files_every_value_once(before: int, batches: list[int]) -> None:
    taken, last = [], before
    for articles in batches:
        last += articles
        taken += list(bands.stretches(last, articles))
    covered = sum(highest - lowest + 1 for lowest, highest in taken)
    assert covered == sum(batches) * 2**64 // bands.ROUND
    assert all(LOWEST <= lowest <= highest <= HIGHEST for lowest, highest in taken)


def test_stretches_follow_one_another() -> None:
    half = bands.ROUND // 2
    assert list(bands.stretches(half, half)) == [(LOWEST, -1)]
    assert list(bands.stretches(2 * half, half)) == [(0, HIGHEST)]


def test_more_articles_than_a_round_file_all() -> None:
    lowest, highest = zip(*bands.stretches(123_456, 10**6), strict=True)
    assert (min(lowest), max(highest)) == (LOWEST, HIGHEST)


@pytest.mark.usefixtures("round_of_four")
def test_bands_are_held_wherever_they_are(engine: Engine) -> None:
    with writing(engine) as connection:
        bands.keep(connection, [(value, 7) for value in VALUES])
        bands.file(connection, last_id=2, articles=2)
    assert column(engine, "SELECT value FROM band ORDER BY 1") == [LOWEST, -1]
    assert column(engine, "SELECT value FROM new_band ORDER BY 1") == [0, HIGHEST]
    with reading(engine) as connection:
        assert bands.held(connection, [*VALUES, 5]) == {value: [7] for value in VALUES}


@pytest.mark.usefixtures("round_of_four")
def test_bands_are_passed_on_and_dropped_wherever_they_are(engine: Engine) -> None:
    with writing(engine) as connection:
        bands.keep(connection, [(value, 7) for value in VALUES])
        bands.file(connection, last_id=2, articles=2)
        bands.pass_on(connection, 7, VALUES, heir=8)
        assert bands.held(connection, VALUES) == {value: [8] for value in VALUES}
        bands.drop(connection, {8: VALUES})
        assert bands.held(connection, VALUES) == {}
