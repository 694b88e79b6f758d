"""A revisit is read with the payload it refers to, wherever in the import that is."""

from __future__ import annotations

import base64
import gzip
import hashlib

from crawler.archive.engine import open_archive
from crawler.archive.kept import kept_record
from tests.capture.harness import warc_record
from tests.operate.warcs.harness import LISTING, THEN, TITLE, URL, Warcs, article

PAGE = article()
DIGEST = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
AGAIN = f"{LISTING}again.html"
LATER = "2026-03-02T08:00:00Z"


def test_revisit_in_the_same_file(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, PAGE).revisit(AGAIN, DIGEST, URL, at=LATER)
    assert warcs.counts(file.write()) == {"pages": 2, "new": 2}
    assert warcs.articles() == {URL: TITLE, AGAIN: TITLE}


def test_revisit_of_a_page_in_another_file_in_any_order(warcs: Warcs) -> None:
    second = warcs.foreign("a-second.warc.gz").revisit(AGAIN, DIGEST, URL, at=LATER).write()
    first = warcs.foreign("b-first.warc.gz").page(URL, PAGE).write()
    assert warcs.counts(second, first) == {"pages": 2, "new": 2}


def test_revisit_that_names_only_the_digest(warcs: Warcs) -> None:
    fields = (("WARC-Type", "revisit"), ("WARC-Target-URI", AGAIN), ("WARC-Date", LATER))
    bare = warc_record(b"", *fields, ("WARC-Payload-Digest", DIGEST), ("Content-Type", "application/http"))
    file = warcs.foreign().page(URL, PAGE).write()
    assert warcs.counts(file, warcs.write(bare, "bare.warc")) == {"pages": 2, "new": 2}


def test_revisit_of_a_revisit(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, PAGE).revisit(AGAIN, DIGEST, URL, at=LATER)
    third = f"{LISTING}third.html"
    file.revisit(third, DIGEST, AGAIN, LATER, at="2026-03-03T08:00:00Z")
    assert warcs.counts(file.write()) == {"pages": 3, "new": 3}


def test_same_page_seen_again_is_unchanged_and_seen_later(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, PAGE).revisit(URL, DIGEST, URL, at=LATER)
    assert warcs.counts(file.write()) == {"pages": 2, "new": 1, "duplicate": 1}
    (row,) = warcs.rows("SELECT first_seen_at, revision_count FROM article")
    assert row == {"first_seen_at": THEN, "revision_count": 1}


def test_revisit_of_what_is_in_no_file_is_a_rejection(warcs: Warcs) -> None:
    file = warcs.foreign().page(f"{LISTING}t2.html", article("另一篇文章的标题在这里")).revisit(AGAIN, DIGEST, URL)
    assert warcs.counts(file.write()) == {"pages": 1, "new": 1, "rejected": 1}
    assert "refers to" in warcs.reasons()[0]


def test_revisit_that_refers_to_itself_ends(warcs: Warcs) -> None:
    file = warcs.foreign().revisit(AGAIN, DIGEST, AGAIN).revisit(URL, DIGEST, AGAIN)
    assert warcs.counts(file.write()) == {"rejected": 2}


def test_revisit_of_a_picture_is_passed_over(warcs: Warcs) -> None:
    picture = b"\x89PNG" * 50
    digest = "sha1:" + base64.b32encode(hashlib.sha1(picture).digest()).decode()
    fields = (("WARC-Type", "revisit"), ("WARC-Target-URI", f"{LISTING}b"), ("WARC-Date", LATER))
    bare = warc_record(b"", *fields, ("WARC-Payload-Digest", digest), ("Content-Type", "application/http"))
    file = warcs.foreign().page(f"{LISTING}a", picture, Content_Type="image/png").page(URL, PAGE).write()
    assert warcs.counts(file, warcs.write(bare, "bare.warc")) == {"pages": 1, "new": 1}


def test_archive_holds_the_payload_of_every_capture_itself(warcs: Warcs) -> None:
    file = warcs.foreign().page(URL, PAGE).revisit(AGAIN, DIGEST, URL, at=LATER).write()
    warcs.counts(file)
    file.unlink()
    engine = open_archive(str(warcs.archive))
    records = [kept_record(engine, row["id"]) for row in warcs.rows("SELECT id FROM capture ORDER BY id")]
    engine.dispose()
    assert [record.payload for record in records] == [PAGE, PAGE]
    assert [record.date.isoformat() if record.date else None for record in records] == [
        "2026-03-01T08:00:00+00:00",
        "2026-03-02T08:00:00+00:00",
    ]
    assert warcs.problems() == []
    (kept,) = (warcs.folder / "warc").rglob("*.warc.gz")
    assert gzip.decompress(kept.read_bytes()).count(PAGE) == 1
