"""Which process runs a crawl, and whether it still lives."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

import psutil

# A process on another machine cannot be asked; it counts as dead when it has not said anything for this long.
SILENCE = timedelta(minutes=10)


def this_process() -> str:
    """`host:pid:start`, the name of this process; the start time tells it from a later one with the same number."""
    process = psutil.Process()
    return f"{socket.gethostname()}:{process.pid}:{process.create_time():.2f}"


def is_alive(owner: str | None, seen_alive_at: datetime | None, now: datetime) -> bool:
    """Whether the process that owns a crawl still runs; this process itself counts as dead: it asks before a start."""
    host, _, rest = (owner or "").rpartition(":")[0].rpartition(":")
    if not host:
        return False
    if host != socket.gethostname():
        return seen_alive_at is not None and now - seen_alive_at < SILENCE
    started = (owner or "").rpartition(":")[2]
    try:
        process = psutil.Process(int(rest))
        same = abs(process.create_time() - float(started)) < 1.0
        return same and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid()
    except (psutil.Error, ValueError):
        return False
