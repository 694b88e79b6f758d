"""What was taken down: gone from every table, kept out by later crawls, its story right without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from crawler.archive import SourceBusy
from crawler.archive.starting import start_run
from crawler.archive.takedown import Found, take_down
from crawler.items import Article, Entry, Rejection
from tests.archive.harness import DAY, SITE, START, Clock, column, counted, crawl, listing, page, record, rows, shown
from tests.archive.kept import keeping_crawl, kept_page, of_one_page, response
from tests.dedupe.texts import story

LONG = "".join(f"第{number}个项目由示范新材料公司投资建设。" for number in range(12))


def down(engine: Engine, uid: str, reason: str = "当事人要求") -> int:
    with engine.begin() as connection:
        return take_down(connection, uid, reason, Found(), START)


def uid(engine: Engine, title: str) -> str:
    return str(column(engine, "SELECT uid FROM article WHERE title = :title", title=title)[0])


def test_no_row_holds_its_text_and_a_tombstone_says_why(engine: Engine) -> None:
    crawl(engine, listing(shown("a.html", "秘密签约", summary="秘密摘要")), page(title="秘密签约", body="秘密正文"))
    down(engine, uid(engine, "秘密签约"))
    for name in ("article", "revision", "attachment", "entry", "correction", "rejection"):
        assert rows(engine, f"SELECT * FROM {name}") == []
    stone = rows(engine, "SELECT * FROM tombstone")
    assert [row["reason"] for row in stone] == ["当事人要求"]
    assert "秘密" not in str(stone)
    assert column(engine, "SELECT kind FROM change ORDER BY seq") == ["new", "taken_down"]


def test_rejections_that_quote_it_go(engine: Engine) -> None:
    crawl(engine, page("a.html"), page("b.html", "另一篇"))
    for path in ("a.html", "b.html"):
        refused = Rejection(SITE.homepage + path, "validate", "its date lies in the future", record={"body": "秘密"})
        crawl(engine, refused)
    down(engine, uid(engine, "签约仪式举行"))
    assert column(engine, "SELECT url FROM rejection") == [SITE.homepage + "b.html"]


def test_a_later_crawl_keeps_the_page_out(engine: Engine) -> None:
    crawl(engine, page())
    down(engine, uid(engine, "签约仪式举行"))
    run = crawl(engine, page(title="改了标题"), page("b.html", "另一篇"), listing(shown("a.html"), shown("b.html")))
    assert counted(run) == {"new": 1}
    assert (run.kept_out, column(engine, "SELECT title FROM entry")) == (2, ["签约仪式举行"])
    assert run.is_kept_out(SITE.homepage + "a.html#top")


@pytest.mark.parametrize(
    "again",
    [
        record("十堰签约", LONG),
        record(" 十堰签约！", "正文全部换过。"),
        record("十堰：签约", LONG + "。", date(2026, 2, 27)),
        record("换了标题", LONG, date(2026, 5, 1)),
    ],
    ids=["same", "another text", "title written otherwise", "same text"],
)
def test_a_record_without_url_is_kept_out_by_title_and_day_and_by_its_text(engine: Engine, again: Article) -> None:
    crawl(engine, record("十堰签约", LONG))
    down(engine, uid(engine, "十堰签约"))
    assert counted(crawl(engine, again)) == {}
    assert counted(crawl(engine, record("十堰签约", "另一天的另一件事。", date(2026, 3, 9)))) == {"new": 1}


def test_a_rejection_of_the_page_is_not_written_again(engine: Engine) -> None:
    crawl(engine, page())
    down(engine, uid(engine, "签约仪式举行"))
    crawl(engine, Rejection(SITE.homepage + "a.html", "validate", "its date lies in the future", record={"body": "x"}))
    assert rows(engine, "SELECT * FROM rejection") == []


def test_the_page_is_not_kept_by_a_later_crawl(engine: Engine, tmp_path: Path) -> None:
    keeping_crawl(engine, tmp_path, kept_page("a.html", "签约", "秘密正文"))
    down(engine, uid(engine, "签约"))
    files = set(tmp_path.rglob("*.gz"))
    keeping_crawl(engine, tmp_path, kept_page("a.html", "签约", "秘密正文又变"))
    assert set(tmp_path.rglob("*.gz")) == files


def test_a_listing_that_carries_it_whole_is_not_kept_but_its_other_entries_are(engine: Engine, tmp_path: Path) -> None:
    first = of_one_page(
        response(SITE.homepage, "十堰签约 " + LONG), record("十堰签约", LONG), record("随州开工", "开工了。")
    )
    keeping_crawl(engine, tmp_path, *first)
    down(engine, uid(engine, "十堰签约"))
    second = of_one_page(
        response(SITE.homepage, "又 " + LONG), record("十堰签约", LONG), record("恩施投产", "投产了。")
    )
    run = keeping_crawl(engine, tmp_path, *second)
    assert counted(run) == {"new": 1}
    assert column(engine, "SELECT warc_path FROM capture WHERE crawl_id = :id", id=run.crawl_id) == [None]


def test_captures_of_the_same_payload_expire_with_it(engine: Engine, tmp_path: Path) -> None:
    twin = kept_page("a.html", "签约", "秘密正文")
    other = replace(twin, url=SITE.homepage + "b.html", visit=replace(twin.visit, entry_url=SITE.homepage + "b.html"))  # type: ignore[type-var]
    keeping_crawl(engine, tmp_path, twin, other, kept_page("c.html", "另一篇", "另一正文"))
    assert down(engine, column(engine, "SELECT uid FROM article ORDER BY id")[0]) >= 1
    assert column(engine, "SELECT url FROM capture WHERE expired_at IS NULL") == [SITE.homepage + "c.html"]


def test_redirects_of_other_pages_stay(engine: Engine, tmp_path: Path) -> None:
    keeping_crawl(
        engine, tmp_path, kept_page("a.html", "签约", "正文", hops=1), kept_page("b.html", "另一篇", "甲", hops=1)
    )
    down(engine, uid(engine, "签约"))
    living = column(engine, "SELECT status FROM capture WHERE expired_at IS NULL AND url LIKE '%b.html%' ORDER BY id")
    assert living == [301, 200]


@pytest.mark.parametrize(("others", "left"), [(2, [2]), (1, [])])
def test_its_story_goes_on_without_it(engine: Engine, others: int, left: list[int]) -> None:
    names = ["a.html", "b.html", "c.html"][: others + 1]
    crawl(engine, *(page(name, body=story(1), day=date(2026, 2, 20 + place)) for place, name in enumerate(names)))
    down(engine, column(engine, "SELECT uid FROM article ORDER BY id")[0])
    assert column(engine, "SELECT size FROM cluster") == left
    lead = column(engine, "SELECT lead_article_id FROM cluster")
    assert lead == column(engine, "SELECT min(id) FROM article WHERE cluster_id IS NOT NULL")[: len(left)]


def test_it_waits_for_a_running_crawl_of_its_source(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    crawl(engine, page())
    start_run(engine, SITE, now=Clock())
    monkeypatch.setattr("crawler.archive.takedown.is_alive", lambda owner, seen, now: True)
    with pytest.raises(SourceBusy, match=r"^Source shifan is being crawled; .+\.$"):
        down(engine, uid(engine, "签约仪式举行"))
    assert rows(engine, "SELECT * FROM tombstone") == []


def test_an_entry_without_url_that_shows_its_summary_is_not_written_again(engine: Engine) -> None:
    crawl(engine, record("十堰签约", LONG))
    down(engine, uid(engine, "十堰签约"))
    crawl(engine, listing(Entry("十堰签约", None, DAY, summary="摘要", body=LONG)))
    assert rows(engine, "SELECT * FROM entry") == []


def test_another_record_of_its_title_and_day_stays(engine: Engine) -> None:
    crawl(engine, record("签约", LONG), record("签约", "另一场签约仪式在会展中心举行。"))
    first, second = column(engine, "SELECT uid FROM article ORDER BY id")
    down(engine, second)
    assert first not in column(engine, "SELECT mark FROM tombstone_mark")
    assert column(engine, "SELECT uid FROM article") == [first]
