"""Work in processes of its own: when a crawl uses them, and how they end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def works_apart(settings: BaseSettings) -> bool:
    """By default, where several pages may arrive at once and there is a second core to work on them."""
    if settings.get("EXTRACT_APART") is not None:
        return settings.getbool("EXTRACT_APART")
    return settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") > 1 and (os.cpu_count() or 1) > 1


class _Worker(SpawnProcess):
    """A process that Ctrl-C does not reach from its first moment on: it is for the parent, which ends its processes."""

    def start(self) -> None:
        # What is blocked when a process starts stays blocked in it; here it waits until the start is over.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Worker


def worker_pool(processes: int) -> ProcessPoolExecutor:
    """So many processes that work for this one, started when there is work; none of them outlives it."""
    return ProcessPoolExecutor(processes, mp_context=_Context(), initializer=_settle)


def end_now(pool: ProcessPoolExecutor) -> None:
    """End a pool's processes without waiting for what they work on, as on Ctrl-C."""
    # Public only from Python 3.14 on: ProcessPoolExecutor.kill_workers.
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()


def _settle() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
