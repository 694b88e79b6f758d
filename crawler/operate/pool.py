"""Reading captures on all cores: results come in the order of the jobs, and a page that ends a process costs itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from crawler.fetch.apart import end_now, worker_pool
from crawler.items import Selectors
from crawler.operate.rereading import Job, Reading, read_again

Task = Sequence[Job]


class ReadingPool:
    """Reads chunks of jobs in so many processes; with one, in this process."""

    def __init__(self, root: Path, processes: int) -> None:
        self._root, self._processes = root, processes
        self._selectors: tuple[Selectors, ...] = ()
        self._pool = self._start() if processes > 1 else None

    def read(self, chunks: Iterable[Task], selectors: Sequence[Selectors]) -> Iterator[list[Reading]]:
        """The readings of each chunk, in order; no more chunks are asked for than keep the processes busy."""
        self._selectors = tuple(selectors)
        if self._pool is None:
            yield from (read_chunk(chunk, self._root, self._selectors) for chunk in chunks)
            return
        under_way: deque[tuple[Task, Future[list[Reading]]]] = deque()
        for chunk in chunks:
            under_way.append((chunk, self._submit(chunk)))
            if len(under_way) > 2 * self._processes:
                yield self._result(*under_way.popleft())
        while under_way:
            yield self._result(*under_way.popleft())

    def close(self) -> None:
        """End the processes; what they still had to read is dropped."""
        if self._pool is not None:
            end_now(self._pool)

    def _start(self) -> ProcessPoolExecutor:
        return worker_pool(self._processes)

    def _submit(self, chunk: Task) -> Future[list[Reading]]:
        assert self._pool is not None
        try:
            return self._pool.submit(read_chunk, chunk, self._root, self._selectors)
        except BrokenProcessPool as error:
            broken: Future[list[Reading]] = Future()
            broken.set_exception(error)
            return broken

    def _result(self, chunk: Task, future: Future[list[Reading]]) -> list[Reading]:
        try:
            return future.result()
        except BrokenProcessPool:
            return [reading for job in chunk for reading in self._alone(job)]

    def _alone(self, job: Job) -> list[Reading]:
        """One job of a chunk in which a process ended: the guilty one is found this way."""
        self.close()
        self._pool = self._start()
        try:
            return self._submit([job]).result()
        except BrokenProcessPool:
            return [Reading(job, reason="the extractor ended while it read this page")]


def read_chunk(chunk: Task, root: Path, selectors: Sequence[Selectors]) -> list[Reading]:
    """Read one chunk, in order."""
    return [read_again(job, root, selectors) for job in chunk]
