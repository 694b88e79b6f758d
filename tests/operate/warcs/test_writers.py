"""Pages are read from files as other tools write them: wget, Heritrix, Browsertrix, warcio."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from tests.capture.harness import warc_record, zstd
from tests.operate.warcs.harness import LISTING, THEN, TITLE, URL, Warcs, article

PAGE = article()
HALF = len(PAGE) // 2
CHUNKED = b"%x;a=b\r\n" % HALF + PAGE[:HALF] + b"\r\n%x\r\n" % (len(PAGE) - HALF) + PAGE[HALF:] + b"\r\n0\r\n\r\n"


def by_hand(
    block: bytes, *fields: tuple[str, str], url: str = URL, kind: str = "response", version: str = "1.0"
) -> bytes:
    named = (("WARC-Type", kind), ("WARC-Target-URI", url), ("WARC-Date", THEN), *fields)
    return warc_record(block, *named, version=version)


def response(body: bytes = PAGE, headers: str = "", **options: str) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{headers}\r\n".encode() + body
    content_type = ("Content-Type", "application/http;msgtype=response")
    return by_hand(block, content_type, **options)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("compressed", [True, False], ids=["gzip", "plain"])
def test_file_of_warcio(warcs: Warcs, version: str, compressed: bool) -> None:
    path = warcs.foreign("site.warc.gz" if compressed else "site.warc", gzip=compressed, version=version)
    assert warcs.counts(path.page(URL, PAGE).write()) == {"pages": 1, "new": 1}
    assert warcs.articles() == {URL: TITLE}


FORMS = {
    "one member for all": lambda parts: gzip.compress(b"".join(parts)),
    "members cut anywhere": lambda parts: gzip.compress(b"".join(parts)[:700]) + gzip.compress(b"".join(parts)[700:]),
    "no compression": b"".join,
}


@pytest.mark.parametrize("form", FORMS)
def test_records_that_cannot_be_read_alone(warcs: Warcs, form: str) -> None:
    revisit = by_hand(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        ("Content-Type", "application/http"),
        ("WARC-Refers-To", "<urn:uuid:1>"),
        url=f"{LISTING}again.html",
        kind="revisit",
    )
    first = response().replace(b"WARC-Type", b"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Type", 1)
    assert warcs.counts(warcs.write(FORMS[form]([first, revisit]))) == {"pages": 2, "new": 2}
    assert warcs.problems() == []


ENCODINGS = {
    "chunked": (CHUNKED, "Transfer-Encoding: chunked\r\n"),
    "gzip": (gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
    "brotli": (brotli.compress(PAGE), "Content-Encoding: br\r\n"),
    "zstd": (zstd.compress(PAGE), "Content-Encoding: zstd\r\n"),
    "undone, the header kept": (PAGE, "Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_are_undone(warcs: Warcs, encoding: str) -> None:
    body, headers = ENCODINGS[encoding]
    assert warcs.counts(warcs.write(gzip.compress(response(body, headers)))) == {"pages": 1, "new": 1}
    assert warcs.articles() == {URL: TITLE}
    (capture,) = warcs.rows("SELECT body_digest, body_length FROM capture")
    assert capture == {"body_digest": "sha256:" + hashlib.sha256(PAGE).hexdigest(), "body_length": len(PAGE)}


def test_resource_of_a_browser_is_a_page(warcs: Warcs) -> None:
    assert warcs.counts(warcs.foreign().resource(URL, PAGE).write()) == {"pages": 1, "new": 1}
    assert warcs.problems() == []


def test_target_in_brackets_as_wget_writes_it(warcs: Warcs) -> None:
    assert warcs.counts(warcs.write(response(url=f"<{URL}>"))) == {"pages": 1, "new": 1}
    assert warcs.articles() == {URL: TITLE}


def test_what_is_no_page_is_passed_over_and_counted(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, PAGE).page(f"{LISTING}a.png", b"\x89PNG", Content_Type="image/png")
    file.page(f"{LISTING}a.css", b"a {}", Content_Type="text/css").page(f"{LISTING}b.jpg", b"<html>no", status="404 No")
    file.page("http://zsj.example.cn/robots.txt", b"User-agent: *", Content_Type="text/plain")
    file.resource("urn:pageinfo:http://zsj.example.cn/", b"{}", "application/json")
    file.other("metadata", URL, b"hops: 1").other("conversion", URL, PAGE).other("request", URL, b"")
    done = warcs.load(file.write())
    assert done.sources[0].run.counts["new"] == 1
    assert done.sources[0].run.counts["rejected"] == 0
    want = {"file": 3, "robots.txt": 1, "other": 1, "metadata": 1, "conversion": 1, "request": 1}
    assert dict(done.passed_over) == want


def test_record_larger_than_a_page_is_passed_over(warcs: Warcs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.operate.warcs.files.MAX_RECORD", 10_000)
    path = warcs.foreign().page(f"{LISTING}film.html", b"\0" * 20_000).page(URL, PAGE).write()
    done = warcs.load(path)
    assert (done.sources[0].run.counts["new"], done.damages) == (1, [])
    assert sum(done.passed_over.values()) == 1


def test_page_that_was_posted_keeps_what_was_posted(warcs: Warcs) -> None:
    request = by_hand(
        b"POST /zsdt/t1.html HTTP/1.1\r\nContent-Type: text/plain\r\n\r\npage=2",
        ("Content-Type", "application/http;msgtype=request"),
        ("WARC-Record-ID", "<urn:uuid:9>"),
        ("WARC-Concurrent-To", "<urn:uuid:1>"),
        kind="request",
    )
    first = response().replace(b"WARC-Type", b"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Type", 1)
    warcs.counts(warcs.write(first + request))
    (kept,) = (warcs.folder / "warc").rglob("*.warc.gz")
    assert b"POST /zsdt/t1.html HTTP/1.1" in gzip.decompress(kept.read_bytes())
    assert gzip.decompress(kept.read_bytes()).count(b"\r\n\r\npage=2\r\n\r\n") == 1


def test_capture_says_where_it_was_imported_from(warcs: Warcs, tmp_path: Path) -> None:
    warcs.counts(warcs.foreign("其他.warc.gz").page(URL, PAGE).write())
    (kept,) = (tmp_path / "warc" / "zsj").glob("*.warc.gz")
    text = gzip.decompress(kept.read_bytes()).decode()
    assert "importedFrom: 其他.warc.gz" in text
    assert "importedRecordID: <urn:uuid:" in text
