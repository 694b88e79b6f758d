"""Answers that take a moment to find: found once, shared by all who ask meanwhile, and kept until they are old."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """A value that says until when it holds."""

    @property
    def until(self) -> float:
        """The moment, by the clock of its keeper, after which it must be found anew."""


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Dated)


class Kept(Generic[Key, Value]):
    """Keeps values by key, for as long as each says itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: dict[Key, Value] = {}
        self._searches: dict[Key, asyncio.Task[Value]] = {}

    def get(self, key: Key) -> Value | None:
        """The value, where one is known and still holds."""
        value = self._values.get(key)
        return value if value is not None and value.until >= self._clock() else None

    async def find(self, key: Key, search: Callable[[], Awaitable[Value]]) -> Value:
        """The value that `search` finds; while one search for a key is under way, no second one starts."""
        task = self._searches.get(key)
        if task is None:
            task = self._searches[key] = asyncio.ensure_future(self._search(key, search))
        # One asker who gives up must not take the answer away from the others.
        return await asyncio.shield(task)

    def forget(self, key: Key) -> None:
        """Find this value anew when it is next asked for."""
        self._values.pop(key, None)

    async def _search(self, key: Key, search: Callable[[], Awaitable[Value]]) -> Value:
        try:
            value = self._values[key] = await search()
            return value
        finally:
            del self._searches[key]
