"""The tables: migrations make what the models say, and an archive knows its version."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from crawler.archive.migrate import configuration
from crawler.archive.models import Base
from crawler.archive.version import HEAD
from tests.archive.harness import column


def test_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_version_the_engine_expects_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_archive_names_its_version(engine: Engine) -> None:
    assert column(engine, "SELECT version_num FROM alembic_version") == [HEAD]


def test_tables_of_the_documented_contract_are_there(engine: Engine) -> None:
    columns = {name: set(table.columns.keys()) for name, table in Base.metadata.tables.items()}
    assert {"source", "crawl", "frontier", "capture", "entry", "article", "revision", "attachment"} <= set(columns)
    assert {"rejection", "change"} <= set(columns)
    assert {"uid", "url", "title", "published_on", "body", "body_digest", "revision_count"} <= columns["article"]
    assert column(engine, "SELECT count(*) FROM article") == [0]
