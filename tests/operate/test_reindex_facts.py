"""Reading facts anew: what differs is written, what does not fit its text is found and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.archive.engine import open_archive, reading
from crawler.archive.fact_rows import stored_facts
from crawler.facts import FACTS_VERSION
from crawler.operate import reindex_facts as module
from crawler.operate.reindex_facts import Progress, rebuild
from crawler.operate.verify import repair, verify
from tests.archive.harness import column, crawl, page

BODY = "武汉市江汉区一项目集中签约，总投资逾{}亿元。"


def archive(engine: Engine, articles: int = 3) -> Engine:
    crawl(engine, *(page(f"{number}.html", f"第{number}篇", BODY.format(number)) for number in range(1, articles + 1)))
    return engine


def run_sql(engine: Engine, sql: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)


def facts(engine: Engine) -> object:
    with reading(engine) as connection:
        return stored_facts(connection, column(engine, "SELECT id FROM article ORDER BY id"))


def changes(engine: Engine) -> list[str]:
    return column(engine, "SELECT kind FROM change ORDER BY seq")


def test_where_nothing_differs_nothing_is_written(engine: Engine) -> None:
    archive(engine)
    before = column(engine, "SELECT id FROM article_amount")
    assert rebuild(engine) == 3
    assert column(engine, "SELECT id FROM article_amount") == before
    assert changes(engine) == ["new"] * 3


def test_facts_of_other_rules_are_read_anew_and_indexes_told(engine: Engine) -> None:
    archive(engine)
    before = facts(engine)
    run_sql(engine, "UPDATE article SET facts_version = 0")
    run_sql(engine, "DELETE FROM article_amount WHERE value > 2e8")
    run_sql(engine, "UPDATE article_region SET name = 'x'")
    assert rebuild(engine) == 3
    assert facts(engine) == before
    assert changes(engine) == ["new"] * 3 + ["facts"] * 3
    assert column(engine, "SELECT DISTINCT facts_version FROM article") == [FACTS_VERSION]


def test_processes_give_the_same_as_this_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(engine, 7)
    before = facts(engine)
    run_sql(engine, "DELETE FROM article_amount")
    monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(module, "CHUNK", 2)
    told: list[Progress] = []
    assert rebuild(engine, told.append, processes=2) == 7
    assert facts(engine) == before
    assert [(each.done, each.total) for each in told] == [(2, 7), (4, 7), (6, 7), (7, 7)]


def test_an_article_that_changed_meanwhile_keeps_its_new_facts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(engine, 1)
    read = module.facts_of_texts

    def read_and_change(texts: list[module.Text]) -> object:
        found = read(texts)
        crawl(engine, page("1.html", "第1篇", BODY.format(88)))
        return found

    monkeypatch.setattr(module, "facts_of_texts", read_and_change)
    rebuild(engine)
    assert column(engine, "SELECT surface FROM article_amount") == ["逾88亿元"]


def test_verify_finds_spans_that_do_not_fit_and_mends_them(archive_file: Path, tmp_path: Path) -> None:
    engine = archive(open_archive(str(archive_file), write=True))
    before = facts(engine)
    assert verify(engine, tmp_path).problems == []
    run_sql(engine, "UPDATE article_amount SET start = start + 1 WHERE article_id = 2")
    run_sql(engine, "UPDATE article_region SET surface = '黄石市' WHERE article_id = 3")
    found = verify(engine, tmp_path).problems
    assert [(each.check, each.rebuildable) for each in found] == [("facts", True)] * 2
    assert repair(engine, tmp_path) == 2
    assert verify(engine, tmp_path).problems == []
    assert facts(engine) == before
    engine.dispose()


def test_facts_of_other_rules_are_a_note_and_are_mended(archive_file: Path, tmp_path: Path) -> None:
    engine = archive(open_archive(str(archive_file), write=True))
    run_sql(engine, "UPDATE article SET facts_version = NULL WHERE id = 1")
    seen = verify(engine, tmp_path)
    assert seen.problems == []
    assert any("reindex --facts" in note for note in seen.notes)
    assert repair(engine, tmp_path) == 1
    assert verify(engine, tmp_path).notes == []
    engine.dispose()
