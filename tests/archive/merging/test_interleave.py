"""The states of an article that two archives saw, in one order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.archive.merging.interleave import State, interleave
from tests.archive.harness import START


def states(text: str, archive: str = "") -> list[State]:
    """`A1 B3m`: content A read on day 1, content B put right by hand on day 3."""
    made = []
    for word in text.split():
        cause = "manual" if word.endswith("m") else "site"
        day = int(word[1:].rstrip("m"))
        made.append(State(START + timedelta(days=day), cause, None, word[0], f"{archive}{word}"))
    return made


def shown(merged: list[State]) -> str:
    return " ".join(state.row for state in merged)


CASES = [
    ("one saw a state between", "A1 C3", "A1 B2 C3", "A1 B2 C3"),
    ("both hold the same", "A1 B2", "A1 B2", "A1 B2"),
    ("the other saw it earlier", "A2", "A1", "A1"),
    ("the other saw it later", "A1", "A2", "A1"),
    ("a change that both saw is told when it was first seen", "A1 B4", "A1 B3", "A1 B3"),
    ("a return is told", "A1 B4", "A2 A5", "A1 B4 A5"),
    ("the other knows what came after", "A1", "A1 B2", "A1 B2"),
    ("the other knows what came before", "B2", "A1 B2", "A1 B2"),
    ("nothing there", "A1", "", "A1"),
    ("nothing here", "", "A1", "A1"),
    ("put right by hand stays", "A1", "A1 A2m", "A1 A2m"),
    ("put right by hand here", "A1 B2m", "A1 B3", "A1 B2m"),
]


@pytest.mark.parametrize(("ours", "theirs", "merged"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_states_are_in_one_order_without_what_says_nothing_new(ours: str, theirs: str, merged: str) -> None:
    assert shown(interleave(states(ours), states(theirs))) == merged


def test_of_states_of_one_moment_ours_come_first() -> None:
    assert shown(interleave(states("A1 B2", "our "), states("C1 B2", "their "))) == "our A1 their C1 our B2"


histories = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(1, 6), st.sampled_from(["", "", "m"])), max_size=6
).map(lambda parts: " ".join(f"{content}{day}{mark}" for content, day, mark in sorted(parts, key=lambda one: one[1])))


def seen(text: str, archive: str) -> list[State]:
    """What one archive would keep of these states: none that says again what the one before it says."""
    kept: list[State] = []
    for state in states(text, archive):
        if not kept or state.cause == "manual" or state.content != kept[-1].content:
            kept.append(state)
    return kept


@given(histories, histories)
@example("C1", "C2 A2 C2")
def test_a_second_time_changes_nothing(one: str, other: str) -> None:
    theirs = seen(other, "their ")
    once = interleave(seen(one, "our "), theirs)
    assert shown(interleave(once, theirs)) == shown(once)


@given(histories, histories)
def test_states_are_in_the_order_of_their_moments_and_none_is_lost(one: str, other: str) -> None:
    ours, theirs = seen(one, "our "), seen(other, "their ")
    merged = interleave(ours, theirs)
    assert [state.at for state in merged] == sorted(state.at for state in merged)
    assert {state.content for state in merged} == {state.content for state in (*ours, *theirs)}
    by_hand = {state.key for state in (*ours, *theirs) if state.cause == "manual"}
    assert by_hand <= {state.key for state in merged}


@given(histories)
def test_nothing_comes_of_the_same_states(one: str) -> None:
    ours = seen(one, "our ")
    assert interleave(ours, seen(one, "their ")) == ours
