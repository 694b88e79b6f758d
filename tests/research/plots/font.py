"""A font made for tests: every Chinese character is one square, or nothing. Only the tables that renderers ask for."""

from __future__ import annotations

import struct

_UNITS = 1000
FAMILY = "Noto Sans SC"


def font(*, square: bool) -> bytes:
    """A TrueType file (https://learn.microsoft.com/typography/opentype/spec/) of two glyphs."""
    glyph = _square() if square else b""
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(),
        b"glyf": glyph or b"\0\0\0\0",
        b"head": _head(),
        b"hhea": struct.pack(">IhhhHhhhhhh8xhH", 0x10000, 900, -100, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", 1000, 0, 1000, 0),
        b"loca": struct.pack(">III", 0, 0, len(glyph)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name(),
        b"post": struct.pack(">IihhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes]) -> bytes:
    head = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)
    at = len(head) + 16 * len(tables)
    records, contents = b"", b""
    for tag, content in sorted(tables.items()):
        padded = content + b"\0" * (-len(content) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        records += struct.pack(">4sIII", tag, total, at + len(contents), len(content))
        contents += padded
    return head + records + contents


def _square() -> bytes:
    outline = struct.pack(">hhhhh", 1, 100, 0, 900, 800) + struct.pack(">HH", 3, 0) + b"\x01\x01\x01\x01"
    return outline + struct.pack(">hhhh", 100, 0, 800, 0) + struct.pack(">hhhh", 0, 800, 0, -800)


def _cmap() -> bytes:
    """Format 13: a whole range of characters is one glyph."""
    ranges = struct.pack(">HHIIIIII", 13, 0, 28, 0, 1, 0x4E00, 0x9FFF, 1)
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + ranges


def _head() -> bytes:
    first = struct.pack(">IIIIHH", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS)
    return first + struct.pack(">qqhhhhHHhhh", 0, 0, 0, 0, 1000, 900, 0, 8, 2, 1, 0)


def _os2() -> bytes:
    first = struct.pack(">HhHHH", 3, 1000, 400, 5, 0) + struct.pack(">10h", *([0] * 10)) + struct.pack(">h", 0)
    second = b"\0" * 10 + struct.pack(">IIII", 0, 0, 0, 0) + b"test" + struct.pack(">HHH", 64, 0x4E00, 0x9FFF)
    return (
        first
        + second
        + struct.pack(">hhhHH", 900, -100, 0, 900, 100)
        + struct.pack(">IIhhHHH", 0, 0, 500, 700, 0, 0, 0)
    )


def _name() -> bytes:
    named = {1: FAMILY, 2: "Regular", 4: FAMILY, 6: "NotoSansSC-Test"}
    records, texts = b"", b""
    for number, text in named.items():
        content = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(content), len(texts))
        texts += content
    return struct.pack(">HHH", 0, len(named), 6 + len(records)) + records + texts
