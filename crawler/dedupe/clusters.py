"""From verified edges to stories: connected components, and the cut where a chain of edits drifts too far."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T", bound=Hashable)

# Looks at a text beside a lead that one component is worth; a template of thousands of stories would need millions.
MOST_LOOKS = 50_000


def components(members: Iterable[T], edges: Iterable[tuple[T, T]]) -> list[list[T]]:
    """The connected components of a graph, in the order of their first members; edges to others do not count."""
    given = list(members)
    return _parts(given, _neighbours(given, edges))


def _neighbours(members: Iterable[T], edges: Iterable[tuple[T, T]]) -> dict[T, set[T]]:
    found: dict[T, set[T]] = {member: set() for member in members}
    for left, right in edges:
        if left in found and right in found:
            found[left].add(right)
            found[right].add(left)
    return found


def _parts(members: Sequence[T], neighbours: Mapping[T, set[T]]) -> list[list[T]]:
    """The connected components of some members of a graph, by what each of its members is joined to."""
    left = set(members)
    found = []
    for start in members:
        if start not in left:
            continue
        left.discard(start)
        component, waiting = [], [start]
        while waiting:
            member = waiting.pop()
            component.append(member)
            reached = neighbours[member] & left
            left -= reached
            waiting.extend(reached)
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
    given = list(members)
    neighbours = _neighbours(given, edges)
    told: list[list[T]] = []
    for part in reversed(_parts(given, neighbours)):
        told += _told(sorted(part, key=order), neighbours, order, fits)
    return told


def _told(
    component: list[T],
    neighbours: Mapping[T, set[T]],
    order: Callable[[T], Any],
    fits: Callable[[Sequence[T], T, bool], bool],
) -> list[list[T]]:
    """The stories of one component, its members in order."""
    told: list[list[T]] = []
    waiting, looks = [component], 0
    while waiting:
        component = waiting.pop()
        looks += len(component)
        if looks > MOST_LOOKS:
            told += _stars(component, neighbours)
            continue
        beside = neighbours[component[0]]
        taken: list[T] = []
        for member in component:
            if not taken or fits(taken, member, member in beside):
                taken.append(member)
        story = set(_parts(taken, neighbours)[0])
        told.append([member for member in component if member in story])
        if len(story) < len(component):
            rest = [member for member in component if member not in story]
            waiting += [sorted(part, key=order) for part in _parts(rest, neighbours)]
    return told


def _stars(component: Sequence[T], neighbours: Mapping[T, set[T]]) -> list[list[T]]:
    """Each first text with those that are verified as near to it: what is told of a template of very many stories."""
    left = set(component)
    told = []
    for lead in component:
        if lead in left:
            left.discard(lead)
            near = neighbours[lead] & left
            left -= near
            told.append([lead, *(member for member in component if member in near)] if near else [lead])
    return told
