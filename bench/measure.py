"""Running a command to its end: its wall time, CPU time and peak memory, as the operating system counts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True, frozen=True)
class Cost:
    """What one process cost: seconds of wall clock and of CPU, and its largest resident size in MiB."""

    wall: float
    cpu: float
    peak: float


def run(arguments: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run a Python command line and wait for it. Raises RuntimeError with its output where it fails."""
    output = cwd / "output.txt"
    with output.open("wb") as sink:
        began = time.perf_counter()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        process = subprocess.Popen([sys.executable, *arguments], cwd=cwd, env=environment, stdout=sink, stderr=sink)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{output.read_text()[-2000:]}")
    # ru_maxrss is in KiB on Linux and in bytes on macOS.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


@contextmanager
def static_site(articles: int) -> Iterator[int]:
    """The generated site of so many articles, served by another process; gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.server", str(articles)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=30)
