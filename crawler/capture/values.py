"""What is kept and what is read back: plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Headers = tuple[tuple[str, str], ...]

MAX_BLOCK = 256 * 1024 * 1024
"""The largest record that is written or read into memory, in bytes; larger ones in files of others are passed over."""


@dataclass(slots=True, frozen=True)
class Exchange:
    """One request and the response that answered it.

    `payload` is the body as the wire carried it, before its Content-Encoding is undone and after its chunks are
    joined; `truncated` says that a limit cut it. Headers are text of one character a byte (Latin-1), `fetched_at`
    is timezone-aware. `notes` go into the metadata record, in the field names of WARC 1.1 §6.6 (`via`, ...).
    """

    url: str
    fetched_at: datetime
    status: int
    reason: str = ""
    response_headers: Headers = ()
    payload: bytes = b""
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    ip_address: str | None = None
    protocol: str = "HTTP/1.1"
    truncated: bool = False
    notes: Headers = ()


@dataclass(slots=True, frozen=True)
class Place:
    """Where a record is kept: its file below the capture root (with `/`), and its gzip member in bytes of that file."""

    path: str
    offset: int
    length: int


@dataclass(slots=True, frozen=True)
class Earlier:
    """The capture that already holds a payload: what a revisit record refers to."""

    url: str
    fetched_at: datetime


@dataclass(slots=True, frozen=True)
class Damage:
    """A stretch of a file that could not be read: where it begins (bytes from the file's start), and why.

    `oversized` marks a record that is whole as far as is known, but larger than the reader was asked to take.
    """

    path: str
    offset: int
    reason: str
    oversized: bool = False

    def __str__(self) -> str:
        return f"{self.path}, byte {self.offset}: {self.reason}"


@dataclass(slots=True, frozen=True)
class Record:
    """One record of a WARC file.

    `kind` is its WARC-Type, `fields` its WARC header. `start_line` and `headers` are the HTTP head where it holds
    one, `payload` is what follows (transfer and content encodings still on it) or, without a head, the whole block.
    `length` is None where the record shares its gzip member with others and so cannot be read alone.
    """

    kind: str
    url: str | None
    date: datetime | None
    fields: Headers
    payload: bytes
    offset: int
    length: int | None
    start_line: str = ""
    status: int | None = None
    reason: str = ""
    headers: Headers = ()

    def field(self, name: str) -> str | None:
        """The first WARC field of this name, whatever its case."""
        return first_value(self.fields, name)

    def header(self, name: str) -> str | None:
        """The first HTTP header of this name, whatever its case."""
        return first_value(self.headers, name)

    @property
    def record_id(self) -> str | None:
        """The record's WARC-Record-ID as written, with its angle brackets."""
        return self.field("WARC-Record-ID")

    @property
    def content_type(self) -> str | None:
        """The type of the content: of the HTTP payload where there is a head, else of the block."""
        return self.header("Content-Type") if self.start_line else self.field("Content-Type")

    @property
    def truncated(self) -> bool:
        """Whether whoever wrote the record cut its payload."""
        return self.field("WARC-Truncated") is not None


def first_value(pairs: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first value of a name, compared without case."""
    wanted = name.lower()
    return next((value for key, value in pairs if key.lower() == wanted), None)
