"""What answers a replayed request: plain values, and the interface of whatever holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scrapy.http import Response

from crawler.capture.values import Headers
from crawler.items import KeptAt

MISSING = "not captured"  # the flag of a response that stands for a page which the captures do not hold
REPLAYED = "replayed"  # the request.meta key under which the spider finds the answer's day and place


class ReplayError(ValueError):
    """A path that cannot be replayed; its text is one sentence that says what to name instead."""


@dataclass(slots=True, frozen=True)
class ReplayAnswer:
    """A response as it was received once. `payload` is what the wire carried, `body` with its encodings undone.

    `fetched_at` is None where nobody knows the day. `cut` says that a limit kept the body from being decoded whole.
    """

    status: int
    headers: Headers
    payload: bytes
    body: bytes
    fetched_at: datetime | None = None
    kept_at: KeptAt | None = None
    truncated: bool = False
    cut: bool = False


class Answers(Protocol):
    """Captures or a fixture site. `damages` are sentences on what could not be read, known once it was met."""

    damages: list[str]

    @property
    def size(self) -> int:
        """How many answers there are."""

    def find(self, method: str, url: str, body: bytes, limit: int) -> ReplayAnswer | None:
        """The answer to a request, its body up to `limit` bytes; None where there is none."""

    def close(self) -> None:
        """Let go of files."""


def is_missing(response: Response) -> bool:
    """Whether a response only says that the captures hold no such page: nothing is known of the page itself."""
    return MISSING in response.flags
