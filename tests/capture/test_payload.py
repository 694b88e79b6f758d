"""Bodies that do not decode: bombs, cut and damaged ones, and headers that lie."""

from __future__ import annotations

import gzip
import os
import zlib

import brotli  # type: ignore[import-untyped]
import pytest

from crawler.capture import Payload, Record, payload_of, unchunked
from tests.capture.harness import PAGE, zstd

ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
LIMIT = 100_000


def record(payload: bytes, *headers: tuple[str, str]) -> Record:
    return Record("response", "http://a.cn/", None, (), payload, 0, None, "HTTP/1.1 200 OK", 200, "OK", headers)


def encoded(name: str, payload: bytes) -> Record:
    return record(payload, ("Content-Encoding", name))


@pytest.mark.parametrize("name", ENCODERS)
def test_bomb_is_cut_at_the_limit(name: str) -> None:
    bomb = ENCODERS[name](b"0" * 30_000_000)
    assert payload_of(encoded(name, bomb), LIMIT) == Payload(b"0" * LIMIT, f"it is larger than {LIMIT} bytes")


@pytest.mark.parametrize("name", ENCODERS)
def test_body_of_exactly_the_limit_is_whole(name: str) -> None:
    body = os.urandom(LIMIT)
    assert payload_of(encoded(name, ENCODERS[name](body)), LIMIT) == Payload(body)


def test_bomb_in_a_bomb_is_cut_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 50_000_000))
    assert len(payload_of(encoded("gzip, gzip", bomb), LIMIT).body) == LIMIT


@pytest.mark.parametrize("name", ENCODERS)
def test_body_that_ends_too_early_is_given_as_far_as_it_goes(name: str) -> None:
    body = os.urandom(60_000)
    cut = payload_of(encoded(name, ENCODERS[name](body)[:40_000]))
    assert cut.flaw is not None
    assert "ends too early" in cut.flaw
    assert body.startswith(cut.body)


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_body_that_is_damaged_is_given_as_far_as_it_goes(name: str) -> None:
    body = b"".join(b"%d," % number for number in range(50_000))
    broken = bytearray(ENCODERS[name](body))
    broken[len(broken) // 2 :] = b"\xff" * 100
    payload = payload_of(encoded(name, bytes(broken)))
    assert payload.flaw == f"its {name} encoding is damaged"
    assert len(payload.body) > 10_000
    assert payload.body[:10_000] == body[:10_000]


@pytest.mark.parametrize("name", ENCODERS)
def test_body_that_is_not_encoded_as_its_header_claims_is_given_as_it_is(name: str) -> None:
    assert payload_of(encoded(name, PAGE)) == Payload(PAGE)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_what_follows_the_encoded_body_is_no_part_of_it(name: str) -> None:
    assert payload_of(encoded(name, ENCODERS[name](PAGE) + b"\n<!-- cached -->")) == Payload(PAGE)


def test_body_of_many_small_members_is_read_in_linear_time() -> None:
    body = gzip.compress(b"a") * 50_000
    assert payload_of(encoded("gzip", body)) == Payload(b"a" * 50_000)


def test_unknown_encoding_is_left_on() -> None:
    assert payload_of(encoded("rot13", PAGE)) == Payload(PAGE, "its encoding 'rot13' is unknown")


def test_encodings_without_end_are_left_on() -> None:
    assert payload_of(encoded(",".join(["gzip"] * 50), PAGE)) == Payload(PAGE, "it is encoded 50 times over")


@pytest.mark.parametrize("name", ENCODERS)
def test_empty_body_is_empty(name: str) -> None:
    assert payload_of(encoded(name, b"")) == Payload(b"")


@pytest.mark.parametrize(
    ("payload", "joined"),
    [
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"3\r\nabc\r\n 2 ;q\r\nde\r\n0\r\nTrailer: x\r\n\r\n", b"abcde"),
        (b"3\r\nabc\r\n9\r\ncut", b"abccut"),
        (b"3\r\nabc\r\n", b"abc"),
        (b"<html>no chunk</html>", b"<html>no chunk</html>"),
        (b"", b""),
    ],
)
def test_chunks_are_joined(payload: bytes, joined: bytes) -> None:
    assert unchunked(record(payload, ("transfer-encoding", "Chunked"))) == joined
