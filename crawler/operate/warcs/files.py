"""The WARC files in what a user named: files as they are, and those inside a WACZ."""

from __future__ import annotations

import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.capture import Damage, Record, iter_records, read_record
from crawler.capture.values import Place
from crawler.operate.failure import ImportFailure

MAX_RECORD = 64 * 1024 * 1024
"""The largest record that is read, in bytes: larger ones are videos and packages, and memory stays flat."""

_ENDINGS = (".warc", ".warc.gz", ".wacz")
_WARC_OPENING, _ZIP_MAGIC, _GZIP_MAGIC = b"WARC/", b"PK\x03\x04", b"\x1f\x8b"
_MEMBERS = ("archive/",)
_LOCAL_HEADER, _LOCAL_SIGNATURE = struct.Struct("<4s22xHH"), b"PK\x03\x04"
_MOST_MEMBERS = 100_000
# A plain WARC deflates to about a tenth; what grows more than this is a bomb.
_MOST_GROWN = 50
_ENCRYPTED = 1


@dataclass(slots=True, frozen=True)
class WarcFile:
    """A WARC file, or the part of a file that is one. `name` is what the user knows it by."""

    name: str
    path: Path
    start: int = 0
    size: int | None = None

    @property
    def bytes(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size if self.size is None else self.size

    def records(self) -> Iterator[Record | Damage]:
        """Its records in their order, and what is damaged in between, by the byte of this file."""
        for found in iter_records(self.path, limit=MAX_RECORD, start=self.start, size=self.size):
            if isinstance(found, Damage):
                yield Damage(self.name, found.offset - self.start, found.reason, found.oversized)
            else:
                yield found

    def read(self, offset: int, length: int) -> Record:
        """One record, by the offset in `path` that `records` told. Raises CaptureError."""
        return read_record(self.path.parent, Place(self.path.name, offset, length))


def is_web_archive(path: Path) -> bool:
    """Whether a file is a WARC or WACZ, by its name or by how it begins."""
    if path.name.lower().endswith(_ENDINGS):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    if head.startswith(_GZIP_MAGIC):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(head, len(_WARC_OPENING))
        except zlib.error:
            return False
    return head.startswith(_WARC_OPENING)


def open_files(paths: Sequence[Path], scratch: Path) -> list[WarcFile]:
    """The WARC files in these files; `scratch` is a folder for those that a WACZ holds compressed.

    Raises ImportFailure for a file that cannot be read, is empty, or is a WACZ that holds no WARC file or is hostile.
    """
    found: list[WarcFile] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                head = file.read(4)
            if not head:
                raise ImportFailure(f"{path} is empty: there is nothing to import.")
            if path.name.lower().endswith(".wacz") or head == _ZIP_MAGIC:
                found += _members(path, scratch)
            else:
                found.append(WarcFile(str(path), path))
        except OSError as error:
            raise ImportFailure(f"{path} cannot be read: {error.strerror}.") from error
    return found


def _members(path: Path, scratch: Path) -> list[WarcFile]:
    try:
        with zipfile.ZipFile(path) as opened:
            members = [each for each in opened.infolist() if _is_warc(each.filename)]
            _refuse_hostile(path, opened, members)
            return [_member(path, opened, each, scratch / f"{at}-{path.stem[:50]}") for at, each in enumerate(members)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError) as error:
        if isinstance(error, ImportFailure):
            raise
        raise ImportFailure(f"{path} is no WACZ that can be read ({error}); check that it was copied whole.") from error


def _is_warc(name: str) -> bool:
    return name.startswith(_MEMBERS) and name.lower().endswith((".warc", ".warc.gz"))


def _refuse_hostile(path: Path, opened: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> None:
    size = path.stat().st_size
    if not members:
        raise ImportFailure(f"{path} holds no archive/*.warc.gz: it is no WACZ, or not whole.")
    if len(members) > _MOST_MEMBERS or sum(each.compress_size for each in members) > size:
        raise ImportFailure(f"{path} is refused: its members claim more bytes than the file has.")
    if sum(each.file_size for each in members) > _MOST_GROWN * size:
        raise ImportFailure(f"{path} is refused: its members would grow to more than {_MOST_GROWN} times its size.")
    if any(each.flag_bits & _ENCRYPTED for each in members):
        raise ImportFailure(f"{path} is encrypted; decrypt it first.")


def _member(path: Path, opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> WarcFile:
    """A member in its place, where it is stored; else unpacked under a name of our own, whatever its own is."""
    name = f"{path}/{member.filename}"
    if member.compress_type == zipfile.ZIP_STORED:
        return WarcFile(name, path, _data_offset(opened, member), member.compress_size)
    left = member.file_size
    with opened.open(member) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)  # zipfile gives no more than the size it claims, which was looked at
        if file.tell() != left:
            raise ImportFailure(f"{path} is damaged: {member.filename} is not as long as it claims.")
    return WarcFile(name, target)


def _data_offset(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Where a member's bytes begin: after its local header, whose name and extra field may differ in length."""
    with opened.open(member):  # compares the local header with the directory
        pass
    file = opened.fp
    assert file is not None
    file.seek(member.header_offset)
    signature, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _LOCAL_SIGNATURE:
        raise zipfile.BadZipFile(f"no member begins where {member.filename} should")
    return int(member.header_offset + _LOCAL_HEADER.size + name + extra)
