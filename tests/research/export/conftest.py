"""Archives for these tests, in SQLite and in a real PostgreSQL, and one with every kind of fact."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.archive.archives import address, archive_file, empty_archive, engine, postgresql
from tests.archive.harness import OTHER, crawl, page, record
from tests.research.facts import add_all, cluster, forget_facts

__all__ = ["address", "archive_file", "empty_archive", "engine", "postgresql"]

PHONE = "13812345678"
IDENTITY = "11010519491231002X"


@pytest.fixture
def told(engine: Engine) -> Engine:
    """甲 has facts and a number, 乙 a formula for a title, 丙 tells 甲's story again, 丁 is a record without a page."""
    body = f"今天举行了签约仪式，联系电话{PHONE}，证件号{IDENTITY}。" + "甲" * 300
    crawl(engine, page("a.html", "甲", body, date(2025, 1, 5)), page("b.html", "=1+1", "-二。", None))
    crawl(engine, page("http://www.linjie.example/c.html", "丙"), record("丁", "文。"), source=OTHER, kind="import")
    forget_facts(engine)
    add_all(engine, "甲")
    cluster(engine, "甲", "丙")
    return engine
