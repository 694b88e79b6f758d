"""The registry: which file gives which source, and what is said of an unknown one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.sources import Registry, SourceError, UnknownSource
from crawler.sources.registry import BUILT_IN, default_folders
from tests.support import ROOT, SITES, write_source


def source(name: str, title: str = "甲") -> dict[str, str]:
    return {"id": name, "name": title, "homepage": f"http://{name}.example/"}


def test_sources_come_in_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("b", "c", "a"):
        write_source(tmp_path, source(name))
    registry = Registry([tmp_path])
    assert registry.ids() == ["a", "b", "c"] == [each.id for each in registry]
    assert "b" in registry and "x" not in registry


def test_later_folder_replaces_a_source_of_an_earlier_one(tmp_path: Path) -> None:
    write_source(tmp_path / "one", source("a", "旧"))
    write_source(tmp_path / "two", source("a", "新"))
    assert Registry([tmp_path / "one", tmp_path / "two"])["a"].name == "新"
    assert Registry([tmp_path / "two", tmp_path / "one"])["a"].name == "旧"


def test_source_may_lie_in_a_folder_of_its_own(tmp_path: Path) -> None:
    write_source(tmp_path / "a", source("a"))
    (tmp_path / "a" / "a.yaml").rename(tmp_path / "a" / "source.yaml")
    assert Registry([tmp_path])["a"].name == "甲"


def test_missing_folder_holds_no_sources(tmp_path: Path) -> None:
    assert Registry([tmp_path / "none"]).ids() == []


def test_unknown_source_names_the_near_ones(tmp_path: Path) -> None:
    for name in ("huangshi", "portal"):
        write_source(tmp_path, source(name))
    with pytest.raises(UnknownSource) as caught:
        Registry([tmp_path])["huangsi"]
    said = str(caught.value)
    assert "did you mean huangshi?" in said and "sources add" in said and "portal" not in said


def test_unknown_source_with_nothing_near_says_where_all_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match="zhaoshang sources list"):
        Registry([tmp_path])["nothing"]


def test_id_must_equal_the_name_of_the_file(tmp_path: Path) -> None:
    write_source(tmp_path, source("a"))
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    with pytest.raises(SourceError, match=r"b\.yaml:1: field `id`: is 'a', but the file is named for 'b'\."):
        Registry([tmp_path])["b"]


def test_one_wrong_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write_source(tmp_path, source("a"))
    (tmp_path / "b.yaml").write_text("id: [", encoding="utf-8")
    registry = Registry([tmp_path])
    assert registry.ids() == ["a", "b"]
    assert registry["a"].id == "a"


def test_folders_of_the_environment_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_SOURCES", os.pathsep.join(["/one", "", "/two"]))
    assert default_folders() == [BUILT_IN, Path("fixtures"), Path("/one"), Path("/two")]


def test_new_source_is_written_to_the_last_folder_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAOSHANG_SOURCES", os.pathsep.join(["/one", "/two"]))
    assert Registry().path_for("a") == Path("/two/a.yaml")
    monkeypatch.delenv("ZHAOSHANG_SOURCES")
    assert Registry().path_for("a") == BUILT_IN / "a.yaml"


def test_sources_of_the_package_and_of_the_fixtures_are_all_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("ZHAOSHANG_SOURCES", raising=False)
    registry = Registry()
    assert [each.id for each in registry] == registry.ids()
    assert {name for name in registry.ids() if registry.is_fixture(name)} == set(SITES)
