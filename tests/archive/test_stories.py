"""Stories are told while articles are written: who copied whom, who leads, and what happens when one goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.archive import bands
from crawler.archive.correct import correct
from crawler.archive.engine import writing
from crawler.archive.stories import forget, tell
from tests.archive.harness import OTHER, START, Clock, column, crawl, page, record, rows
from tests.dedupe.texts import edited, shuffled, story, with_other_figures

DAY = date(2026, 2, 27)
BODY = story(1)


@pytest.fixture(scope="module", autouse=True)
def short_rounds() -> Iterator[None]:
    """Few articles make a round, so that bands are filed as in a large archive."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "ROUND", 4)
        yield


def told(engine: Engine) -> list[list[str]]:
    """The stories of several articles: their titles, the lead's first."""
    clusters = rows(engine, "SELECT id, size, lead_article_id AS lead FROM cluster")
    stories = []
    for cluster in clusters:
        members = rows(engine, "SELECT id, title FROM article WHERE cluster_id = :id ORDER BY title", id=cluster["id"])
        assert len(members) == cluster["size"]
        members.sort(key=lambda row: row["id"] != cluster["lead"])
        assert members[0]["id"] == cluster["lead"]
        stories.append([row["title"] for row in members])
    assert column(engine, "SELECT count(*) FROM article WHERE cluster_id IS NOT NULL") == [
        sum(cluster["size"] for cluster in clusters)
    ]
    return sorted(stories)


def ids(engine: Engine, *titles: str) -> list[int]:
    """The rows of articles, by their titles."""
    return [column(engine, "SELECT id FROM article WHERE title = :title", title=title)[0] for title in titles]


def let_go(engine: Engine, *titles: str) -> None:
    """Take articles out of their stories, as a takedown does."""
    going = ids(engine, *titles)
    with writing(engine) as connection:
        forget(connection, going, START)


def retold(engine: Engine) -> list[str]:
    """The titles of the articles whose story changed, as often as the archive says so."""
    join = "SELECT title FROM change JOIN article ON article.id = article_id"
    return column(engine, f"{join} WHERE kind = 'cluster' ORDER BY seq")


def kinds(engine: Engine) -> list[str]:
    return column(engine, "SELECT kind FROM relation")


@pytest.mark.parametrize(
    "copy",
    [BODY, "来源：某某日报\n" + BODY, edited(BODY, 0.05), edited(BODY, 0.15), shuffled(BODY)],
    ids=["copy", "source line", "5 %", "15 %", "shuffled"],
)
def test_copies_are_one_story_led_by_the_earliest(engine: Engine, copy: str) -> None:
    crawl(engine, page("b.html", "转载", copy, DAY + timedelta(days=2)), page("c.html", "别的", story(2)))
    crawl(engine, page("http://www.linjie.example/a.html", "首发", BODY), source=OTHER)
    assert told(engine) == [["首发", "转载"]]
    assert kinds(engine) == ["near"]


def test_copies_of_one_batch_are_one_story(engine: Engine) -> None:
    crawl(engine, page("b.html", "乙", edited(BODY, 0.01)), page("a.html", "甲", BODY, DAY - timedelta(days=1)))
    assert told(engine) == [["甲", "乙"]]


def test_records_without_a_page_are_compared_too(engine: Engine) -> None:
    crawl(engine, record("甲", BODY), source=OTHER)
    crawl(engine, page("b.html", "乙", BODY, DAY + timedelta(days=1)))
    assert told(engine) == [["甲", "乙"]]


def test_same_words_with_other_figures_are_two_stories(engine: Engine) -> None:
    crawl(engine, page("a.html", "一月", BODY), page("b.html", "二月", with_other_figures(BODY)))
    assert told(engine) == []
    assert kinds(engine) == []


def test_a_summary_is_contained_and_not_merged(engine: Engine) -> None:
    crawl(engine, page("a.html", "摘要", BODY[:100] + "……"))
    crawl(engine, page("b.html", "全文", BODY))
    assert told(engine) == []
    names = "SELECT a.title, b.title AS part, kind FROM relation JOIN article a ON a.id = article_id"
    found = rows(engine, f"{names} JOIN article b ON b.id = other_id")
    assert found == [{"title": "全文", "part": "摘要", "kind": "contains"}]


def test_undated_articles_lead_last(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY, None), page("b.html", "乙", BODY, DAY))
    assert told(engine) == [["乙", "甲"]]


def test_equally_dated_articles_are_led_by_the_one_seen_first(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page("b.html", "乙", BODY), clock=clock)
    clock.move(hours=1)
    crawl(engine, page("a.html", "甲", BODY), clock=clock)
    assert told(engine) == [["乙", "甲"]]


def test_an_article_rewritten_by_its_site_leaves_its_story(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", BODY), page("c.html", "丙", edited(BODY, 0.01)))
    crawl(engine, page("a.html", "甲", story(2)), clock=Clock(START + timedelta(days=1)))
    assert told(engine) == [["丙", "乙"]] or told(engine) == [["乙", "丙"]]


def test_a_corrected_day_changes_the_lead(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", BODY, DAY + timedelta(days=1)))
    uid = column(engine, "SELECT uid FROM article WHERE title = '乙'")[0]
    correct(engine, uid, {"published_on": "2026-01-01"}, "误记", START)
    assert told(engine) == [["乙", "甲"]]
    assert retold(engine) == ["甲", "乙", "甲", "乙"]


def test_a_corrected_text_joins_its_story(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", "附件无法显示。", DAY + timedelta(days=1)))
    uid = column(engine, "SELECT uid FROM article WHERE title = '乙'")[0]
    correct(engine, uid, {"body": BODY}, "补全", START)
    assert told(engine) == [["甲", "乙"]]


def test_a_story_is_told_apart_where_the_bridge_goes(engine: Engine) -> None:
    lines = story(1, 10).split("\n")
    left = "\n".join([*lines[:6], story(31, 6)])
    right = "\n".join([*lines[4:], story(32, 6)])
    crawl(engine, page("l.html", "左", left), page("r.html", "右", right, DAY + timedelta(days=2)))
    assert told(engine) == []
    crawl(engine, page("m.html", "中", "\n".join(lines), DAY + timedelta(days=1)))
    assert told(engine) == [["左", "中", "右"]]
    let_go(engine, "中")
    assert told(engine) == []
    assert sorted(retold(engine)[-3:]) == sorted(["左", "中", "右"])


def test_a_removed_lead_gives_way_to_the_next(engine: Engine) -> None:
    crawl(engine, *(page(f"{n}.html", f"第{n}篇", BODY, DAY + timedelta(days=n)) for n in range(4)))
    assert told(engine) == [["第0篇", "第1篇", "第2篇", "第3篇"]]
    let_go(engine, "第0篇")
    assert told(engine) == [["第1篇", "第2篇", "第3篇"]]
    let_go(engine, "第1篇", "第2篇")
    assert told(engine) == []


def test_copies_inherit_the_relations_of_the_one_that_went(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", BODY), page("c.html", "丙", edited(BODY, 0.05)))
    crawl(engine, page("d.html", "丁", BODY[:120]))
    let_go(engine, "甲")
    assert sorted(kinds(engine)) == ["contains", "near"]
    crawl(engine, page("e.html", "戊", shuffled(BODY), DAY + timedelta(days=3)))
    assert [len(each) for each in told(engine)] == [3]


def kept(engine: Engine) -> list[list[dict[str, Any]]]:
    """All that stories are told by, and what was said of them."""
    bands_of_all = "(SELECT * FROM band UNION ALL SELECT * FROM new_band) AS each_band"
    return [
        rows(engine, f"SELECT * FROM {name} ORDER BY 1, 2")
        for name in ("signature", "sketch", bands_of_all, "relation", "change")
    ]


def test_telling_twice_changes_nothing(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", BODY), page("c.html", "丙", edited(BODY, 0.05)))
    before = kept(engine)
    again = ids(engine, "甲", "乙", "丙")
    with writing(engine) as connection:
        tell(connection, again, START)
    assert kept(engine) == before


def test_forgetting_leaves_no_trace(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", BODY), page("c.html", "丙", edited(BODY, 0.05)))
    let_go(engine, "甲", "乙", "丙")
    for name in ("signature", "sketch", "band", "new_band", "relation", "cluster"):
        assert column(engine, f"SELECT count(*) FROM {name}") == [0]


def test_changes_name_every_article_whose_story_changed(engine: Engine) -> None:
    crawl(engine, page("a.html", "甲", BODY), page("b.html", "乙", story(2)))
    assert retold(engine) == []
    crawl(engine, page("c.html", "丙", BODY, DAY + timedelta(days=1)))
    assert retold(engine) == ["甲", "丙"]
    crawl(engine, page("d.html", "丁", BODY, DAY + timedelta(days=2)))
    assert retold(engine) == ["甲", "丙", "甲", "丁"]


def test_short_texts_are_one_story_only_where_title_and_text_are_equal(engine: Engine) -> None:
    title = "关于公布某区重点项目名单的通知"
    crawl(engine, page("a.html", title, "详见附件。"), page("b.html", title, "详见附件"))
    crawl(engine, page("c.html", title + "（二）", "详见附件。"), page("d.html", "通知", "见附件"), source=OTHER)
    crawl(engine, page("e.html", "通知", "见附件"))
    assert told(engine) == [[title, title]]


def test_a_damaged_copy_does_not_join_reports_of_two_months(engine: Engine) -> None:
    """It lost its only figure to an edit, and is near to both."""
    words = "\n".join(line.split("其中")[1] for line in story(1, 10).split("\n"))
    january, june, damaged = (f"全年引进项目{figure}个。\n{words}" for figure in ("37", "84", "若干"))
    crawl(engine, page("d.html", "残", edited(damaged, 0.03), DAY - timedelta(days=1)))
    crawl(engine, page("a.html", "一月", january), page("b.html", "六月", june, DAY + timedelta(days=1)))
    assert told(engine) == [["残", "一月"]]
