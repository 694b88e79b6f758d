"""The states of one article that two archives saw, in one order.

States are interleaved by the moment they were read; each archive's own order stays. A state that both hold (read at
the same moment, of the same cause and content) is there once, and one that only says again what the state before it
says is no change and left out, as it would have been in one archive. What a person put right stays in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(slots=True, frozen=True)
class State:
    """One state: when it was read, why, its content by digest, and the row it stands for."""

    at: datetime
    cause: str
    reason: str | None
    content: str
    row: Any

    @property
    def key(self) -> tuple[datetime, str, str | None, str]:
        """Equal for one state in two archives."""
        return self.at, self.cause, self.reason, self.content


def interleave(ours: Sequence[State], theirs: Sequence[State]) -> list[State]:
    """The states of both archives in one order; of a state that both hold, ours.

    Idempotent: the outcome interleaved with the same states again is the outcome.
    """
    merged: list[tuple[State, bool, bool]] = []
    begin = 0
    segment: list[State] = []
    for state, place in zip(theirs, _shared(ours, theirs), strict=True):
        if place is None:
            segment.append(state)
            continue
        merged += _by_time(ours[begin:place], segment)
        merged.append((ours[place], True, True))
        begin, segment = place + 1, []
    merged += _by_time(ours[begin:], segment)
    return _changes(merged)


def _shared(ours: Sequence[State], theirs: Sequence[State]) -> list[int | None]:
    """For each of their states the place of the same one among ours, in order: as many as there can be.

    The longest common subsequence of their keys. A state that came back in the same moment has the key of its earlier
    self, so taking the first place that fits could take the wrong one.
    """
    left, right = [state.key for state in ours], [state.key for state in theirs]
    longest = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for at, key in reversed(list(enumerate(left))):
        for place, other in reversed(list(enumerate(right))):
            here = longest[at + 1][place + 1] + 1 if key == other else 0
            longest[at][place] = max(here, longest[at + 1][place], longest[at][place + 1])
    places: list[int | None] = [None] * len(right)
    at = place = 0
    while at < len(left) and place < len(right):
        if left[at] == right[place] and longest[at][place] == longest[at + 1][place + 1] + 1:
            places[place] = at
            at, place = at + 1, place + 1
        elif longest[at + 1][place] >= longest[at][place + 1]:
            at += 1
        else:
            place += 1
    return places


def _by_time(ours: Sequence[State], theirs: Sequence[State]) -> list[tuple[State, bool, bool]]:
    """Two sequences as one; where two states are of one moment, ours comes first."""
    merged: list[tuple[State, bool, bool]] = []
    left, right = list(ours), list(theirs)
    while left or right:
        if left and (not right or left[0].at <= right[0].at):
            merged.append((left.pop(0), True, False))
        else:
            merged.append((right.pop(0), False, True))
    return merged


def _changes(states: Sequence[tuple[State, bool, bool]]) -> list[State]:
    """Without the states that say again what the state before them, of the other archive, says."""
    kept: list[tuple[State, bool, bool]] = []
    for state, is_ours, is_theirs in states:
        if kept and state.cause != "manual":
            before, was_ours, was_theirs = kept[-1]
            one_archive = (is_ours and was_ours) or (is_theirs and was_theirs)
            if state.content == before.content and not one_archive:
                continue
        kept.append((state, is_ours, is_theirs))
    return [state for state, _, _ in kept]
