"""Sketches: in the archive for every article that has bands, and made for those of an older archive."""

from __future__ import annotations

from sqlalchemy import Engine, text

from crawler.archive.engine import writing
from crawler.archive.migrate import migrate
from crawler.dedupe.fold import fold
from crawler.dedupe.signature import sign
from tests.archive.harness import column, crawl, page
from tests.dedupe.texts import story

KEPT = "SELECT sketch FROM sketch ORDER BY article_id"


def test_every_article_with_bands_has_the_sketch_of_its_signature(engine: Engine) -> None:
    bodies = [story(1), story(2)]
    crawl(engine, *(page(f"{n}.html", f"第{n}篇", body) for n, body in enumerate([*bodies, bodies[0], "见附件"])))
    folded = [each for each in (fold("", body) for body in bodies) if each is not None]
    assert sorted(bytes(each) for each in column(engine, KEPT)) == sorted(each.sketch for each in sign(folded))


def test_an_older_archive_is_given_sketches(engine: Engine) -> None:
    crawl(engine, *(page(f"{n}.html", f"第{n}篇", story(n)) for n in range(3)))
    made = column(engine, KEPT)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE sketch"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    migrate(engine)
    assert column(engine, KEPT) == made
