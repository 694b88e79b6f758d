"""Whether a capture file is whole."""

from __future__ import annotations

from pathlib import Path

from crawler.capture.reader import iter_records
from crawler.capture.values import Damage


def verify_file(path: Path) -> list[Damage]:
    """What is damaged in a WARC file: members cut short or with a wrong checksum, wrong lengths, wrong digests.

    An empty file, as a crash may leave one, is whole. Raises OSError where the file cannot be read.
    """
    return [found for found in iter_records(path) if isinstance(found, Damage)]
