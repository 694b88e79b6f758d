"""Merging another archive: what is new comes, what is here is met, and twice is once."""

from __future__ import annotations

import fcntl
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from crawler.archive.correct import correct
from crawler.archive.kept import http_response, kept_record
from crawler.archive.starting import start_run
from crawler.operate.merge import LOCK, MergeFailure, merge, open_other
from crawler.research import Archive
from tests.archive.harness import OTHER, SITE, column, page, record, rows
from tests.archive.kept import kept_page
from tests.operate.merging.harness import FIRST, SECOND, Two, changed, dump, fill, fingerprint, new


def test_what_is_only_there_comes_with_its_source_crawl_captures_and_entries(two: Two) -> None:
    fill(two)
    merged = two.merge()
    assert new(merged) == {
        "sources": 1,
        "crawls": 2,
        "captures": 7,
        "articles": 2,
        "revisions": 2,
        "entries": 2,
        "rejections": 1,
    }
    assert column(two.ours, "SELECT title FROM article ORDER BY id") == ["甲", "此处", "彼处", "丙"]
    assert column(two.ours, "SELECT id FROM source ORDER BY id") == [OTHER.id, SITE.id]
    tied = "SELECT article.title FROM entry JOIN article ON article.id = entry.article_id ORDER BY entry.id"
    assert column(two.ours, tied) == ["甲", "彼处"]
    assert two.problems() == []


def test_a_second_merge_changes_nothing(two: Two) -> None:
    fill(two)
    two.merge()
    before, files = dump(two.ours), fingerprint(two.root)
    two.clock.move(days=1)
    again = two.merge()
    assert (new(again), changed(again), again.files) == ({}, {}, 0)
    assert dump(two.ours) == before
    assert fingerprint(two.root) == files


def test_the_other_archive_is_not_touched(two: Two) -> None:
    fill(two)
    two.other.dispose()
    before = fingerprint(two.other_file.parent)
    two.merge()
    assert fingerprint(two.other_file.parent) == before


def test_pages_of_merged_articles_are_read_from_the_files_of_ours(two: Two) -> None:
    fill(two)
    two.merge()
    fingerprints = fingerprint(two.other_root)
    for name in fingerprints:
        (two.other_root / name).unlink()
    for row in rows(two.ours, "SELECT title, capture_id FROM revision WHERE capture_id IS NOT NULL"):
        if row["title"] != "丙":
            page_kept = http_response(kept_record(two.ours, row["capture_id"], two.root)).decode()
            assert f"<h1>{row['title']}</h1>" in page_kept
    parts = column(two.ours, "SELECT capture_id FROM revision_part")
    assert [kept_record(two.ours, each, two.root).payload.decode() for each in parts] == ["第二页"]


def test_only_what_is_new_or_changed_is_told_to_indexes(two: Two) -> None:
    fill(two)
    two.merge()
    told = "SELECT kind, title FROM change JOIN article ON article.id = article_id ORDER BY seq"
    assert [(row["kind"], row["title"]) for row in rows(two.ours, told)][2:] == [("new", "彼处"), ("new", "丙")]


def test_states_are_interleaved_by_when_they_were_read(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", FIRST))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", FIRST))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", FIRST + "二"))
    two.clock.move(days=1)
    two.crawl_here(kept_page("a.html", "甲", FIRST + "三"))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", FIRST))
    merged = two.merge()
    told = "SELECT number, body, same_as, cause, extracted_at FROM revision ORDER BY number"
    states = rows(two.ours, told)
    assert [(row["number"], row["body"].removeprefix(FIRST), row["same_as"]) for row in states] == [
        (1, "", None),
        (2, "二", None),
        (3, "三", None),
        (4, "", 1),
    ]
    assert changed(merged) == {"articles": 1}
    (article,) = rows(two.ours, "SELECT body, revision_count, last_seen_at FROM article")
    assert (article["body"], article["revision_count"]) == (FIRST, 4)
    assert column(two.ours, "SELECT kind FROM change ORDER BY seq") == ["new", "changed", "changed"]
    assert two.problems() == []
    before = dump(two.ours)
    two.merge()
    assert dump(two.ours) == before


def test_history_as_of_a_day_is_that_of_both(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", FIRST))
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "甲", FIRST + "二"))
    two.clock.move(days=1)
    two.crawl_here(kept_page("a.html", "甲", FIRST + "三"))
    two.merge()
    if two.ours.dialect.name == "sqlite":
        with Archive(str(two.ours.url.database)) as archive:
            days = [two.clock.at.date() - timedelta(days=back) for back in (2, 1, 0)]
            seen = [[article.body.removeprefix(FIRST) for article in archive.as_of(day)] for day in days]
            assert seen == [[""], ["二"], ["三"]]


def test_first_and_last_sight_are_those_of_both(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", FIRST))
    two.clock.move(days=1)
    two.crawl_here(kept_page("a.html", "甲", FIRST))
    two.clock.move(days=1)
    crawl = two.crawl_there(kept_page("a.html", "甲", FIRST))
    merged = two.merge()
    assert (merged.counts["articles"]["met"], changed(merged)) == (1, {})
    (row,) = rows(
        two.ours, "SELECT first_seen_at, last_seen_at, started_at FROM article JOIN crawl ON crawl.id = last_crawl_id"
    )
    assert str(row["first_seen_at"])[:10] == "2026-03-01"
    assert str(row["last_seen_at"])[:10] == str(row["started_at"])[:10] == "2026-03-03"
    assert crawl.started_at.date() == date(2026, 3, 3)
    states = rows(two.ours, "SELECT extracted_at FROM revision")
    assert [str(state["extracted_at"])[:10] for state in states] == ["2026-03-01"]


def test_article_that_they_saw_again_is_not_gone(two: Two) -> None:
    for engine in (two.ours, two.other):
        (two.crawl_here if engine is two.ours else two.crawl_there)(kept_page("a.html", "甲", FIRST))
    with two.ours.begin() as connection:
        connection.execute(text("UPDATE article SET gone_at = '2026-03-02T00:00:00Z'"))
    two.clock.move(days=3)
    two.crawl_there(kept_page("a.html", "甲", FIRST))
    two.merge()
    assert column(two.ours, "SELECT gone_at FROM article") == [None]
    assert column(two.ours, "SELECT kind FROM change ORDER BY seq") == ["new", "changed"]


def test_article_that_they_found_gone_is_gone(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", FIRST))
    two.crawl_there(kept_page("a.html", "甲", FIRST))
    with two.other.begin() as connection:
        connection.execute(text("UPDATE article SET gone_at = '2026-03-02T00:00:00Z'"))
    two.merge()
    assert str(column(two.ours, "SELECT gone_at FROM article")[0])[:10] == "2026-03-02"
    assert column(two.ours, "SELECT kind FROM change ORDER BY seq") == ["new", "gone"]


def test_corrections_come_along_and_hold_what_they_hold_there(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "误", FIRST))
    run = two.crawl_there(kept_page("a.html", "误", FIRST))
    two.clock.move(days=1)
    (uid,) = column(two.other, "SELECT uid FROM article")
    correct(two.other, uid, {"title": "正", "region_code": "420200"}, "原文有误", now=two.clock())
    merged = two.merge()
    assert (new(merged)["corrections"], run.counts["new"]) == (2, 1)
    (row,) = rows(two.ours, "SELECT title, region_code, revision_count FROM article")
    assert (row["title"], row["region_code"], row["revision_count"]) == ("正", "420200", 2)
    assert column(two.ours, "SELECT cause FROM revision ORDER BY number") == ["site", "manual"]
    before = dump(two.ours)
    two.merge()
    assert dump(two.ours) == before
    two.clock.move(days=1)
    assert two.crawl_here(kept_page("a.html", "误", FIRST)).counts["unchanged"] == 1


def test_state_that_does_not_know_of_a_correction_is_followed_by_one_that_does(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "误", FIRST))
    two.crawl_there(kept_page("a.html", "误", FIRST))
    (uid,) = column(two.ours, "SELECT uid FROM article")
    two.clock.move(days=1)
    correct(two.ours, uid, {"title": "正"}, "原文有误", now=two.clock())
    two.clock.move(days=1)
    two.crawl_there(kept_page("a.html", "误", FIRST + "另悉，会议有后续。"))
    two.clock.move(days=1)
    two.merge()
    states = [
        (row["title"], row["cause"]) for row in rows(two.ours, "SELECT title, cause FROM revision ORDER BY number")
    ]
    assert states == [("误", "site"), ("正", "manual"), ("误", "site"), ("正", "manual")]
    (row,) = rows(two.ours, "SELECT title, body FROM article")
    assert (row["title"], row["body"]) == ("正", FIRST + "另悉，会议有后续。")
    assert two.problems() == []
    before = dump(two.ours)
    two.merge()
    assert dump(two.ours) == before


def test_the_newest_correction_counts_whichever_came_first(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "误", FIRST))
    two.crawl_there(kept_page("a.html", "误", FIRST))
    (uid,) = column(two.ours, "SELECT uid FROM article")
    two.clock.move(days=1)
    correct(two.other, uid, {"title": "旧"}, "一", now=two.clock())
    two.clock.move(days=1)
    correct(two.ours, uid, {"title": "新"}, "二", now=two.clock())
    two.merge()
    assert column(two.ours, "SELECT title FROM article") == ["新"]
    two.clock.move(days=1)
    assert two.crawl_here(kept_page("a.html", "误", FIRST)).counts["unchanged"] == 1


def test_records_without_a_page_meet_by_title_and_day(two: Two) -> None:
    two.crawl_here(record("签约", FIRST))
    two.clock.move(days=1)
    two.crawl_there(record("签约", FIRST), record("开工", SECOND))
    merged = two.merge()
    assert (merged.counts["articles"]["met"], new(merged)["articles"]) == (1, 1)


def test_two_records_of_one_title_and_day_stay_two_whichever_came_first(two: Two) -> None:
    two.crawl_here(record("签约", FIRST))
    two.clock.move(days=1)
    two.crawl_there(record("签约", SECOND))
    two.crawl_there(record("签约", SECOND), record("签约", FIRST))
    merged = two.merge()
    assert (merged.counts["articles"]["met"], new(merged)["articles"]) == (1, 1)
    assert sorted(column(two.ours, "SELECT body FROM article")) == sorted([FIRST, SECOND])
    before = dump(two.ours)
    two.merge()
    assert dump(two.ours) == before


def test_running_crawl_is_interrupted_here_until_it_is_known_how_it_ended(two: Two) -> None:
    run = start_run(two.other, SITE, now=two.clock)
    run.record(page("a.html", "甲"))
    run.flush()
    two.merge()
    assert column(two.ours, "SELECT status FROM crawl") == ["interrupted"]
    two.clock.move(hours=1)
    run.record(page("b.html", "乙"))
    run.finish("finished")
    merged = two.merge()
    assert (changed(merged), new(merged)) == ({"crawls": 1}, {"captures": 1, "articles": 1, "revisions": 1})
    assert column(two.ours, "SELECT status FROM crawl") == ["finished"]
    assert two.crawl_here(page("c.html", "丙")).counts["new"] == 1


def test_merging_both_ways_makes_both_hold_the_same(two: Two) -> None:
    fill(two)
    two.merge()
    merge(two.other, two.ours, root=two.other_root, other_root=two.root, now=two.clock)
    told = "SELECT uid, title, body, revision_count FROM article ORDER BY uid"
    assert rows(two.other, told) == rows(two.ours, told)
    before = dump(two.ours)
    assert new(two.merge()) == {}
    assert dump(two.ours) == before


def test_two_sources_of_one_id_are_named(two: Two) -> None:
    two.crawl_here(page("a.html"))
    two.crawl_there(
        page("http://www.qita.example/a.html"), source=type(SITE)(SITE.id, "其他", "http://www.qita.example/")
    )
    (note,) = two.merge().notes
    assert "http://www.qita.example/" in note and SITE.homepage in note


def test_archive_itself_is_refused(two: Two) -> None:
    opened = open_other(str(two.other_file))
    with pytest.raises(MergeFailure, match="itself"):
        merge(two.other, opened)
    opened.dispose()


def test_one_merge_at_a_time(two: Two) -> None:
    fill(two)
    two.root.mkdir(exist_ok=True)
    with (two.root / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(MergeFailure, match="Another merge"):
            two.merge()
    assert new(two.merge())["articles"] == 2
