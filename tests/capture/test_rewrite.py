"""Records are taken out of a file, and nothing else of it changes."""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.capture import CaptureError, Place, read_record, rewrite_without, verify_file
from tests.capture.harness import exchange, only_file, records, warc_record, warcio_check, write
from tests.support import ROOT, environment


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    return write(tmp_path, [exchange(number, b"secret %d." % number * 40) for number in range(5)])


def test_record_is_gone_with_its_request_and_metadata(tmp_path: Path, places: list[Place]) -> None:
    rewritten = rewrite_without(only_file(tmp_path), [places[2].offset])
    assert len(rewritten.left_out) == 3
    text = gzip.decompress(rewritten.path.read_bytes())
    assert b"secret 2" not in text
    assert b"t20250304_2.html" not in text
    assert text.count(b"WARC-Type: response") == 4


def test_records_that_stay_are_found_by_their_new_offsets(tmp_path: Path, places: list[Place]) -> None:
    path = only_file(tmp_path)
    before = {record.offset: record for record in records(path)}
    rewritten = rewrite_without(path, [places[0].offset, places[3].offset])
    after = {record.offset: record for record in records(rewritten.path)}
    assert set(after) == set(rewritten.moved.values())
    assert set(before) == set(rewritten.moved) | set(rewritten.left_out)
    for old, new in rewritten.moved.items():
        assert after[new].fields == before[old].fields
        assert after[new].payload == before[old].payload
        assert after[new].length == before[old].length


def test_new_file_is_whole_and_beside_the_old_one(tmp_path: Path, places: list[Place]) -> None:
    path = only_file(tmp_path)
    content = path.read_bytes()
    rewritten = rewrite_without(path, [places[1].offset])
    assert rewritten.path.parent == path.parent
    assert rewritten.path.name.startswith(path.name[: -len("00000000.warc.gz")])
    assert path.read_bytes() == content
    assert verify_file(rewritten.path) == []
    assert warcio_check(rewritten.path) == 0


def test_places_that_stay_can_be_read_in_the_new_file(tmp_path: Path, places: list[Place]) -> None:
    rewritten = rewrite_without(only_file(tmp_path), [places[1].offset])
    last = places[4]
    moved = Place(rewritten.path.relative_to(tmp_path).as_posix(), rewritten.moved[last.offset], last.length)
    assert read_record(tmp_path, moved).payload == b"secret 4." * 40


def test_damaged_stretch_is_left_out_and_told(tmp_path: Path, places: list[Place]) -> None:
    path = only_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[places[3].offset + 40 : places[3].offset + 60] = bytes(20)
    path.write_bytes(content)
    rewritten = rewrite_without(path, [places[1].offset])
    assert [damage.offset for damage in rewritten.damages] == [places[3].offset]
    assert verify_file(rewritten.path) == []
    assert set(rewritten.moved) >= {places[0].offset, places[2].offset, places[4].offset}


def test_offset_of_no_record_is_refused(tmp_path: Path, places: list[Place]) -> None:
    path = only_file(tmp_path)
    with pytest.raises(CaptureError, match="has no record at byte 5"):
        rewrite_without(path, [places[0].offset, 5])
    assert only_file(tmp_path) == path


def test_file_of_one_member_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(warc_record(b"x") * 2))
    with pytest.raises(CaptureError, match="several records in one gzip member"):
        rewrite_without(path, [0])


def test_full_disk_leaves_the_old_file_alone(tmp_path: Path, places: list[Place]) -> None:
    path = only_file(tmp_path)
    content = path.read_bytes()
    code = (
        "import sys; from pathlib import Path; from crawler.capture import CaptureFull, rewrite_without\n"
        "try: rewrite_without(Path(sys.argv[1]), [])\n"
        "except CaptureFull as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
    )
    assert (done.stdout.count("have no room left"), done.stderr) == (1, "")
    assert only_file(tmp_path) == path
    assert path.read_bytes() == content
