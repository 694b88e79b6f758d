"""The capture files of a merged archive: copied record by record, checked, under names of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.archive.expiry import expire_captures
from crawler.archive.kept import NoCapture, kept_record
from crawler.capture import Record, iter_records
from tests.archive.harness import SITE, column, rows
from tests.archive.kept import kept_page
from tests.operate.merging.harness import Two, dump, fingerprint

BODY = "今天上午，全市招商引资项目集中签约仪式在会展中心举行。"


def files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.warc.gz"))


def pages(two: Two) -> list[str]:
    """The payloads of all captures of ours that are kept."""
    kept = column(two.ours, "SELECT id FROM capture WHERE warc_path IS NOT NULL ORDER BY id")
    return [kept_record(two.ours, each, two.root).payload.decode() for each in kept]


def test_file_that_all_captures_name_is_copied_byte_by_byte(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY), kept_page("b.html", "乙", BODY + "二"))
    merged = two.merge()
    (original,), (copy,) = files(two.other_root), files(two.root)
    assert copy.read_bytes() == original.read_bytes()
    assert (copy.name, copy.parent.name, merged.files, merged.bytes) == (
        original.name,
        SITE.id,
        1,
        original.stat().st_size,
    )


def test_file_whose_name_is_taken_gets_another(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY))
    (original,) = files(two.other_root)
    taken = two.root / SITE.id / original.name
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"")
    two.merge()
    (named,) = column(two.ours, "SELECT DISTINCT warc_path FROM capture")
    assert named != f"{SITE.id}/{original.name}"
    assert (taken.read_bytes(), len(pages(two))) == (b"", 1)


def test_two_archives_of_one_folder_share_no_file_afterwards(two: Two) -> None:
    two.other_root = two.root
    two.crawl_there(kept_page("a.html", "甲", BODY))
    two.merge()
    here, there = (column(engine, "SELECT warc_path FROM capture") for engine in (two.ours, two.other))
    assert (set(here) & set(there), len(files(two.root))) == (set(), 2)
    assert [problem for problem in two.problems() if not isinstance(problem, str)] == []


def test_of_a_file_that_grew_only_the_new_records_are_copied(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY), kept_page("b.html", "乙", BODY + "二"))
    with two.other.begin() as connection:
        connection.execute(text("UPDATE revision SET capture_id = 1"))
        later = dict(connection.execute(text("SELECT * FROM capture WHERE id = 2")).mappings().one())
        connection.execute(text("DELETE FROM capture WHERE id = 2"))
    two.merge()
    with two.other.begin() as connection:
        names = ", ".join(later)
        connection.execute(
            text(f"INSERT INTO capture ({names}) VALUES ({', '.join(':' + name for name in later)})"), later
        )
    merged = two.merge()
    assert (merged.counts["captures"]["new"], merged.files, len(files(two.root))) == (1, 1, 2)
    found = [each for path in files(two.root) for each in iter_records(path) if isinstance(each, Record)]
    assert sorted(each.url or "" for each in found if each.kind == "response") == [
        f"{SITE.homepage}a.html",
        f"{SITE.homepage}b.html",
    ]
    assert (len(pages(two)), two.problems()) == (2, [])


def test_revisit_finds_the_payload_it_refers_to(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", BODY))
    two.merge()
    assert column(two.ours, "SELECT revisit FROM capture ORDER BY id") == [False, True]
    first, second = pages(two)
    assert first == second
    assert two.problems() == []


def test_expired_capture_comes_without_bytes(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", BODY + "二"))
    with two.other.begin() as connection:
        connection.execute(text("UPDATE revision SET capture_id = NULL WHERE number = 1"))
    expire_captures(two.other, two.other_root, two.clock())
    two.merge()
    states = rows(two.ours, "SELECT id, warc_path, expired_at FROM capture ORDER BY id")
    assert [(row["warc_path"] is None, row["expired_at"] is None) for row in states] == [(True, False), (False, True)]
    with pytest.raises(NoCapture, match="no longer kept"):
        kept_record(two.ours, states[0]["id"], two.root)
    assert two.problems() == []


def test_damaged_record_is_named_and_the_others_come(two: Two) -> None:
    two.crawl_there(*(kept_page(f"{name}.html", name, BODY + name) for name in "甲乙丙"))
    (path,) = files(two.other_root)
    offset, length = rows(two.other, "SELECT warc_offset, warc_length FROM capture ORDER BY id")[1].values()
    damaged = bytearray(path.read_bytes())
    damaged[offset + length // 2] ^= 0xFF
    path.write_bytes(damaged)
    merged = two.merge()
    assert (merged.lost_captures, len(merged.lost), len(pages(two))) == (1, 1, 2)
    assert f"{path}, byte {offset}: " in merged.lost[0]
    assert two.problems() == []
    before = dump(two.ours)
    assert two.merge().lost_captures == 1
    assert (dump(two.ours), two.problems()) == (before, [])


def test_files_that_are_missing_are_named_and_come_once_they_are_there(two: Two, tmp_path: Path) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY), kept_page("b.html", "乙", BODY + "二"))
    shutil.move(two.other_root, tmp_path / "away")
    merged = two.merge()
    assert (merged.lost_captures, len(merged.lost), merged.files) == (2, 1, 0)
    assert (column(two.ours, "SELECT DISTINCT warc_path FROM capture"), two.problems()) == ([None], [])
    shutil.move(tmp_path / "away", two.other_root)
    merged = two.merge()
    assert (merged.counts["captures"]["changed"], merged.lost_captures, len(pages(two))) == (2, 0, 2)
    assert two.problems() == []


@pytest.mark.parametrize("path", ["../outside.warc.gz", "/etc/passwd", "shifan/../../outside.warc.gz"])
def test_path_that_leads_elsewhere_is_not_followed(two: Two, path: str) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY))
    (original,) = files(two.other_root)
    shutil.copy(original, two.other_root.parent / "outside.warc.gz")
    with two.other.begin() as connection:
        connection.execute(text("UPDATE capture SET warc_path = :path"), {"path": path})
    merged = two.merge()
    assert (merged.lost_captures, files(two.root)) == (1, [])
    assert not (two.root.parent / "outside.warc.gz").exists()


def test_records_that_a_replay_names_again_are_copied_once(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", BODY))
    two.clock.move(days=1)
    two.crawl_there(kept_page("b.html", "乙", BODY + "二"))
    with two.other.begin() as connection:
        first = connection.execute(text("SELECT * FROM capture WHERE id = 1")).mappings().one()
        names = ("warc_path", "warc_offset", "warc_length", "payload_digest")
        again = ", ".join(f"{name} = :{name}" for name in names)
        connection.execute(text(f"UPDATE capture SET {again} WHERE id = 2"), {name: first[name] for name in names})
    merged = two.merge()
    places = rows(two.ours, "SELECT DISTINCT warc_path, warc_offset FROM capture")
    assert (len(places), merged.files, len(files(two.root))) == (1, 1, 1)
    before = fingerprint(two.root)
    two.merge()
    assert fingerprint(two.root) == before
