"""Data packages: valid by the validators of both standards, the same twice, and saying what they are."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from crawler.research.export.datapackage import export_datapackage
from crawler.research.export.schema import tables
from crawler.research.export.wanted import ExportFailure, Progress, Wanted
from crawler.research.filters import Filters
from tests.archive.harness import SITE, START
from tests.research.export.conftest import PHONE


@pytest.fixture
def package(told: Engine, tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    assert export_datapackage(told, Wanted(), folder) == 3
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / name).read_text(encoding="utf-8"))


def test_frictionless_finds_it_valid(package: Path) -> None:
    import frictionless

    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert {task.name for task in report.tasks} == set(tables())


def test_croissant_finds_it_valid_and_reads_records(package: Path) -> None:
    import mlcroissant  # type: ignore[import-untyped]

    dataset = mlcroissant.Dataset(str(package / "croissant.json"))
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    names = [record["regions/name"].decode() for record in dataset.records("regions")]
    assert names == ["南京市", "崇安区", "长三角"]


def test_tables_hold_the_facts_one_a_row(package: Path) -> None:
    (first, *_) = table(package, "articles")
    assert {row["article"] for row in table(package, "regions")} == {first["uid"]}
    assert [row["code_now"] for row in table(package, "regions")] == ["320100", "320213", ""]
    assert [row["value_cny"] for row in table(package, "amounts")] == ["2000000000", ""]
    assert [row["count"] for row in table(package, "events")] == ["20"]
    assert [row["surface"] for row in table(package, "projects")] == ["百兴公司签约，联系人138********。"]
    assert [(row["id"], row["articles"]) for row in table(package, "sources")] == [("linjie", "1"), ("shifan", "2")]


def test_digests_are_those_of_all_files(package: Path) -> None:
    lines = (line.split("  ") for line in (package / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    sums = {name: digest for digest, name in lines}
    files = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()}
    assert set(sums) == files - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((package / name).read_bytes()).hexdigest() == digest


def test_it_says_what_was_asked_when_and_by_which_version(told: Engine, tmp_path: Path) -> None:
    wanted = Wanted(Filters.of(region="江苏", since="2025"), text="none")
    export_datapackage(told, wanted, tmp_path / "package")
    described = read(tmp_path / "package", "datapackage.json")
    assert described["query"] == {"region": "320000 江苏省", "since": "2025-01-01"}
    assert (described["as_of"], described["version"]) == (START.date().isoformat(), "2026.3.1")
    assert (described["text"], described["masked"]) == ("none", True)
    assert described["software"].startswith("Zhaoshang ")
    readme = (tmp_path / "package" / "README.md").read_text(encoding="utf-8")
    assert '"region": "320000 江苏省"' in readme and "| `uid` | string, required |" in readme


def test_the_publishers_are_cited(package: Path) -> None:
    cited = read(package, "CITATION.cff")
    assert {author["name"] for author in cited["authors"]} == {SITE.name, "邻界招商网"}
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "dataset")
    assert str(cited["date-released"]) == START.date().isoformat()


def test_the_same_state_gives_the_same_bytes(told: Engine, tmp_path: Path, package: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    export_datapackage(told, Wanted(), one)
    export_datapackage(told, Wanted(), two)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == {
            path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()
        }


def test_an_empty_one_is_valid(told: Engine, tmp_path: Path) -> None:
    import frictionless

    assert export_datapackage(told, Wanted(Filters.of(until="2000")), tmp_path / "package") == 0
    assert frictionless.validate(str(tmp_path / "package" / "datapackage.json")).valid
    assert read(tmp_path / "package", "CITATION.cff")["authors"] == [{"name": "Zhaoshang"}]


def test_numbers_are_masked_in_every_file(package: Path) -> None:
    assert not any(PHONE in path.read_text(encoding="utf-8") for path in package.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_nothing_is_left_of_one_that_was_stopped(told: Engine, tmp_path: Path, name: str) -> None:
    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        export_datapackage(told, Wanted(), tmp_path / name, on_progress=stop)
    assert set(tmp_path.iterdir()) == before


def test_a_folder_that_is_there_is_not_written_into(told: Engine, package: Path) -> None:
    with pytest.raises(ExportFailure, match="exists already: name a new folder"):
        export_datapackage(told, Wanted(), package)
