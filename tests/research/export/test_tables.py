"""CSV, JSON Lines and Parquet of the same articles, from SQLite and PostgreSQL."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet  # type: ignore[import-untyped]
import pytest
from sqlalchemy import Engine, insert

from crawler.archive.correct import correct
from crawler.archive.models import Correction, table
from crawler.research.export.datapackage import export_datapackage
from crawler.research.export.schema import tables
from crawler.research.export.tables import defused
from crawler.research.export.wanted import ExportFailure, Progress, Wanted
from crawler.research.export.writing import export_table
from crawler.research.filters import FilterError, Filters
from tests.archive.harness import SITE, START, Clock, crawl, page, rows
from tests.research.export.conftest import IDENTITY, PHONE
from tests.research.facts import add_all, forget_facts

DAYS = (date(2025, 1, 5), date(2024, 1, 5), date(2025, 3, 5))


def lines(engine: Engine, wanted: Wanted | None = None, **filters: Any) -> dict[str, dict[str, Any]]:
    """The export as JSON Lines, by title."""
    target = io.BytesIO()
    export_table(engine, wanted or Wanted(Filters.of(**filters)), "jsonl", target)
    rows = [json.loads(line) for line in target.getvalue().decode().splitlines()]
    return {row["title"]: row for row in rows}


def test_each_story_is_one_line_with_its_facts(told: Engine) -> None:
    found = lines(told)
    assert list(found) == ["甲", "=1+1", "丁"]
    row = found["甲"]
    assert list(row) == list(tables()["articles"].names)
    assert (row["source"], row["url"], row["published_on"]) == (SITE.id, f"{SITE.homepage}a.html", "2025-01-05")
    assert (row["first_seen_at"], row["revision"], row["gone_at"]) == ("2026-03-01T08:00:00Z", 1, None)
    assert (row["story"], row["others"]) == (row["uid"], 1)
    assert (row["regions"], row["region_names"]) == (["320213", "320100"], ["崇安区", "南京市", "长三角"])
    assert (row["organizations"], row["events"]) == (["百兴消毒制品有限公司"], ["signing"])
    assert row["industries"] == ["39", "27"]
    assert (row["amounts"], row["largest_amount_cny"]) == (2, 2_000_000_000)
    assert (found["丁"]["regions"], found["丁"]["amounts"], found["丁"]["story"]) == ([], 0, None)


def test_filters_choose_and_all_gives_every_publication(told: Engine) -> None:
    assert list(lines(told, region="江苏")) == ["甲"]
    assert list(lines(told, all=True)) == ["甲", "=1+1", "丙", "丁"]
    assert lines(told, all=True)["丙"]["story"] == lines(told)["甲"]["uid"]
    assert lines(told, until="2024") == {}
    with pytest.raises(FilterError, match="no source 'nosuch'"):
        lines(told, source="nosuch")


@pytest.mark.parametrize("whole", [False, True])
def test_articles_between_those_that_are_meant_have_their_facts_left_out(
    engine: Engine, tmp_path: Path, whole: bool
) -> None:
    crawl(engine, *(page(f"{name}.html", name, day=day) for name, day in zip("甲乙丙", DAYS, strict=True)))
    forget_facts(engine)
    for name in "甲乙丙":
        add_all(engine, name)
    if whole:
        export_datapackage(engine, Wanted(Filters.of(since="2025")), tmp_path / "package")
        with (tmp_path / "package" / "data" / "amounts.csv").open(encoding="utf-8", newline="") as file:
            told = {row["article"] for row in csv.DictReader(file)}
        assert told == {row["uid"] for row in lines(engine, since="2025").values()}
    else:
        assert {title: row["amounts"] for title, row in lines(engine, since="2025").items()} == {"甲": 2, "丙": 2}


@pytest.mark.parametrize("text", ["none", "excerpt", "full"])
def test_text_is_left_out_cut_or_whole(told: Engine, text: Any) -> None:
    row = lines(told, Wanted(text=text))["甲"]
    if text == "none":
        assert "text" not in row and "summary" not in row
        return
    length = row["body_length"]
    assert (len(row["text"]), row["text"].endswith("…")) == ((201, True) if text == "excerpt" else (length, False))
    assert PHONE not in row["text"] and IDENTITY not in row["text"] and "138********" in row["text"]


def test_numbers_stay_where_they_are_asked_for(told: Engine) -> None:
    text = lines(told, Wanted(text="full", masked=False))["甲"]["text"]
    assert PHONE in text and IDENTITY in text


def test_csv_opens_right_in_a_spreadsheet(told: Engine) -> None:
    target = io.BytesIO()
    assert export_table(told, Wanted(), "csv", target) == 3
    content = target.getvalue()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    rows = {row["uid"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))}
    by_title = {row["title"]: row for row in rows.values()}
    assert set(by_title) == {"甲", "'=1+1", "丁"}
    assert by_title["'=1+1"]["text"] == "'-二。"
    assert (by_title["甲"]["regions"], by_title["甲"]["largest_amount_cny"]) == ("320213; 320100", "2000000000")
    assert by_title["丁"]["url"] == ""


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@x", "\tx", "\rx", "＝A1"])
def test_what_could_be_a_formula_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"


def test_text_is_left_as_it_is() -> None:
    assert defused("招商引资-1") == "招商引资-1"


def test_parquet_has_types_descriptions_and_the_query(told: Engine, tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    assert export_table(told, Wanted(Filters.of(since="2025", until="2025")), "parquet", out) == 1
    found = pyarrow.parquet.read_table(out)
    (row,) = found.to_pylist()
    assert (row["published_on"], row["first_seen_at"]) == (date(2025, 1, 5), datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert (row["regions"], row["largest_amount_cny"], row["published_at"]) == (["320213", "320100"], 2e9, None)
    about = json.loads(found.schema.metadata[b"zhaoshang"])
    assert about["query"] == {"since": "2025-01-01", "until": "2025-12-31"}
    assert b"Public name" in found.schema.field("uid").metadata[b"description"]


def test_an_empty_export_has_its_columns(told: Engine, tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    assert export_table(told, Wanted(Filters.of(until="2000")), "parquet", out) == 0
    assert pyarrow.parquet.read_table(out).column_names == list(tables()["articles"].names)


def test_more_articles_than_a_chunk_are_told_of(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.research.export.chunks.CHUNK", 2)
    crawl(engine, *(page(f"{number}.html", f"第{number}") for number in range(5)))
    told: list[Progress] = []
    export_table(engine, Wanted(), "jsonl", io.BytesIO(), on_progress=told.append)
    export_table(engine, Wanted(Filters.of(until="2000")), "jsonl", io.BytesIO())
    assert [(step.done, step.total) for step in told] == [(2, 5), (4, 5), (5, 5)]


def test_a_past_state_has_its_own_text_and_no_facts_of_today(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page("a.html", "旧题", "旧文。"), page("b.html", "不变", "不变。"), clock=clock)
    clock.move(days=2)
    crawl(engine, page("a.html", "新题", "新的文。"), page("b.html", "不变", "不变。"), clock=clock)
    forget_facts(engine)
    add_all(engine, "新题")
    add_all(engine, "不变")
    found = lines(engine, as_of=START.date())
    old = found["旧题"]
    assert (old["text"], old["body_length"], old["revision"]) == ("旧文。", 3, 1)
    assert {old[name] for name in ("regions", "region_names", "organizations", "amounts", "largest_amount_cny")} == {
        None
    }
    cells = io.BytesIO()
    export_table(engine, Wanted(Filters.of(as_of=START.date())), "csv", cells)
    told = {row["title"]: row for row in csv.DictReader(io.StringIO(cells.getvalue().decode("utf-8-sig"), newline=""))}
    assert (told["旧题"]["amounts"], told["旧题"]["regions"], told["不变"]["amounts"]) == ("", "", "2")
    assert found["不变"]["amounts"] == 2
    assert lines(engine)["新题"]["amounts"] == 2


def test_a_day_before_a_correction_has_what_was_corrected_later(engine: Engine) -> None:
    crawl(engine, page("a.html", author="记者甲", published_at=datetime(2026, 2, 27, 1, tzinfo=UTC)))
    uid = rows(engine, "SELECT uid FROM article")[0]["uid"]
    days = [START + timedelta(days=number) for number in range(6)]
    correct(engine, uid, {"region_code": "420100"}, "正文写明", days[1])
    correct(engine, uid, {"published_on": "2026-02-26", "author": "记者乙"}, "核对原文", days[3])
    correct(engine, uid, {"region_code": "420103"}, "正文写明", days[5])
    named = ("region_code", "author", "published_on", "published_at")
    told = [tuple(lines(engine, as_of=day.date())["签约仪式举行"][name] for name in named) for day in days[::2]]
    first = ("420000", "记者甲", "2026-02-27", None)
    assert told == [first, ("420100", *first[1:]), ("420100", "记者乙", "2026-02-26", None)]
    assert lines(engine)["签约仪式举行"]["region_code"] == "420103"


def test_where_a_correction_does_not_say_what_it_replaced_nothing_is_known(engine: Engine) -> None:
    crawl(engine, page())
    (article,) = rows(engine, "SELECT id FROM article")
    made = {"article_id": article["id"], "field": "region_code", "value": "420100", "reason": "x"}
    with engine.begin() as connection:
        connection.execute(insert(table(Correction)), {**made, "created_at": START.replace(day=9)})
    assert [lines(engine, as_of=f"2026-03-0{day}")["签约仪式举行"]["region_code"] for day in (8, 9)] == [None, "420100"]


def test_a_file_is_whole_or_not_there(told: Engine, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("before")

    def stop(progress: Progress) -> None:
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".a.csv")] == [".a.csv.partial"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_table(told, Wanted(), "csv", out, on_progress=stop)
    assert (out.read_text(), list(tmp_path.glob(".*"))) == ("before", [])


@pytest.mark.parametrize("name", ["none/a.csv", "."])
def test_what_cannot_be_written_is_one_sentence(told: Engine, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportFailure, match="cannot be written"):
        export_table(told, Wanted(), "csv", tmp_path / name)
