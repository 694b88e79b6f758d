"""Taking records out of a capture file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.capture.errors import CaptureError, explain
from crawler.capture.files import GrowingFile, sibling_name
from crawler.capture.members import Bytes
from crawler.capture.reader import iter_records
from crawler.capture.values import Damage

_COPIED = 1024 * 1024


@dataclass(slots=True, frozen=True)
class Rewritten:
    """A file written anew: `moved` maps each record that was kept from its old offset to the new one.

    `left_out` are the old offsets of what was taken out. `damages` could not be read, and so was left out too.
    """

    path: Path
    moved: Mapping[int, int]
    left_out: tuple[int, ...]
    damages: tuple[Damage, ...]


@dataclass(slots=True, frozen=True)
class _Extent:
    offset: int
    length: int
    names: frozenset[str]


def rewrite_without(
    path: Path, offsets: Collection[int], *, target: Path | None = None, known_only: bool = True
) -> Rewritten:
    """Write a file anew beside the old one, without the records at these offsets and those concurrent to them.

    `target` names the new file, a `known_only` of False passes over offsets where no record begins. What is kept is
    copied byte by byte, and the new file is on the disk when this returns; the old one is left alone. A revisit
    elsewhere of a payload that is taken out has none from then on. Raises CaptureError where an offset is no record's,
    where records share a gzip member, and where the new file cannot be written.
    """
    extents, damages = _survey(path)
    unknown = set(offsets) - {extent.offset for extent in extents}
    if unknown and known_only:
        raise CaptureError(f"The capture file {path} has no record at byte {min(unknown)}.")
    gone = _gone(extents, offsets)
    target = target or path.with_name(sibling_name(path.name))
    try:
        moved = _copy(path, target, [extent for extent in extents if extent.offset not in gone])
    except OSError as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise explain(error, target) from error
    return Rewritten(target, moved, tuple(sorted(gone)), tuple(damages))


def _survey(path: Path) -> tuple[list[_Extent], list[Damage]]:
    extents: list[_Extent] = []
    damages: list[Damage] = []
    for found in iter_records(path):
        if isinstance(found, Damage):
            damages.append(found)
        elif found.length is None:
            raise CaptureError(
                f"The capture file {path} has several records in one gzip member at byte {found.offset}."
            )
        else:
            names = (value for name, value in found.fields if name.lower() in ("warc-record-id", "warc-concurrent-to"))
            extents.append(_Extent(found.offset, found.length, frozenset(names)))
    return extents, damages


def _gone(extents: list[_Extent], offsets: Collection[int]) -> frozenset[int]:
    """These offsets and those of the records of the same exchanges, which name each other."""
    names = {name for extent in extents if extent.offset in offsets for name in extent.names}
    return frozenset(extent.offset for extent in extents if extent.offset in offsets or names & extent.names)


def _copy(path: Path, target: Path, kept: list[_Extent]) -> dict[int, int]:
    moved: dict[int, int] = {}
    with path.open("rb") as file:
        source = Bytes(file)
        grown = GrowingFile(target)
        try:
            for extent in kept:
                moved[extent.offset] = grown.size
                end = extent.offset + extent.length
                for at in range(extent.offset, end, _COPIED):
                    grown.append(source.read(at, min(_COPIED, end - at)))
            grown.sync()
        finally:
            grown.close()
    return moved
