"""`import` of web archives and `export --format wacz` as a user runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.operate.warcs.harness import HOME, URL, Foreign, article
from tests.support import Result, rows, write_source, zhaoshang


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the source `zsj`, and `site.warc.gz` of one page."""
    write_source(tmp_path / "sources", {"id": "zsj", "name": "某市招商局", "homepage": HOME, "start_urls": ["zsdt/"]})
    Foreign(tmp_path / "site.warc.gz").page(URL, article()).write()
    return tmp_path


def run(folder: Path, *arguments: str | Path) -> Result:
    return zhaoshang(*arguments, cwd=folder, env={"ZHAOSHANG_SOURCES": str(folder / "sources")})


def test_import_reports_what_came_of_the_files(folder: Path) -> None:
    result = run(folder, "import", "site.warc.gz", "--source", "zsj")
    assert result.code == 0
    assert "zsj" in result.out
    assert "indexed: 100 %" in result.err and "read zsj: 100 %" in result.err


def test_report_as_json(folder: Path) -> None:
    result = run(folder, "import", "site.warc.gz", "--source", "zsj", "--json")
    assert (result.code, result.err) == (0, "")
    assert {name: result.json[name] for name in ("source", "new", "damaged", "passed_over")} == {
        "source": "zsj",
        "new": 1,
        "damaged": [],
        "passed_over": {},
    }


def test_report_of_a_source_a_host(folder: Path) -> None:
    Foreign(folder / "b.warc.gz").page("http://b.example.cn/t1.html", article()).write()
    result = run(folder, "import", "site.warc.gz", "b.warc.gz", "--source", "auto", "--json")
    assert [(each["source"], each["new"]) for each in result.json["sources"]] == [("b.example.cn", 1), ("zsj", 1)]


def test_damage_is_named_and_needs_a_look(folder: Path) -> None:
    path = folder / "site.warc.gz"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-30])
    result = run(folder, "import", path, "--source", "zsj")
    assert result.code == 1
    assert f"Damaged: {path}, byte {len(whole)}: " in result.err


def test_no_page_of_the_source_needs_a_look(folder: Path) -> None:
    Foreign(folder / "b.warc.gz").page("http://b.example.cn/t1.html", article()).write()
    result = run(folder, "import", "b.warc.gz", "--source", "zsj")
    assert result.code == 1
    assert "the files hold no page of zsj, but of b.example.cn" in result.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.warc.gz", "--source", "zsj"), "There is no file none.warc.gz."),
        (("empty.warc.gz", "--source", "zsj"), "empty.warc.gz is empty: there is nothing to import."),
        (("bad.wacz", "--source", "zsj"), "bad.wacz is no WACZ that can be read"),
        (("site.warc.gz", "a.txt", "--source", "zsj"), "in a command each"),
        (("a.txt", "--source", "auto"), "name the source of the listings"),
        (("site.warc.gz", "--source", "zs"), "There is no source 'zs': did you mean zsj?"),
    ],
)
def test_wrong_use_is_one_sentence(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    for name, content in (("empty.warc.gz", b""), ("bad.wacz", b"PK"), ("a.txt", b"a")):
        (folder / name).write_bytes(content)
    result = run(folder, "import", *arguments)
    assert result.code == 2
    assert sentence in result.err
    assert result.err.count("\n") == 1


def test_original_response_of_an_imported_page_is_shown(folder: Path) -> None:
    run(folder, "import", "site.warc.gz", "--source", "zsj")
    (row,) = rows(folder / "archive.db", "SELECT uid FROM article")
    shown = run(folder, "show", row["uid"], "--raw").out
    head, _, body = shown.partition("\n\n")
    assert head.splitlines()[0] == "HTTP/1.1 200 OK"
    assert body == article().decode()


def test_wacz_holds_the_crawl_and_is_read_back(crawled: Place, tmp_path: Path) -> None:
    result = crawled.run("export", "--format", "wacz", "--out", tmp_path / "a.wacz", "--json")
    assert (result.code, result.err) == (0, "")
    assert {name: result.json[name] for name in ("captures", "pages")} == {"captures": 6, "pages": 4}
    env = crawled.env
    assert zhaoshang("import", tmp_path / "a.wacz", "--source", "moushi", cwd=tmp_path, env=env).code == 0
    columns = "SELECT uid, url, title, published_on, body, listing_url FROM article ORDER BY uid"
    found = [[tuple(row) for row in rows(path, columns)] for path in (crawled.archive, tmp_path / "archive.db")]
    assert found[0] == found[1]


def test_export_that_cannot_be_written_is_one_sentence(crawled: Place) -> None:
    result = crawled.run("export", "--format", "wacz", "--out", "none/a.wacz")
    assert result.code == 2
    assert result.err.splitlines()[-1].startswith("zhaoshang: none/a.wacz cannot be written")


def test_export_of_a_source_without_captures_is_one_sentence(crawled: Place, tmp_path: Path) -> None:
    result = crawled.run("export", "--format", "wacz", "--source", "other", "--out", tmp_path / "a.wacz")
    assert result.code == 2
    assert "Source other holds no captures" in result.err
    assert list(tmp_path.iterdir()) == []
