"""Whatever a server answers is read back as it was."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.capture import Exchange, read_record
from tests.capture.harness import exchange, records, write

NAMES = st.text(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~", min_size=1, max_size=30)
LATIN_1 = st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0")
VALUES = st.text(LATIN_1, max_size=60).map(lambda value: value.strip(" \t"))
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=8).map(tuple)
URLS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="<>"), max_size=60
).map("http://a.cn/{}".format)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warc")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(url=URLS, headers=HEADERS, payload=st.binary(max_size=3000), status=st.integers(100, 599), reason=VALUES)
def test_exchange_is_read_back_as_it_was(
    root: Path, url: str, headers: tuple[tuple[str, str], ...], payload: bytes, status: int, reason: str
) -> None:
    headers = tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")
    asked: Exchange = exchange(payload=payload, url=url, response_headers=headers, status=status, reason=reason)
    (place,) = write(root, [asked])
    record = read_record(root, place)
    assert (record.url, record.status, record.headers, record.payload) == (url, status, headers, payload)
    assert record.reason == reason.strip()
    assert records(root / place.path)[1].payload == payload


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=80),
    headers=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=20)), max_size=4).map(tuple),
)
def test_nothing_that_is_written_harms_its_file(root: Path, text: str, headers: tuple[tuple[str, str], ...]) -> None:
    hostile = exchange(
        payload=text.encode("utf-8", "replace"),
        url=text,
        reason=text,
        method=text,
        protocol=text,
        ip_address=text,
        response_headers=headers,
        request_headers=headers,
        notes=headers,
    )
    (place,) = write(root, [hostile, exchange()])[:1]
    assert [record.kind for record in records(root / place.path)] == [
        "warcinfo",
        *["response", "request", "metadata"] * 2,
    ]
    assert read_record(root, place).payload == hostile.payload
