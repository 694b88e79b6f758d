"""Processes that work for a crawl: when there are any, and how they end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool

import pytest
from scrapy.settings import Settings

from crawler.fetch.apart import end_now, worker_pool, works_apart


@pytest.mark.parametrize(("at_once", "told", "apart"), [(1, None, False), (1, True, True), (16, False, False)])
def test_when_there_are_processes_of_their_own(at_once: int, told: bool | None, apart: bool) -> None:
    assert works_apart(Settings({"CONCURRENT_REQUESTS_PER_DOMAIN": at_once, "EXTRACT_APART": told})) is apart


def test_ctrl_c_is_for_the_parent_only() -> None:
    with worker_pool(1) as pool:
        assert signal.SIGINT in pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_what_is_ended_now_is_not_waited_for() -> None:
    pool = worker_pool(1)
    pool.submit(int).result()
    busy = pool.submit(time.sleep, 3_600)
    while not busy.running():
        time.sleep(0.01)
    end_now(pool)
    with pytest.raises(BrokenProcessPool):
        busy.result(timeout=60)


def test_no_process_outlives_its_parent() -> None:
    program = (
        "import os, signal\nfrom crawler.fetch.apart import worker_pool\n"
        "if __name__ == '__main__':\n"
        "    print(worker_pool(1).submit(os.getpid).result(), flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # What it prints ends when nobody holds it any more, neither the parent nor its worker: else this times out.
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout) > 0
