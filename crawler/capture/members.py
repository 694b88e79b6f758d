"""The gzip members of a file, one after the other, as far as each can be read."""

from __future__ import annotations

import io
import re
import zlib
from typing import BinaryIO

MAGIC = b"\x1f\x8b"
OPENING = b"WARC/"
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_READ = 16 * 1024
_SCAN = 64 * 1024
_OPENING_INPUT = 1024  # compressed bytes that are enough for the first five
_INFLATED = 256 * 1024  # one call of zlib gives no more, however small what it was given


class Torn(Exception):
    """A gzip member that cannot be read to its end; the text says why."""


class Bytes:
    """A file or a part of one, read at any position."""

    def __init__(self, file: BinaryIO, start: int = 0, size: int | None = None) -> None:
        self._file = file
        self.start = start
        available = file.seek(0, io.SEEK_END)
        self.end = available if size is None else min(available, start + size)

    def read(self, position: int, size: int) -> bytes:
        """Up to this many bytes, fewer only at the end."""
        self._file.seek(position)
        return self._file.read(max(0, min(size, self.end - position)))


class Member:
    """One gzip member, inflated piece by piece."""

    def __init__(self, source: Bytes, offset: int) -> None:
        self.offset = offset
        self.position = offset  # up to where compressed bytes were used; the member's end once it is read through
        self._source = source
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
        self._input = b""
        self._peeked = b""
        self._torn: Torn | None = None

    def peek(self, size: int) -> bytes:
        """The first bytes, fewer only where the member holds no more. Raises Torn."""
        while len(self._peeked) < size and (piece := self._inflate()):
            self._peeked += piece
        return self._peeked[:size]

    def read(self) -> bytes:
        """The next piece, empty at the member's end. Raises Torn where it breaks off, after what could be read."""
        if self._peeked:
            piece, self._peeked = self._peeked, b""
            return piece
        return self._inflate()

    def _inflate(self) -> bytes:
        if self._torn:
            raise self._torn
        while not self._inflater.eof:
            if not self._input:
                self._input = self._source.read(self.position, _READ)
            at_end = not self._input
            before = self._inflater.copy()
            try:
                piece = self._inflater.decompress(self._input, _INFLATED)  # without input: what it still holds
            except zlib.error as error:
                self._torn = Torn(f"the gzip member is damaged ({_reason(error)})")
                piece = salvage(before, self._input)
                if piece:
                    return piece
                raise self._torn from None
            left = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            self.position += len(self._input) - len(left)
            self._input = left
            if piece:
                return piece
            if at_end:
                raise Torn("the file ends inside a gzip member")
        return b""


def salvage(inflater: zlib._Decompress, content: bytes) -> bytes:
    """What was inflated before the byte at which zlib gave up, which it does not return itself."""
    pieces = []
    try:
        for at in range(len(content)):
            pieces.append(inflater.decompress(content[at : at + 1], _INFLATED))
    except zlib.error:
        pass
    return b"".join(pieces)


def _reason(error: zlib.error) -> str:
    return str(error).rpartition(": ")[2]


def find_member(source: Bytes, start: int) -> int:
    """Where the next gzip member that begins a WARC record begins, at or after `start`; the file's end without one."""
    while start < source.end:
        window = source.read(start, _SCAN)
        for match in _MEMBER.finditer(window):
            at = match.start()
            opening = window[at : at + _OPENING_INPUT]
            if _begins_record(opening if len(opening) == _OPENING_INPUT else source.read(start + at, _OPENING_INPUT)):
                return start + at
        start += max(len(window) - 3, 1)  # a signature may lie across two windows
    return source.end


def _begins_record(content: bytes) -> bool:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(content, len(OPENING)) == OPENING
    except zlib.error:
        return False


def is_gzip(source: Bytes) -> bool:
    """Whether a WARC file is compressed, even where its first bytes are damaged."""
    opening = source.read(source.start, len(OPENING))
    if opening == OPENING:
        return False
    return opening.startswith(MAGIC) or find_member(source, source.start) < source.end
