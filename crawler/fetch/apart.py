"""Work in processes of its own: when a crawl uses them, and how they end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def works_apart(settings: BaseSettings) -> bool:
    """By default, where several pages may arrive at once and there is a second core to work on them."""
    if settings.get("EXTRACT_APART") is not None:
        return settings.getbool("EXTRACT_APART")
    return settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") > 1 and (os.cpu_count() or 1) > 1


def worker_pool(processes: int) -> ProcessPoolExecutor:
    """So many processes that work for this one, started when there is work. Ctrl-C is for us, who then end them."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_settle)


def _settle() -> None:
    """Ctrl-C is for the parent, which ends its processes; and none of them outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
