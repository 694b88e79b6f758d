"""What a body says once its transfer and content encodings are undone, within a limit."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from crawler.capture.members import salvage
from crawler.capture.values import Record, first_value

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BODY = 64 * 1024 * 1024
_MOST_ENCODINGS = 4
_STEP = 16 * 1024
_Inflater = type(zlib.decompressobj())
_CHUNK_LINE = re.compile(rb"[ \t]{0,8}([0-9A-Fa-f]{1,8})[ \t]{0,8}(?:;[^\r\n]{0,1024})?\r?\n")


@dataclass(slots=True, frozen=True)
class Payload:
    """A decoded body; `flaw` says in words what kept it from being decoded whole, None where nothing did."""

    body: bytes
    flaw: str | None = None


def payload_of(record: Record, limit: int = MAX_BODY) -> Payload:
    """The body of a record with its encodings undone, at most `limit` bytes of it. Raises nothing.

    A body that is not encoded as its headers claim is given as it is: many tools undo the encoding and keep the header.
    """
    payload = Payload(unchunked(record))
    names = [name.strip().lower() for name in (record.header("Content-Encoding") or "").split(",")]
    encodings = [name for name in names if name not in ("", "identity")]
    if len(encodings) > _MOST_ENCODINGS:
        return Payload(payload.body[:limit], f"it is encoded {len(encodings)} times over")
    for name in reversed(encodings):
        decode = _DECODERS.get(name)
        if decode is None:
            return Payload(payload.body[:limit], f"its encoding {name[:40]!r} is unknown")
        if payload.body:
            payload = decode(payload.body, limit)
        if payload.flaw:
            break
    if len(payload.body) > limit:
        return Payload(payload.body[:limit], f"it is larger than {limit} bytes")
    return payload


def unchunked(record: Record) -> bytes:
    """The payload with its chunks joined, where the record kept them. What is no chunk stays as it is."""
    encoding = first_value(record.headers, "Transfer-Encoding") or ""
    return _join_chunks(record.payload) if "chunked" in encoding.lower() else record.payload


def _join_chunks(content: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while match := _CHUNK_LINE.match(content, at):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(pieces)
        end = match.end() + size
        pieces.append(content[match.end() : end])
        at = end + 2 if content[end : end + 2] == b"\r\n" else end
        if at >= len(content):
            return b"".join(pieces)
    return b"".join((*pieces, content[at:]))


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _in_steps(content: bytes, limit: int, begin: Callable[[], _Decoder], name: str) -> Payload:
    """Decode a body of one or more members; what follows the last one is no part of it."""
    pieces: list[bytes] = []
    at, room, members = 0, limit + 1, 0
    while at < len(content) and room > 0:
        decoder = begin()
        while not decoder.eof and room > 0:
            step = content[at : at + _STEP]
            if not step:
                return Payload(b"".join(pieces), f"its {name} encoding ends too early")
            before = decoder.copy() if isinstance(decoder, _Inflater) else None
            try:
                piece = decoder.decompress(step, room)
            except (zlib.error, zstd.ZstdError):
                pieces.append(salvage(before, step)[:room] if before else b"")
                return _broken_off(content, pieces, members, name)
            pieces.append(piece)
            room -= len(piece)
            at += len(step) - len(decoder.unused_data)
        members += 1
    return Payload(b"".join(pieces))


def _broken_off(content: bytes, pieces: list[bytes], members: int, name: str) -> Payload:
    body = b"".join(pieces)
    if members and not pieces[-1]:
        return Payload(body)
    return Payload(body, f"its {name} encoding is damaged") if body else Payload(content)


def _gzip(content: bytes, limit: int) -> Payload:
    return _in_steps(content, limit, lambda: zlib.decompressobj(zlib.MAX_WBITS + 16), "gzip")


def _deflate(content: bytes, limit: int) -> Payload:
    # "deflate" is zlib's format by the standard, and the bare stream by the habit of some servers.
    in_zlib_format = len(content) > 1 and content[0] & 15 == 8 and (content[0] << 8 | content[1]) % 31 == 0
    bits = zlib.MAX_WBITS if in_zlib_format else -zlib.MAX_WBITS
    return _in_steps(content, limit, lambda: zlib.decompressobj(bits), "deflate")


def _zstd(content: bytes, limit: int) -> Payload:
    return _in_steps(content, limit, zstd.ZstdDecompressor, "zstd")


def _brotli(content: bytes, limit: int) -> Payload:
    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    room = limit + 1
    try:
        while room > 0 and not decoder.is_finished():
            piece: bytes = decoder.process(content, output_buffer_limit=room)
            content = b""
            pieces.append(piece)
            room -= len(piece)
            if not piece and decoder.can_accept_more_data():
                return Payload(b"".join(pieces), "its brotli encoding ends too early")
    except brotli.error:
        return Payload(b"".join(pieces), "its brotli encoding is damaged") if any(pieces) else Payload(content)
    return Payload(b"".join(pieces))


_DECODERS: dict[str, Callable[[bytes, int], Payload]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
