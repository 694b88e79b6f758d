"""Captures of any tool are read: revisits, chunks, encodings, files compressed as a whole, WACZ, damaged ones."""

from __future__ import annotations

import gzip
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.fetch.fixture_site import SiteError
from crawler.fetch.replay import ReplayError, opened
from tests.fetch.replay.warcs import HOST, ask, body_of, packed, page, record, response, write
from tests.support import finished

REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def test_revisit_answers_with_the_payload_it_refers_to(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", b"<p>same</p>")])
    file = write(tmp_path, [page("/b.html", b"<p>same</p>"), page("/c.html", b"<p>same</p>")])
    assert b"revisit" in gzip.decompress(file.read_bytes())
    assert body_of(tmp_path, "/c.html") == b"<p>same</p>"


def test_revisit_without_its_original_is_missing_and_told(tmp_path: Path) -> None:
    fields = (("WARC-Refers-To-Target-URI", f"{HOST}/gone.html"), ("WARC-Profile", REVISIT))
    (tmp_path / "a.warc").write_bytes(
        record("revisit", b"", *fields, url=f"{HOST}/a.html") + response(f"{HOST}/b", b"b")
    )
    with opened(tmp_path) as answers:
        assert ask(answers, "/a.html") is None
        assert "is not in the archive" in answers.damages[0]


def test_not_modified_answers_with_the_page_of_before(tmp_path: Path) -> None:
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    fields = (
        ("WARC-Refers-To-Target-URI", f"{HOST}/a.html"),
        ("WARC-Refers-To-Date", "2025-03-04T05:06:07Z"),
        ("WARC-Date", "2025-03-05T05:06:07Z"),
        ("Content-Type", "application/http;msgtype=response"),
    )
    text = record("revisit", head, *fields, url=f"{HOST}/a.html").replace(
        b"WARC-Date: 2025-03-04T05:06:07Z\r\n", b"", 1
    )
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/a.html", b"page") + text)
    with opened(tmp_path) as answers:
        answer = ask(answers, "/a.html")
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"page")


def test_chunks_are_joined(tmp_path: Path) -> None:
    chunked = b"4\r\n<p>a\r\n4\r\n</p>\r\n0\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/a", chunked, more="Transfer-Encoding: chunked\r\n"))
    assert body_of(tmp_path, "/a") == b"<p>a</p>"


@pytest.mark.parametrize(("name", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_content_encoding_is_undone(tmp_path: Path, name: str, encode: Callable[[bytes], bytes]) -> None:
    body = encode(b"<p>page</p>")
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/a", body, more=f"Content-Encoding: {name}\r\n"))
    with opened(tmp_path) as answers:
        answer = ask(answers, "/a")
    assert answer is not None
    assert (answer.body, answer.payload) == (b"<p>page</p>", body)


def test_encoding_that_was_undone_before_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(response(f"{HOST}/a", b"<p>page</p>", more="Content-Encoding: gzip\r\n"))
    assert body_of(tmp_path, "/a") == b"<p>page</p>"


def test_bytes_of_gbk_pages_stay_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", "招商动态".encode("gbk"))])
    assert body_of(tmp_path, "/a.html") == "招商动态".encode("gbk")


def test_file_compressed_as_a_whole_is_read(tmp_path: Path) -> None:
    records = [response(f"{HOST}/{number}", f"page {number}".encode()) for number in range(5)]
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(records)))
    assert [body_of(tmp_path, f"/{number}") for number in (4, 0)] == [b"page 4", b"page 0"]


def test_resource_of_another_tool_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(
        record("resource", b"<p>page</p>", ("Content-Type", "text/html"), url=f"{HOST}/a")
    )
    with opened(tmp_path) as answers:
        answer = ask(answers, "/a")
    assert answer is not None
    assert (answer.status, answer.headers, answer.body) == (200, (("Content-Type", "text/html"),), b"<p>page</p>")


def test_folder_is_read_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "warc", [page("/a.html", b"a")], "one")
    write(tmp_path / "deep" / "warc", [page("/b.html", b"b")], "two")
    assert [body_of(tmp_path, path) for path in ("/a.html", "/b.html")] == [b"a", b"b"]


def test_wacz_is_read(tmp_path: Path) -> None:
    file = write(tmp_path / "warc", [page("/a.html", b"a")])
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.write(file, "archive/data.warc.gz")
        archive.writestr("pages/pages.jsonl", "{}")
    assert body_of(tmp_path / "a.wacz", "/a.html") == b"a"


def test_damage_in_the_middle_is_told_with_file_and_byte_and_the_rest_answers(tmp_path: Path) -> None:
    first, second, third = (packed(response(f"{HOST}/{name}", name.encode() * 50)) for name in "abc")
    broken = second[:40] + b"\xff" * 9 + second[49:]
    (tmp_path / "a.warc.gz").write_bytes(first + broken + third)
    with opened(tmp_path) as answers:
        assert [ask(answers, f"/{name}") is not None for name in "abc"] == [True, False, True]
        assert [damage.partition(": ")[0] for damage in answers.damages] == [
            f"{tmp_path / 'a.warc.gz'}, byte {len(first)}"
        ]


def test_empty_file_of_a_crash_beside_others_is_no_damage(tmp_path: Path) -> None:
    write(tmp_path, [page("/a.html", b"a")])
    (tmp_path / "moushi" / "empty.warc.gz").write_bytes(b"")
    with opened(tmp_path) as answers:
        assert (ask(answers, "/a.html") is not None, answers.damages) == (True, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"%PDF-1.7 no archive", "holds no captured response"), (b"", "holds no captured response")],
    ids=["no WARC", "empty"],
)
def test_file_without_responses_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    with pytest.raises(ReplayError, match=said) as error, opened(tmp_path / "a.warc"):
        pass
    assert "\n" not in str(error.value)


def test_empty_folder_and_missing_path_are_one_sentence(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "holds neither WARC files nor a site.yaml"), (tmp_path / "x", "There is no file")):
        with pytest.raises(ReplayError, match=said), opened(path):
            pass


def test_manifest_that_names_a_file_outside_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site" / "pages").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    manifest = f"{{name: site, origin: '{HOST}', routes: [{{url: '{HOST}/a', file: ../../secret.html}}]}}"
    (tmp_path / "site" / "site.yaml").write_text(manifest, encoding="utf-8")
    with pytest.raises(SiteError, match=r"routes\.0\.file"), opened(tmp_path / "site"):
        pass


PEAK = """
import resource, sys
from crawler.fetch.replay import opened
with opened(sys.argv[1]) as answers:
    print(answers.size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for number in (1_000, 20_000):
        file = tmp_path / f"{number}.warc"
        with file.open("wb") as out:
            for each in range(number):
                url = f"{HOST}/{each}/{'long-' * 40}.html"
                out.write(response(url, b"page", ("WARC-Record-ID", f"<urn:{each}>")))
        size, peak = finished([sys.executable, "-c", PEAK, str(file)], cwd=tmp_path).out.split()
        assert int(size) == number
        peaks.append(int(peak))
    assert peaks[1] - peaks[0] < 10 * 1024, "20,000 addresses in memory would take more than 10 MiB"
