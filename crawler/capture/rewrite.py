"""Taking records out of a capture file, and copying some of them into another."""

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
    kind: str
    payload_digest: str | None


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
    gone = _exchanges(extents, offsets)
    target = target or path.with_name(sibling_name(path.name))
    try:
        moved = _copy(path, target, [extent for extent in extents if extent.offset not in gone])
    except OSError as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise explain(error, target) from error
    return Rewritten(target, moved, tuple(sorted(gone)), tuple(damages))


def copy_records(path: Path, wanted: Mapping[int, str | None], target: Path) -> Rewritten:
    """Copy records into a new file, each with those concurrent to it, below the file's own description of itself.

    `wanted` are the offsets of the records, with the payload digest that each must claim. Every record of the file is
    read, and its digests are checked; what is damaged, or is not the record that is wanted, is not in `moved` and
    named in `damages`, as is a file that cannot be read. Records are copied byte by byte, and the new file is on the
    disk when this returns; there is none where nothing was moved. Raises CaptureError where it cannot be written.
    """
    try:
        extents, damages = _survey(path)
    except (OSError, CaptureError) as error:
        reason = f"the file cannot be read ({error.strerror or error})" if isinstance(error, OSError) else str(error)
        return Rewritten(target, {}, (), (Damage(str(path), min(wanted, default=0), reason),))
    there = {extent.offset: extent for extent in extents}
    right = [
        offset for offset, claimed in wanted.items() if offset in there and there[offset].payload_digest == claimed
    ]
    kept = _exchanges(extents, right)
    beside = [extent for extent in extents if extent.kind == "warcinfo" or extent.offset in kept]
    moved: Mapping[int, int] = {}
    if right:
        try:
            moved = _copy(path, target, beside)
        except OSError as error:
            if not isinstance(error, FileExistsError):
                with suppress(OSError):
                    target.unlink(missing_ok=True)
            raise explain(error, target) from error
    lost = [_lost(path, offset, offset in there, damages) for offset in sorted(wanted.keys() - set(right))]
    return Rewritten(target, {offset: moved[offset] for offset in right}, (), tuple(lost))


def _lost(path: Path, offset: int, is_there: bool, damages: list[Damage]) -> Damage:
    """Why a wanted record is not copied."""
    if is_there:
        return Damage(str(path), offset, "it is not the record that the archive names")
    before = [damage for damage in damages if damage.offset <= offset]
    return Damage(str(path), offset, before[-1].reason if before else "no record begins there")


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
            claimed = found.field("WARC-Payload-Digest")
            extents.append(_Extent(found.offset, found.length, frozenset(names), found.kind, claimed))
    return extents, damages


def _exchanges(extents: list[_Extent], offsets: Collection[int]) -> frozenset[int]:
    """These offsets and those of the records of the same exchanges, which name each other."""
    given = set(offsets)
    names = {name for extent in extents if extent.offset in given for name in extent.names}
    return frozenset(extent.offset for extent in extents if extent.offset in given or names & extent.names)


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
