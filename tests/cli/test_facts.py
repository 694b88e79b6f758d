"""`facts`, `reindex --facts`, and the facts that `show` shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.support import rows, zhaoshang

TEXT = "武汉市江汉区与深圳市海川供应链有限公司签署协议，总投资逾137亿元，其中外资2亿美元。\n"
KINDS = ["regions", "amounts", "organizations", "industries", "events", "projects"]


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_facts_of_a_file_as_json(text_file: Path) -> None:
    found = zhaoshang("facts", text_file, "--date", "2025-07-26", "--json", cwd=text_file.parent).json
    assert list(found) == KINDS
    over, foreign = found["amounts"]
    assert (over["surface"], over["value_cny"], over["qualifier"], over["kind"]) == (
        "逾137亿元",
        137e8,
        "over",
        "investment",
    )
    assert foreign["provenance"]["day"] == "2025-07-25"
    for facts in found.values():
        assert all(TEXT[fact["start"] : fact["end"]] == fact["surface"] for fact in facts)


def test_without_a_date_foreign_money_stays_foreign(text_file: Path) -> None:
    found = zhaoshang("facts", text_file, "--json", cwd=text_file.parent).json
    assert [each["value_cny"] for each in found["amounts"]] == [137e8, None]


def test_facts_for_people_are_tables_with_the_words_of_the_text(text_file: Path) -> None:
    result = zhaoshang("facts", text_file, cwd=text_file.parent)
    assert (result.code, result.err) == (0, "")
    assert "逾137亿元" in result.out and "13,700,000,000" in result.out


def test_a_text_of_the_gbk_family_is_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes(TEXT.replace("\n", "\r\n").encode("gb18030"))
    found = zhaoshang("facts", "gbk.txt", "--json", cwd=tmp_path).json
    assert found["amounts"][0]["surface"] == "逾137亿元"


def test_a_text_without_facts_says_so(tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("今天天气很好。", encoding="utf-8")
    result = zhaoshang("facts", "none.txt", cwd=tmp_path)
    assert (result.code, result.out, result.err) == (0, "", "No facts were found.\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.txt"], "missing.txt cannot be read"),
        (["-", "--region", "湖北"], "six digits"),
        (["-", "--date", "July"], "--date"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, arguments: list[str], says: str) -> None:
    result = zhaoshang("facts", *arguments, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert says in result.err and result.err.count("\n") == 1


def test_show_has_the_facts_of_the_latest_state(known: Place) -> None:
    uid = rows(known.archive, "SELECT uid FROM article ORDER BY id LIMIT 1")[0]["uid"]
    assert list(known.run("show", uid, "--json").json["facts"]) == KINDS
    known.run("correct", uid, "--title", "总投资5亿元的项目", "--reason", "typo")
    assert "总投资5亿元" in known.run("show", uid).out
    assert any("5亿元 investment" in line for line in known.run("show", uid).out.splitlines())
    assert known.run("show", uid, "--revision", "1", "--json").json["facts"] is None


def test_reindex_reads_all_again(known: Place) -> None:
    articles = len(known.titles())
    assert known.run("reindex", "--facts", "--json").json == {"facts": articles}
    assert known.run("reindex", "--facts").out == f"{articles} articles whose facts were read\n"


def test_reindex_of_nothing_says_what_there_is(known: Place) -> None:
    result = known.run("reindex")
    assert result.code == 2 and "--facts" in result.err
