"""From verified edges to stories: connected components, and the cut where a chain of edits drifts too far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T", bound=Hashable)


def components(members: Iterable[T], edges: Iterable[tuple[T, T]]) -> list[list[T]]:
    """The connected components of a graph, in the order of their first members; edges to others do not count."""
    neighbours: dict[T, list[T]] = {member: [] for member in members}
    for left, right in edges:
        if left in neighbours and right in neighbours:
            neighbours[left].append(right)
            neighbours[right].append(left)
    seen: set[T] = set()
    found = []
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        component, waiting = [], [start]
        while waiting:
            member = waiting.pop()
            component.append(member)
            for other in neighbours[member]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        found.append(component)
    return found


def stories(
    members: Iterable[T],
    edges: Iterable[tuple[T, T]],
    order: Callable[[T], Any],
    fits: Callable[[Sequence[T], T, bool], bool],
) -> list[list[T]]:
    """The stories among connected texts, each in the order of `order`, its lead first.

    A component is told by its lead, the first by `order`. One after the other is taken in where it
    `fits(those taken in before, member, beside the lead)`; what does not fit is cut off, with all that is joined to the
    lead through it only, and what was cut off is looked at again in the same way. The result depends on the graph, the
    order and the texts, and not on what came first into the archive.
    """
    pairs = list(edges)
    told: list[list[T]] = []
    waiting = components(members, pairs)
    while waiting:
        component = sorted(waiting.pop(), key=order)
        lead = component[0]
        beside = {other for pair in pairs if lead in pair for other in pair} if len(component) > 1 else set()
        taken: list[T] = []
        for member in component:
            if not taken or fits(taken, member, member in beside):
                taken.append(member)
        if len(taken) == len(component):
            told.append(component)
            continue
        story = next(part for part in components(taken, pairs) if lead in part)
        told.append(sorted(story, key=order))
        kept = set(story)
        waiting += components([member for member in component if member not in kept], pairs)
    return told
