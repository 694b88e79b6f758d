"""Facts of a merged archive: they come with the text that they were read from, or are read anew."""

from __future__ import annotations

from sqlalchemy import Engine, text

from crawler.facts import FACTS_VERSION
from tests.archive.harness import column, rows
from tests.archive.kept import kept_page
from tests.operate.merging.harness import FIRST, SECOND, Two, dump, fill


def with_facts(engine: Engine, version: int | None, name: str) -> None:
    """Facts of every article of an archive, as if read by rules of this version."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET facts_version = :version"), {"version": version})
        surface = 'article_id, field, code, name, role, start, "end", surface'
        facts = f"SELECT id, 'title', '420200', '{name}', 'subject', 0, 1, substr(title, 1, 1) FROM article"
        connection.execute(text(f"INSERT INTO article_region ({surface}) {facts}"))


def facts(two: Two) -> list[tuple[str, str]]:
    told = "SELECT title, name FROM article_region JOIN article ON article.id = article_id ORDER BY article.id"
    return [(row["title"], row["name"]) for row in rows(two.ours, told)]


def test_facts_come_with_the_text_they_were_read_from(two: Two) -> None:
    fill(two)
    with_facts(two.ours, None, "此")
    with_facts(two.other, FACTS_VERSION, "彼")
    two.merge()
    assert [each for each in facts(two) if each[1] != "此"] == [("甲", "彼"), ("彼处", "彼"), ("丙", "彼")]
    assert column(two.ours, "SELECT facts_version FROM article ORDER BY id") == [
        FACTS_VERSION,
        None,
        FACTS_VERSION,
        FACTS_VERSION,
    ]
    before = dump(two.ours)
    two.merge()
    assert dump(two.ours) == before


def test_facts_of_other_rules_are_left_to_be_read_anew_and_ours_stay(two: Two) -> None:
    fill(two)
    with_facts(two.ours, FACTS_VERSION, "此")
    with_facts(two.other, FACTS_VERSION + 1, "彼")
    two.merge()
    assert facts(two) == [("甲", "此"), ("此处", "此")]
    assert column(two.ours, "SELECT facts_version FROM article ORDER BY id") == [
        FACTS_VERSION,
        FACTS_VERSION,
        None,
        None,
    ]


def test_facts_of_a_text_that_is_no_longer_there_are_read_anew(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", FIRST))
    with_facts(two.ours, FACTS_VERSION, "此")
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", SECOND))
    with_facts(two.other, FACTS_VERSION + 1, "彼")
    two.merge()
    assert {name for _, name in facts(two)}.isdisjoint({"此", "彼"})
    assert column(two.ours, "SELECT facts_version FROM article") == [FACTS_VERSION]
