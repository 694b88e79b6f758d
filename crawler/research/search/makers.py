"""Making documents on all cores: cutting texts into words takes most of the time of an indexing.

Each process is a Python of its own that reads batches from its input and writes their documents to its output, and
ends when its input ends. (Python's own pools of processes run the script of whoever asked once more in each of them:
a researcher's script may ask too.)
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue

from crawler.research.search.documents import Fields, documents_of
from crawler.research.search.gathering import Gathered
from crawler.research.search.words import Phrases

MANY = 10_000  # articles: fewer are made before the processes have started
_MOST = 6  # processes: more than one that writes can keep busy
_BEHIND = 2  # batches that wait for each process

_Made = tuple[Gathered, list[Fields]]


def processes_for(articles: int) -> int:
    """How many processes are worth starting for so many articles."""
    return min(_MOST, os.cpu_count() or 1) if articles >= MANY and sys.executable else 1


def made(batches: Iterable[Gathered], processes: int, phrases: Phrases) -> Iterator[_Made]:
    """The documents of each batch, in the order of the batches, made by so many processes; with one, by this.

    `phrases` are those of the index.
    """
    if processes == 1:
        yield from ((batch, documents_of(batch, phrases)) for batch in batches)
        return
    with _makers(processes, phrases) as makers, _threads(processes) as threads:
        under_way: deque[tuple[Gathered, Future[list[Fields]]]] = deque()
        for batch in batches:
            under_way.append((batch, threads.submit(_make, makers, batch)))
            if len(under_way) > _BEHIND * processes:
                yield _done(under_way)
        while under_way:
            yield _done(under_way)


def _done(under_way: deque[tuple[Gathered, Future[list[Fields]]]]) -> _Made:
    batch, future = under_way.popleft()
    return batch, future.result()


@contextmanager
def _makers(processes: int, phrases: Phrases) -> Iterator[SimpleQueue[_Maker]]:
    """Processes that are free, to be taken from a queue and put back; they end with the context."""
    makers: list[_Maker] = []
    free: SimpleQueue[_Maker] = SimpleQueue()
    try:
        for _ in range(processes):
            makers.append(_Maker(phrases))
            free.put(makers[-1])
        yield free
    finally:
        for maker in makers:
            maker.close()


@contextmanager
def _threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """One thread for each process, to wait for it; what waits when the context ends is not made any more."""
    threads = ThreadPoolExecutor(number)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)


def _make(makers: SimpleQueue[_Maker], batch: Gathered) -> list[Fields]:
    maker = makers.get()
    try:
        return maker.documents(batch)
    finally:
        makers.put(maker)


class _Maker:
    """One process. Where it does not answer, its batches are made here."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        # It finds what this process finds, wherever it was started.
        line = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import main; main()"
        asked = [sys.executable, "-c", line]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(asked, stdin=pipe, stdout=pipe, stderr=nowhere)  # noqa: S603

    def documents(self, batch: Gathered) -> list[Fields]:
        """The documents of a batch."""
        asked, answer = self._process.stdin, self._process.stdout
        assert asked is not None and answer is not None
        try:
            pickle.dump((batch, self._phrases), asked, pickle.HIGHEST_PROTOCOL)
            asked.flush()
            found: list[Fields] = pickle.load(answer)  # noqa: S301 (our own process)
        except Exception:  # half an answer can be anything to pickle
            self._process.kill()  # what it still says would answer the next question
            return documents_of(batch, self._phrases)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


def main() -> None:
    """Make the documents of one batch after another until there is none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    batches, documents = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError):
        while True:
            asked: tuple[Gathered, Phrases] = pickle.load(batches)  # noqa: S301 (from our parent)
            pickle.dump(documents_of(*asked), documents, pickle.HIGHEST_PROTOCOL)
            documents.flush()
