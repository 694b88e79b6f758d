"""Pages that no server meant to send: saved ones, broken as networks, editors and attackers break them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

Mutation = Callable[[random.Random, bytearray, Sequence[bytes]], None]

_MARKUP = (
    *(b"<", b">", b'"', b"'", b"&", b"=", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<!--", b"-->", b"]]>", b"<![CDATA["),
    *(b"<script>", b"</script>", b"<style>", b"<textarea>", b"<title>", b"<plaintext>", b"<svg><style>", b"<math>"),
    *(b"</div>", b"</body>", b"</html>", b"<table>", b"</table>", b"<tr><td>", b"<li>", b"<p>", b"<a href=", b"<form>"),
    *(b'<base href="http://[">', b'<a href="http://[::1">x</a>', b'<a href="//">y</a>', b"<a href='javascript:'>z</a>"),
    *(b'<meta http-equiv="refresh" content="0;url=', b'<meta name="PubDate" content="99999-99-99">', b"<img src=>"),
)
_ENTITIES = (
    b"&#x110000;",
    b"&#xD800;",
    b"&#0;",
    b"&#-1;",
    b"&nbsp" * 9,
    b"&amp;amp;",
    b"&#99999999999;",
    b"&x;",
    b"&lt;p>",
)
_CHARSETS = (
    b"gb2312",
    b"utf-16",
    b"utf-7",
    b"iso-2022-kr",
    b"x-user-defined",
    b"base64",
    b"\xff",
    b"",
    b"idna",
    b"hex",
)
_TEXTS = tuple(
    text.encode()
    for text in (
        "2026年13月45日",
        "0000-00-00",
        "发布时间：",
        "来源：",
        "上一页 下一页",
        "共999999999页",
        "　" * 50,
        "－" * 80,
    )
)


def mutants(pages: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """So many broken pages, the same ones for the same seed and pages."""
    chance = random.Random(seed)
    for _ in range(count):
        page = bytearray(chance.choice(pages))
        for _ in range(chance.choice((1, 1, 2, 4, 12))):
            chance.choice(_MUTATIONS)(chance, page, pages)
        yield bytes(page)


def _place(chance: random.Random, page: bytearray) -> int:
    return chance.randrange(len(page) + 1)


def _flip(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 200)):
        if page:
            page[chance.randrange(len(page))] ^= 1 << chance.randrange(8)


def _truncate(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    del page[_place(chance, page) :]


def _behead(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    del page[: _place(chance, page)]


def _remove(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    start = _place(chance, page)
    del page[start : start + chance.randint(1, 5_000)]


def _repeat(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    start = _place(chance, page)
    chunk = page[start : start + chance.randint(1, 2_000)]
    page[start:start] = chunk * chance.choice((1, 1, 3, 30))


def _splice(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    other = chance.choice(pages)
    page[_place(chance, page) :] = other[chance.randrange(len(other) + 1) :]


def _insert(pieces: Sequence[bytes]) -> Mutation:
    def insert(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
        for _ in range(chance.choice((1, 3, 20))):
            place = _place(chance, page)
            page[place:place] = chance.choice(pieces) * chance.choice((1, 1, 1, 40))

    return insert


def _declare(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    page[0:0] = b'<meta charset="' + chance.choice(_CHARSETS) + b'">'


def _rewrite(chance: random.Random, page: bytearray, pages: Sequence[bytes]) -> None:
    text = page.decode("utf-8", "replace")
    page[:] = text.encode(chance.choice(("utf-16", "utf-32", "utf-16-be", "gb18030", "shift_jis", "cp1252")), "replace")


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _truncate, _behead, _remove, _repeat, _splice, _declare, _rewrite),
    *(_insert(_MARKUP), _insert(_ENTITIES), _insert(_TEXTS)),
)
