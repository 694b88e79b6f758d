"""Stories as readers see them: leads by default, who published them, who copies whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from crawler.archive.run import SourceRow
from crawler.research import Archive
from tests.archive.harness import OTHER, crawl, page
from tests.dedupe.texts import story

DAY = date(2026, 2, 27)
BODY = story(1)
THIRD = SourceRow("disan", "第三招商网", "http://www.disan.example/")


@pytest.fixture
def archive(engine: Engine, address: str) -> Archive:
    """A story that three sites tell, one of them with a sentence changed; its summary; and another article."""
    changed = BODY.replace("今年以来", "去年以来").replace("下一步，", "接下来，")
    crawl(engine, page("a.html", "首发", BODY), page("e.html", "别的", story(2)))
    copies = ((OTHER, 2, BODY), (THIRD, 5, changed if changed != BODY else BODY + "未完待续。"))
    for source, days, body in copies:
        crawl(engine, page(f"{source.homepage}b.html", source.name, body, DAY + timedelta(days=days)), source=source)
    crawl(engine, page(f"{THIRD.homepage}s.html", "摘要", BODY[:100]), source=THIRD)
    return Archive(address)


def test_leads_are_given_by_default_with_the_number_of_others(archive: Archive) -> None:
    assert {each.title: each.others for each in archive.articles()} == {"首发": 2, "别的": 0, "摘要": 0}
    assert len(list(archive.articles(all=True))) == 5


def test_stats_count_a_story_once(archive: Archive) -> None:
    held = archive.stats()
    assert held["by_source"] == {"disan": 1, "linjie": 0, "shifan": 2}
    assert held["others"]["by_source"] == {"disan": 1, "linjie": 1, "shifan": 0}
    assert held["totals"]["cluster"] == 1
    everything = archive.stats(all=True)
    assert everything["by_source"] == {"disan": 2, "linjie": 1, "shifan": 2}
    assert "others" not in everything


def test_a_story_names_its_publications_and_what_differs(archive: Archive) -> None:
    lead = next(each for each in archive.articles() if each.title == "首发")
    told = archive.story(lead.uid)
    assert [(each.kind, each.source, each.published_on) for each in told] == [
        ("story", "linjie", DAY + timedelta(days=2)),
        ("story", "disan", DAY + timedelta(days=5)),
        ("contains", "disan", DAY),
    ]
    assert told[0].similarity == 1.0 and told[0].differences == ()
    assert 0.9 < told[1].similarity < 1.0
    assert {kind for each in told[1].differences for kind in each} >= {"added"}
    assert told[2].title == "摘要" and told[2].similarity == 1.0


def test_a_copy_names_its_lead(archive: Archive) -> None:
    copy = next(each for each in archive.articles(all=True, source="linjie"))
    first = archive.story(copy.id)[0]
    assert (first.title, first.leads) == ("首发", True)


def test_a_part_names_what_holds_it(archive: Archive) -> None:
    part = next(each for each in archive.articles() if each.title == "摘要")
    assert {(each.kind, each.title) for each in archive.story(part.uid)} == {
        ("part_of", "首发"),
        ("part_of", "第三招商网"),
    }


def test_syndication_tells_who_copies_whom_and_how_fast(archive: Archive) -> None:
    pairs = [(each.first, each.then, each.articles, each.median_delay) for each in archive.syndication()]
    assert pairs == [("shifan", "disan", 1, 5.0), ("shifan", "linjie", 1, 2.0)]


def test_delays_need_dates(engine: Engine, address: str) -> None:
    crawl(engine, page("a.html", "甲", BODY))
    crawl(engine, page(f"{OTHER.homepage}a.html", "乙", BODY, None), source=OTHER)
    assert [each.median_delay for each in Archive(address).syndication()] == [None]
