"""From edges to stories."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dedupe import clusters
from crawler.dedupe.clusters import components, stories


def all_fit(taken: Sequence[int], member: int, beside: bool) -> bool:
    return True


def test_connected_articles_are_one_story_whose_first_leads() -> None:
    assert stories([3, 1, 2, 4], [(1, 2), (2, 3)], lambda each: each, all_fit) == [[4], [1, 2, 3]]


def test_a_chain_that_drifts_too_far_is_cut() -> None:
    chain = [(number, number + 1) for number in range(9)]
    told = stories(range(10), chain, lambda each: each, lambda taken, each, beside: each - taken[0] <= 3)
    assert sorted(told) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_what_hangs_on_the_far_end_only_is_cut_with_it() -> None:
    edges = [(0, 1), (1, 9), (9, 2)]
    told = stories([0, 1, 2, 9], edges, lambda each: each, lambda taken, each, beside: (taken[0], each) != (0, 9))
    assert sorted(told) == [[0, 1], [2, 9]]


def test_a_template_of_very_many_stories_is_told_by_what_is_near_to_each_first_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clusters, "MOST_LOOKS", 5)
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    looks: list[int] = []

    def none_fits(taken: Sequence[int], member: int, beside: bool) -> bool:
        looks.append(member)
        return False

    members = [5, 3, 1, 0, 2, 4]
    assert stories(members, edges, lambda each: each, none_fits) == [[0, 1], [2, 3], [4, 5]]
    assert looks == []
    monkeypatch.setattr(clusters, "MOST_LOOKS", 6)
    assert stories(members, edges, lambda each: each, none_fits) == [[0], [1, 2], [3, 4], [5]]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=25), st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_members_and_edges(edges: list[tuple[int, int]], chance: object) -> None:
    def told(members: list[int], pairs: list[tuple[int, int]]) -> list[list[int]]:
        found = stories(members, pairs, lambda each: -each, lambda taken, each, beside: beside or taken[0] - each <= 4)
        return sorted(found)

    members = list(range(13))
    first = told(members, edges)
    chance.shuffle(members)  # type: ignore[attr-defined]
    other = [(right, left) for left, right in edges]
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert told(members, other) == first
    assert sorted(each for story in first for each in story) == list(range(13))


def test_components_leave_out_edges_to_others() -> None:
    assert components([1, 2], [(1, 3), (2, 3)]) == [[1], [2]]


def test_of_two_that_exclude_each_other_the_earlier_one_belongs() -> None:
    edges = [(0, 1), (0, 2), (2, 3)]
    told = stories(range(4), edges, lambda each: each, lambda taken, each, beside: not (each == 2 and 1 in taken))
    assert sorted(told) == [[0, 1], [2, 3]]
