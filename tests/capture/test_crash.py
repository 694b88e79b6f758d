"""What is left after a process that wrote captures was killed, or had no room left. Real processes, real signals."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.capture import Damage, Place, iter_records, read_record
from tests.capture.harness import SOURCE, warcio_records
from tests.support import ROOT, environment

# Keeps pages without end, and says which it may rely on after each sync.
CRAWL = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.capture import CaptureError, CaptureFull, Exchange, WarcWriter

root, most = Path(sys.argv[1]), int(sys.argv[2])
writer = WarcWriter(root, "trs-huangshi", software="test", max_bytes=600_000)
at = datetime(2025, 1, 1, tzinfo=UTC)
number = 0
try:
    while number < most:
        tickets = []
        for _ in range(5):
            payload = b"%d:" % number + os.urandom(3000)
            page = Exchange(f"http://a.cn/{number}", at, 200, payload=payload)
            tickets.append((payload[:20].hex(), writer.write(page)))
            number += 1
        writer.sync()
        for opening, ticket in tickets:
            place = ticket.place()
            print(json.dumps([opening, place.path, place.offset, place.length]))
        sys.stdout.flush()
    writer.close()
except CaptureFull as error:
    print(f"full: {error}", file=sys.stderr)
    try:
        writer.write(Exchange("http://a.cn/more", at, 200, payload=b"more"))
    except CaptureError:
        print("nothing more is taken", file=sys.stderr)
"""


def acknowledged(lines: list[str]) -> list[tuple[str, Place]]:
    """What the process said it may rely on; a line that was cut off was not said."""
    found = []
    for line in lines:
        if line.endswith("]\n"):
            opening, path, offset, length = json.loads(line)
            found.append((opening, Place(path, offset, length)))
    return found


def assert_all_readable(root: Path, said: list[tuple[str, Place]]) -> None:
    for opening, place in said:
        assert read_record(root, place).payload[:20].hex() == opening


def kill_after(root: Path, lines: int) -> list[tuple[str, Place]]:
    """Run the crawl, kill it without warning once it has said so many lines, and give all it said."""
    command = [sys.executable, "-c", CRAWL, str(root), "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        heard += process.stdout.readlines()
        assert process.wait() == -signal.SIGKILL
    return acknowledged(heard)


def test_what_was_synced_before_a_kill_is_readable(tmp_path: Path) -> None:
    said = kill_after(tmp_path, random.randrange(30, 400))
    assert_all_readable(tmp_path, said)


@pytest.mark.nightly
@pytest.mark.parametrize("run", range(20))
def test_what_was_synced_before_any_kill_is_readable(tmp_path: Path, run: int) -> None:
    said = kill_after(tmp_path, random.Random(run).randrange(1, 900))
    assert_all_readable(tmp_path, said)


def test_files_left_by_a_kill_are_whole_but_for_their_end(tmp_path: Path) -> None:
    kill_after(tmp_path, 333)
    files = sorted((tmp_path / SOURCE).iterdir())
    assert len(files) > 1
    for path in files:
        found = list(iter_records(path))
        assert not any(isinstance(one, Damage) for one in found[:-1])
    for path in files[:-1]:
        assert len(warcio_records(path)) == len(list(iter_records(path)))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A crawl whose files may not grow beyond 200 KB."""
    root = tmp_path_factory.mktemp("warc")
    done = subprocess.run(
        [sys.executable, "-c", CRAWL, str(root), "1000"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
    )
    return root, done


def test_disk_without_room_is_one_sentence(full: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    root, done = full
    assert done.stderr.splitlines() == [
        f"full: The captures in {root / SOURCE} have no room left; free some space and run the command again.",
        "nothing more is taken",
    ]


def test_what_was_synced_before_the_disk_was_full_is_readable(
    full: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, done = full
    said = acknowledged(done.stdout.splitlines(keepends=True))
    assert len(said) > 20
    assert_all_readable(root, said)


def test_file_that_met_the_full_disk_ends_with_a_whole_record(
    full: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, _ = full
    (path,) = (root / SOURCE).iterdir()
    assert not any(isinstance(one, Damage) for one in iter_records(path))
    assert 190_000 < path.stat().st_size <= 200_000
