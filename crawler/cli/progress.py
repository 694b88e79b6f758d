"""One bar on a terminal, plain lines elsewhere, for work that knows how much there is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from crawler.cli import output

_SECONDS = 5.0  # between two plain lines of one step


class Step(Protocol):
    """How far a piece of work is: `done` of `total`."""

    @property
    def step(self) -> str:
        """What is done now, in words."""

    @property
    def done(self) -> int:
        """How much."""

    @property
    def total(self) -> int:
        """Of how much."""


class Bar:
    """Shows the steps it is called with on stderr. Use it with `with`."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._said_at = time.monotonic()

    def __enter__(self) -> Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: Step) -> None:
        """Show how far the work is."""
        if self._bar is not None:
            description = output.readable(step.step)
            self._bar.update(self._task, description=description, completed=step.done, total=step.total or None)
            return
        now = time.monotonic()
        if step.done >= step.total or now - self._said_at >= _SECONDS:
            self._said_at = now
            share = 100 * step.done // step.total if step.total else 100
            output.say(f"{output.readable(step.step)}: {share} %")


@dataclass(slots=True, frozen=True)
class _Count:
    step: str
    done: int
    total: int


@contextmanager
def counted(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A bar for one step that tells how much is done of how much; None where nothing is to be shown."""
    if quiet:
        yield None
        return
    with Bar() as bar:
        yield lambda done, total: bar(_Count(what, done, total))
