"""The text of a WARC file, compressed or not, as stretches in which records follow each other."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

from crawler.capture.members import MAGIC, OPENING, Bytes, Member, Torn, find_member, is_gzip

_READ = 64 * 1024
# Anywhere in a line: what is missing before a record may have been the end of a line.
_RECORD_BEGINS = re.compile(rb"WARC/[01]\.[0-9]{1,3}\r?\n[A-Za-z][A-Za-z-]{0,30}:")
_LONGEST_BEGINNING = 48
_PUSHED_BACK = 1024**3  # what one stretch reads twice at most, so that no file is read again and again


class Stretch(ABC):
    """Bytes in which records follow each other, read forward; what was read by mistake can be pushed back.

    `fault` says why the stretch ends early, once it did; `fault_offset` where in the file what broke off begins.
    """

    def __init__(self) -> None:
        self.fault: str | None = None
        self._buffer = b""
        self._at = 0
        self._ended = False
        self._given = 0
        self._spare = _PUSHED_BACK

    @property
    @abstractmethod
    def offset(self) -> int:
        """Where in the file the next byte is, or the beginning of the gzip members that hold it."""

    @property
    @abstractmethod
    def fault_offset(self) -> int:
        """Where in the file that begins which broke off."""

    @abstractmethod
    def length(self, offset: int, *, first: bool) -> int | None:
        """The length in the file of the record that began at `offset` and was just read, the stretch's first or not.

        None where it cannot be read without the records before or after it.
        """

    @abstractmethod
    def _more(self) -> bytes:
        """The next piece, empty at the end. Raises Torn."""

    def read(self, size: int) -> bytes:
        """Up to this many bytes, fewer only at the end."""
        pieces = []
        while size > 0 and (self._at < len(self._buffer) or self._fill()):
            piece = self._buffer[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            pieces.append(piece)
        content = b"".join(pieces)
        self._given += len(content)
        return content

    def line(self, limit: int) -> bytes:
        """The next line with its end; without one where it is longer than `limit` or the last."""
        while (end := self._buffer.find(b"\n", self._at, self._at + limit)) < 0:
            if len(self._buffer) - self._at >= limit or not self._fill():
                return self.read(min(limit, len(self._buffer) - self._at))
        return self.read(end + 1 - self._at)

    def push_back(self, content: bytes) -> None:
        """Let these bytes, just read, be read again."""
        if len(content) <= self._spare:
            self._spare -= len(content)
            self._given -= len(content)
            self._buffer = content + self._buffer[self._at :]
            self._at = 0

    def at_end(self) -> bool:
        """Whether nothing is left, asked where a record ends."""
        return self._at >= len(self._buffer) and not self._fill()

    def skip_to_record(self) -> bool:
        """Go on to where the next record begins; False where none does."""
        while not (match := _RECORD_BEGINS.search(self._buffer, self._at)):
            self._pass_to(max(self._at, len(self._buffer) - _LONGEST_BEGINNING))
            if not self._fill():
                self._pass_to(len(self._buffer))
                return False
        self._pass_to(match.start())
        return True

    def _pass_to(self, at: int) -> None:
        self._given += at - self._at
        self._at = at

    def _fill(self) -> bool:
        if self._ended:
            return False
        try:
            piece = self._more()
        except Torn as torn:
            self.fault, piece = str(torn), b""
        self._ended = not piece
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0
        return bool(piece)


class PlainStretch(Stretch):
    """A file that is not compressed, from a position on."""

    def __init__(self, source: Bytes, start: int) -> None:
        super().__init__()
        self._source, self._start, self._position = source, start, start

    @property
    def offset(self) -> int:
        """The position of the next byte."""
        return self._start + self._given

    @property
    def fault_offset(self) -> int:
        """A plain file does not break off; it ends."""
        return self._source.end

    def length(self, offset: int, *, first: bool) -> int | None:
        """What was read since the record began."""
        return self.offset - offset

    def _more(self) -> bytes:
        piece = self._source.read(self._position, _READ)
        self._position += len(piece)
        return piece


class GzipStretch(Stretch):
    """A gzip member that begins a record, with those after it that go on where it stopped.

    Most files have a record in each member; some are one member, or cut into members at any byte.
    """

    def __init__(self, source: Bytes, first: Member) -> None:
        super().__init__()
        self._source, self._first, self._member = source, first, first
        self._between_records = False
        self.following: Member | None = None

    @property
    def offset(self) -> int:
        """Where the first member begins."""
        return self._first.offset

    @property
    def fault_offset(self) -> int:
        """Where the member begins that broke off."""
        return self._member.offset

    @property
    def read_to(self) -> int:
        """Up to where compressed bytes were used."""
        return self._member.position

    def length(self, offset: int, *, first: bool) -> int | None:
        """The length of the members, where they hold no other record."""
        return self.read_to - offset if first and self.at_end() else None

    def at_end(self) -> bool:
        """Whether nothing is left. Where a record and a member end together, nothing after them belongs here."""
        self._between_records = True
        try:
            return super().at_end()
        finally:
            self._between_records = False

    def _more(self) -> bytes:
        while not (piece := self._member.read()):
            following = Member(self._source, self._member.position)
            if following.offset >= self._source.end or self._between_records or _begins_stretch(following):
                self.following = following
                return b""
            self._member = following
        return piece


def _begins_stretch(member: Member) -> bool:
    try:
        return member.peek(len(OPENING)) == OPENING
    except Torn:
        return True


def stretches(source: Bytes) -> Iterator[Stretch]:
    """All of a WARC file. Each stretch must be read to its end before the next is taken."""
    if not is_gzip(source):
        yield PlainStretch(source, source.start)
        return
    member = Member(source, source.start)
    # What may be scanned twice after members that run past where they are damaged.
    spare = 4 * (source.end - source.start) + _READ
    while member.offset < source.end:
        stretch = GzipStretch(source, member)
        yield stretch
        if stretch.fault is None and stretch.following:
            member = stretch.following
            continue
        spare -= stretch.read_to - stretch.fault_offset
        start = stretch.fault_offset if spare > 0 else stretch.read_to
        member = Member(source, find_member(source, max(start, stretch.fault_offset + 1)))


def stretch_at(source: Bytes, offset: int) -> Stretch:
    """The stretch that begins at an offset."""
    if source.read(offset, len(MAGIC)) == MAGIC:
        return GzipStretch(source, Member(source, offset))
    return PlainStretch(source, offset)
