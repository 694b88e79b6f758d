"""The archive as a WACZ: what py-wacz accepts, and nothing that the archive does not name any more."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from crawler.archive.engine import open_archive, writing
from crawler.archive.models import Capture, table
from crawler.research import wacz
from crawler.research.export.wanted import ExportFailure
from crawler.research.wacz import export_wacz
from tests.capture.harness import records, warcio_check
from tests.cli.pages import BODY
from tests.operate.warcs.harness import LISTING, SOURCE, TITLE, URL, Warcs, article, listing

OTHER = SOURCE.model_copy(update={"id": "other", "homepage": "http://other.example.cn/"})
COPY = "http://other.example.cn/t1.html"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An archive of two sources: a listing and its article, and the same page on another host, kept as a revisit."""
    warcs = Warcs(tmp_path)
    warcs.load(warcs.foreign("a.warc.gz").page(LISTING, listing()).page(URL, article()).write())
    warcs.load(warcs.foreign("b.warc.gz").page(COPY, article()).write(), source=OTHER)
    opened = open_archive(str(warcs.archive), write=True)
    yield opened
    opened.dispose()


def export(engine: Engine, folder: Path, *sources: str, name: str = "a.wacz") -> Path:
    export_wacz(engine, folder / name, sources=sources or None)
    return folder / name


def member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as opened:
        return opened.read(name)


def urls(path: Path, folder: Path) -> list[str | None]:
    """The responses and revisits in a WACZ."""
    found = []
    with zipfile.ZipFile(path) as opened:
        for name in sorted(opened.namelist()):
            if name.startswith("archive/"):
                opened.extract(name, folder)
                kept = [each for each in records(folder / name) if each.kind in ("response", "revisit")]
                found += [each.url for each in kept]
    return sorted(found, key=str)


def expire(engine: Engine, url: str) -> None:
    rows = table(Capture)
    with writing(engine) as connection:
        connection.execute(update(rows).where(rows.c.url == url).values(expired_at=rows.c.fetched_at))


def test_wacz_is_accepted_by_its_validator(engine: Engine, tmp_path: Path) -> None:
    path = export(engine, tmp_path)
    program = Path(sys.executable).with_name("wacz")
    done = subprocess.run([program, "validate", "-f", path], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("Validation succeeded, the passed WACZ is valid\n")


def test_warc_files_are_stored_as_they_are_and_pass_the_check(engine: Engine, tmp_path: Path) -> None:
    with zipfile.ZipFile(export(engine, tmp_path)) as opened:
        members = [each for each in opened.infolist() if each.filename.startswith("archive/")]
        assert len(members) == 2
        for each in members:
            assert each.compress_type == zipfile.ZIP_STORED
            assert warcio_check(Path(opened.extract(each, tmp_path))) == 0


def test_pages_have_title_address_time_and_text(engine: Engine, tmp_path: Path) -> None:
    head, *pages = map(json.loads, member(export(engine, tmp_path, "zsj"), "pages/pages.jsonl").splitlines())
    assert (head["format"], head["hasText"]) == ("json-pages-1.0", True)
    (page,) = pages
    assert (page["url"], page["title"], page["ts"]) == (URL, TITLE, "2026-03-01T08:00:00Z")
    assert BODY[0] in page["text"]


def index(path: Path) -> dict[str, dict[str, Any]]:
    lines = gzip.decompress(member(path, "indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines)
    found = [json.loads(line.split(" ", 2)[2]) for line in lines]
    return {each["url"]: each for each in found}


def test_index_leads_to_every_response(engine: Engine, tmp_path: Path) -> None:
    path = export(engine, tmp_path, "zsj")
    found = index(path)
    assert set(found) == {LISTING, URL}
    with zipfile.ZipFile(path) as opened:
        content = opened.read(f"archive/{found[URL]['filename']}")
    offset, length = int(found[URL]["offset"]), int(found[URL]["length"])
    assert article() in gzip.decompress(content[offset : offset + length])
    first = member(path, "indexes/index.idx").decode().splitlines()
    assert json.loads(first[0].split(" ", 2)[2])["format"] == "cdxj-gzip-1.0"


def test_package_has_the_digest_of_everything(engine: Engine, tmp_path: Path) -> None:
    path = export(engine, tmp_path)
    package = json.loads(member(path, "datapackage.json"))
    with zipfile.ZipFile(path) as opened:
        others = [name for name in opened.namelist() if not name.startswith("datapackage")]
        digests = {name: "sha256:" + hashlib.sha256(opened.read(name)).hexdigest() for name in others}
    assert {each["path"]: each["hash"] for each in package["resources"]} == digests
    said = json.loads(member(path, "datapackage-digest.json"))["hash"]
    assert said == "sha256:" + hashlib.sha256(member(path, "datapackage.json")).hexdigest()


def test_same_archive_gives_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    first, second = export(engine, tmp_path, name="a.wacz"), export(engine, tmp_path, name="b.wacz")
    assert first.read_bytes() == second.read_bytes()


def test_source_brings_what_its_revisits_refer_to(engine: Engine, tmp_path: Path) -> None:
    path = export(engine, tmp_path, "other")
    assert urls(path, tmp_path) == [COPY, URL]
    pages = [json.loads(line)["url"] for line in member(path, "pages/pages.jsonl").splitlines()[1:]]
    assert pages == [COPY]


def test_what_expired_is_left_out_with_what_refers_to_it(engine: Engine, tmp_path: Path) -> None:
    expire(engine, URL)
    path = export(engine, tmp_path)
    assert urls(path, tmp_path) == [LISTING]
    with zipfile.ZipFile(path) as opened:
        texts = [gzip.decompress(opened.read(name)) for name in opened.namelist() if name.startswith("archive/")]
    assert not any(URL.encode() in text for text in texts)


def test_damaged_capture_is_left_out_and_counted(engine: Engine, tmp_path: Path) -> None:
    file = next((tmp_path / "warc" / "zsj").iterdir())
    place = next(each for each in records(file) if each.url == LISTING and each.kind == "response")
    content = bytearray(file.read_bytes())
    assert place.length is not None
    content[place.offset + place.length // 2] ^= 0xFF
    file.write_bytes(content)
    made = export_wacz(engine, tmp_path / "a.wacz")
    assert (made.captures, made.damaged) == (2, 1)
    assert urls(tmp_path / "a.wacz", tmp_path) == [COPY, URL]


def test_missing_capture_file_is_one_sentence(engine: Engine, tmp_path: Path) -> None:
    next((tmp_path / "warc" / "zsj").iterdir()).unlink()
    with pytest.raises(ExportFailure, match="verify"):
        export_wacz(engine, tmp_path / "a.wacz")
    assert list(tmp_path.glob("*a.wacz*")) == []


def test_export_that_is_stopped_leaves_no_file(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "a.wacz"
    kept.write_bytes(b"of yesterday")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(wacz, "_write_pages", stop)
    with pytest.raises(KeyboardInterrupt):
        export_wacz(engine, kept)
    assert kept.read_bytes() == b"of yesterday"
    assert list(tmp_path.glob(".a.wacz*")) == []
