"""A WACZ is read through its archive folder, in place where it is stored; hostile zips are refused."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import pytest

from crawler.operate.failure import ImportFailure
from tests.operate.warcs.harness import TITLE, URL, Warcs, article

GOOD = "archive/data.warc.gz"


def wacz(warcs: Warcs, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    path = warcs.folder / "site.wacz"
    with zipfile.ZipFile(path, "w", compression) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return path


@pytest.fixture
def warc(warcs: Warcs) -> bytes:
    """A WARC file of one page."""
    return warcs.foreign("data.warc.gz").page(URL, article()).write().read_bytes()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_pages_of_a_wacz(warcs: Warcs, warc: bytes, compression: int) -> None:
    others = {"datapackage.json": b"{}", "pages/pages.jsonl": b"{}", "archive/notes.txt": b"no warc"}
    assert warcs.counts(wacz(warcs, {**others, GOOD: warc}, compression)) == {"pages": 1, "new": 1}
    assert warcs.articles() == {URL: TITLE}
    assert warcs.problems() == []


def test_several_files_of_one_wacz(warcs: Warcs, warc: bytes) -> None:
    other = warcs.foreign("b.warc").page(f"{URL}?id=2", article("另一个项目在高新区开工建设")).write().read_bytes()
    assert warcs.counts(wacz(warcs, {GOOD: warc, "archive/b.warc.gz": other})) == {"pages": 2, "new": 2}


def test_wacz_without_its_name_is_known_by_its_bytes(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {GOOD: warc}).rename(warcs.folder / "site.warc")
    assert warcs.counts(path) == {"pages": 1, "new": 1}


def test_damage_is_told_by_the_byte_of_the_file_inside(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {"a.txt": b"x" * 5000, GOOD: warc[:-20]})
    (damage,) = warcs.load(path).damages
    assert (damage.path, damage.offset) == (f"{path}/{GOOD}", 0)


@pytest.mark.parametrize("name", ["../../escaped.warc.gz", "archive/../../escaped.warc.gz", "/archive/escaped.warc.gz"])
def test_no_member_is_written_outside(warcs: Warcs, warc: bytes, name: str) -> None:
    path = wacz(warcs, {GOOD: warc, name: warc}, zipfile.ZIP_DEFLATED)
    assert warcs.counts(path)["new"] == 1
    assert [found for folder in (warcs.folder, Path("/archive")) for found in folder.rglob("escaped*")] == []


def test_member_that_grows_too_much_is_refused(warcs: Warcs) -> None:
    with pytest.raises(ImportFailure, match="more than 50 times"):
        warcs.load(wacz(warcs, {GOOD: b"\0" * 5_000_000}, zipfile.ZIP_DEFLATED))


def test_member_that_is_longer_than_it_claims_is_refused(warcs: Warcs) -> None:
    path = wacz(warcs, {GOOD: b"\0" * 3_000_000, "pad": random.Random(1).randbytes(90_000)}, zipfile.ZIP_DEFLATED)
    content = path.read_bytes().replace(struct.pack("<I", 3_000_000), struct.pack("<I", 1000))
    path.write_bytes(content)
    with pytest.raises(ImportFailure, match=r"is no WACZ|is damaged"):
        warcs.load(path)


def test_members_that_share_their_bytes_are_refused(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {f"archive/{number}.warc.gz": warc for number in range(3)})
    with zipfile.ZipFile(path) as opened:
        first, *others = opened.infolist()
    content = path.read_bytes()
    # The zip of the first member alone, with a directory that names it thrice.
    member, entry = (
        content[: others[0].header_offset],
        content[content.index(b"PK\x01\x02") :][: 46 + len(first.filename)],
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, 3 * len(entry), len(member), 0)
    path.write_bytes(member + 3 * entry + end)
    with pytest.raises(ImportFailure, match="claim more bytes than the file has"):
        warcs.load(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"PK\x03\x04 no zip", "is no WACZ"), (b"no zip at all", "is no WACZ"), (b"", "is empty")],
    ids=["magic only", "text", "nothing"],
)
def test_what_is_no_zip_is_refused(warcs: Warcs, content: bytes, reason: str) -> None:
    with pytest.raises(ImportFailure, match=reason):
        warcs.load(warcs.write(content, "a.wacz"))


def test_zip_without_a_warc_is_refused(warcs: Warcs) -> None:
    with pytest.raises(ImportFailure, match=r"holds no archive/\*\.warc\.gz"):
        warcs.load(wacz(warcs, {"datapackage.json": b"{}"}))


def test_zip_that_was_cut_is_refused(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {GOOD: warc})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ImportFailure, match="copied whole"):
        warcs.load(path)


def test_encrypted_member_is_refused(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {GOOD: warc})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(ImportFailure, match="is encrypted"):
        warcs.load(path)


def test_random_bytes_in_the_directory_never_raise_anything_else(warcs: Warcs, warc: bytes) -> None:
    path = wacz(warcs, {GOOD: warc})
    whole = path.read_bytes()
    chance = random.Random(7)
    for _ in range(150):
        spoiled = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            spoiled[chance.choice((chance.randrange(60), chance.randrange(len(whole) - 140, len(whole))))] = (
                chance.randrange(256)
            )
        path.write_bytes(spoiled)
        try:
            warcs.load(path)
        except ImportFailure as failure:
            assert str(path) in str(failure)
