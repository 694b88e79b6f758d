"""What this process knows of each server it asks, shared by all crawls that run in it at the same time.

A server is an address or a politeness group, not a host name: one platform often serves dozens of hosts.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from math import inf
from weakref import WeakKeyDictionary

TOLERANCE = 0.005  # seconds; two timers that start a moment apart are no reason to wait
LEAST_BACKOFF = 1.0  # seconds


@dataclass(slots=True)
class Server:
    """The state of one server. Moments are `time.monotonic()`, delays are seconds between two requests.

    `exclusive` servers are asked one page at a time. `crawl_delay` is what robots.txt asks for, `backoff` what
    was added because the server blocked or refused, `throttled` what AutoThrottle found, `not_before` the
    moment a Retry-After named. `lock` is held while a page is fetched.
    """

    exclusive: bool = True
    crawl_delay: float = 0.0
    backoff: float = 0.0
    throttled: float = 0.0
    not_before: float = -inf
    last_request_at: float = -inf
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def floor(self, delay: float) -> float:
        """The least delay between two requests where the source itself asks for `delay`."""
        return max(delay, self.crawl_delay, self.backoff)

    def asks_turns(self, delay: float) -> bool:
        """Whether requests take turns: always but on loopback, where only a delay makes them."""
        return self.exclusive or self.floor(delay) > 0

    def wait(self, delay: float) -> float:
        """Seconds until the next request may be sent."""
        gap = max(self.floor(delay), self.throttled)
        left = max(self.last_request_at + gap, self.not_before) - time.monotonic()
        return left if left > TOLERANCE else 0.0

    def back_off(self, delay: float, limit: float) -> None:
        """Double the delay: at least to a second, at most to `limit` seconds."""
        doubled = 2 * max(self.floor(delay), self.throttled)
        self.backoff = min(max(doubled, LEAST_BACKOFF), limit)

    def relax(self) -> None:
        """After a good answer: halve what was added, and forget it below a second."""
        self.backoff = self.backoff / 2 if self.backoff > LEAST_BACKOFF else 0.0


_servers: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Server]] = WeakKeyDictionary()


def server_named(key: str, *, exclusive: bool = True) -> Server:
    """The state of a server in the running event loop; made where it is not known yet."""
    known = _servers.setdefault(asyncio.get_running_loop(), {})
    server = known.get(key)
    if server is None:
        server = known[key] = Server(exclusive=exclusive)
    return server
