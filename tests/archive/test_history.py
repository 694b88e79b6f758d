"""What an article was: changes that count, states that look cut, corrections by hand, articles their site dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from crawler.archive.correct import WrongCorrection, correct
from crawler.archive.gone import are_many
from crawler.archive.models import Article as ArticleRow
from crawler.archive.models import Revision, table
from crawler.items import Article, Capture, Evidence, Rejection, Visit
from tests.archive.harness import SITE, START, Clock, crawl, page, record

LONG = "".join(f"第{number}个项目由示范新材料公司投资建设,预计年内开工。" for number in range(20))


def state(engine: Engine, sql: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def revisions(engine: Engine) -> list[Any]:
    return state(engine, "SELECT number, cause, same_as FROM revision ORDER BY number")


def missing(path: str = "a.html", status: int = 404) -> Rejection:
    url = SITE.homepage + path
    visit = Visit(capture=Capture(url, url, START, status), entry_url=url)
    return Rejection(url, "fetch", f"the server answered {status}", gone=True, visit=visit)


@pytest.mark.parametrize(
    "noise",
    ["浏览次数:1234", "浏览量 88 次", "阅读:[ 5 ]", "3小时前", "分享到:微信 微博 QQ空间", "点赞(12)", "已有36人浏览"],
)
def test_counters_relative_times_and_share_widgets_are_no_change(engine: Engine, noise: str) -> None:
    crawl(engine, page(body=f"{LONG}\n{noise}"))
    again = crawl(engine, page(body=f"{LONG}\n{noise.translate(str.maketrans('1234568', '7654321'))}"))
    assert (again.counts["changed"], again.counts["unchanged"]) == (0, 1)


def test_figures_of_the_text_are_a_change(engine: Engine) -> None:
    crawl(engine, page(body=LONG + "总投资12亿元。"))
    assert crawl(engine, page(body=LONG + "总投资13亿元。")).counts["changed"] == 1


def test_a_page_that_shrinks_sharply_counts_only_when_seen_again(engine: Engine) -> None:
    crawl(engine, page(body=LONG))
    assert crawl(engine, page(body=LONG[:100])).counts["changed"] == 0
    assert state(engine, "SELECT body FROM article") == [(LONG,)]
    assert crawl(engine, page(body=LONG[:100])).counts["changed"] == 1
    assert state(engine, "SELECT body FROM article") == [(LONG[:100],)]


def test_a_cut_page_that_is_whole_again_leaves_no_trace(engine: Engine) -> None:
    crawl(engine, page(body=LONG))
    crawl(engine, page(body=LONG[:100]))
    crawl(engine, page(body=LONG))
    assert crawl(engine, page(body=LONG[:100])).counts["changed"] == 0
    assert revisions(engine) == [(1, "site", None)]


def test_a_page_with_a_missing_part_waits_as_well(engine: Engine) -> None:
    crawl(engine, page(body=LONG))
    cut = page(body=LONG[:-20], provenance={"body": Evidence("container", 0.5, "a later part is missing: no answer")})
    assert crawl(engine, cut).counts["changed"] == 0


def test_a_short_text_may_become_shorter_at_once(engine: Engine) -> None:
    crawl(engine, page(body="今天签约,明天开工。"))
    assert crawl(engine, page(body="签约。")).counts["changed"] == 1


def test_a_return_to_an_earlier_state_is_told_as_such(engine: Engine) -> None:
    for title in ("签约", "签约(更正)", "签约"):
        crawl(engine, page(title=title))
    assert revisions(engine) == [(1, "site", None), (2, "site", None), (3, "site", 1)]


def uid(engine: Engine) -> str:
    return str(state(engine, "SELECT uid FROM article")[0][0])


def test_a_correction_is_a_manual_revision_with_its_reason(engine: Engine) -> None:
    crawl(engine, page())
    done = correct(engine, uid(engine), {"title": "签约仪式隆重举行"}, "标题漏字")
    assert (done.number, done.before) == (2, {"title": "签约仪式举行"})
    assert state(engine, "SELECT title, revision_count FROM article") == [("签约仪式隆重举行", 2)]
    assert state(engine, "SELECT cause, reason FROM revision WHERE number = 2") == [("manual", "标题漏字")]


def test_later_crawls_respect_a_correction(engine: Engine) -> None:
    crawl(engine, page())
    fields = {"title": "签约仪式隆重举行", "published_on": "2026-02-26", "region_code": "420202"}
    correct(engine, uid(engine), fields, "核对原文")
    assert crawl(engine, page()).counts["unchanged"] == 1
    assert crawl(engine, page(body="正文也改了。")).counts["changed"] == 1
    kept = state(engine, "SELECT title, published_on, region_code, body FROM article")
    assert [str(value) for value in kept[0]] == ["签约仪式隆重举行", "2026-02-26", "420202", "正文也改了。"]


def test_a_corrected_record_without_url_is_found_again(engine: Engine) -> None:
    crawl(engine, record("十堰签约", LONG))
    correct(engine, uid(engine), {"title": "【十堰招商】签约"}, "补全前缀")
    again = crawl(engine, record("十堰签约", LONG))
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " "}, "x"),
        ({"published_on": "2026-13-01"}, "x"),
        ({"region_code": "42"}, "x"),
        ({"uid": "x"}, "x"),
        ({}, "x"),
        ({"title": "x"}, " "),
    ],
)
def test_a_wrong_correction_is_refused_in_one_sentence(engine: Engine, fields: dict[str, str], reason: str) -> None:
    crawl(engine, page())
    with pytest.raises(WrongCorrection, match=r"^[^\n]+\.$"):
        correct(engine, uid(engine), fields, reason)
    assert len(revisions(engine)) == 1


def gone(engine: Engine) -> list[bool]:
    return [value is not None for (value,) in state(engine, "SELECT gone_at FROM article ORDER BY id")]


def test_a_page_missing_twice_a_day_apart_is_gone_and_kept(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page(), clock=clock)
    crawl(engine, missing(), clock=clock)
    assert gone(engine) == [False]
    clock.move(hours=24)
    crawl(engine, missing(status=410), clock=clock)
    assert gone(engine) == [True]
    assert state(engine, "SELECT body FROM article") == [("今天举行了签约仪式。",)]
    assert state(engine, "SELECT kind FROM change ORDER BY seq") == [("new",), ("gone",)]


def test_two_looks_on_one_day_are_not_enough(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page(), clock=clock)
    for _ in range(3):
        clock.move(hours=2)
        crawl(engine, missing(), clock=clock)
    assert gone(engine) == [False]


def test_a_page_that_comes_back_is_not_gone(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page(), clock=clock)
    for _ in range(2):
        clock.move(hours=24)
        crawl(engine, missing(), clock=clock)
    clock.move(hours=24)
    crawl(engine, page(), clock=clock)
    assert gone(engine) == [False]
    assert state(engine, "SELECT missing_since FROM article") == [(None,)]


def test_a_site_that_loses_many_at_once_raises_a_warning_instead(engine: Engine) -> None:
    clock = Clock()
    names = [f"{number}.html" for number in range(8)]
    crawl(engine, *(page(name) for name in names), clock=clock)
    for _ in range(2):
        clock.move(hours=24)
        run = crawl(engine, *(missing(name) for name in names), clock=clock)
        assert any("no article was marked gone" in warning for warning in run.warnings)
    assert not any(gone(engine))


@pytest.mark.parametrize(("lost", "of", "many"), [(3, 3, False), (4, 20, True), (10, 100, False), (11, 100, True)])
def test_how_many_are_many(lost: int, of: int, many: bool) -> None:
    assert are_many(lost, of) is many


def test_articles_no_listing_showed_are_looked_at_again_the_missing_first(engine: Engine) -> None:
    clock = Clock()
    crawl(engine, page("a.html"), page("b.html"), page("c.html"), clock=clock)
    crawl(engine, missing("c.html"), clock=clock)
    clock.move(hours=24)
    run = crawl(engine, page("b.html"), clock=clock)
    assert [article.url for article in run.to_recheck(5)] == [SITE.homepage + "c.html", SITE.homepage + "a.html"]


def test_archive_of_an_older_version_is_brought_up_to_date(tmp_path: Any) -> None:
    from sqlalchemy import create_engine

    from crawler.archive.engine import open_archive
    from crawler.archive.migrate import migrate

    path = tmp_path / "old.db"
    old = create_engine(f"sqlite:///{path}")
    migrate(old, "0001")
    old.dispose()
    engine = open_archive(str(path), write=True)
    assert crawl(engine, page()).counts["new"] == 1
    engine.dispose()


def test_a_row_of_an_older_version_is_compared_as_it_was_written(engine: Engine) -> None:
    crawl(engine, page())
    with engine.begin() as connection:
        connection.execute(text("UPDATE article SET content_digest = NULL, body_length = NULL"))
    assert crawl(engine, page()).counts["unchanged"] == 1
    changed: Article = replace(page(), body="别的正文。")
    assert crawl(engine, changed).counts["changed"] == 1


def test_a_corrected_day_takes_the_moment_of_the_old_one_away(engine: Engine) -> None:
    given = page(published_at=datetime(2026, 2, 27, 0, 41, tzinfo=UTC))
    crawl(engine, given)
    correct(engine, uid(engine), {"published_on": "2026-02-28"}, "核对原文")
    assert state(engine, "SELECT published_at FROM article") == [(None,)]
    with engine.connect() as connection:
        told = (
            connection.execute(select(table(Revision).c.provenance).order_by(table(Revision).c.number)).scalars().all()
        )
    assert told[-1]["published_at"]["before"] == "2026-02-27T00:41:00Z"
    assert crawl(engine, replace(given, body="正文也改了。")).counts["changed"] == 1
    assert state(engine, "SELECT published_at FROM article") == [(None,)]


def test_a_moment_of_the_corrected_day_stays(engine: Engine) -> None:
    given = page(published_at=datetime(2026, 2, 27, 16, 41, tzinfo=UTC))  # half past midnight in Shanghai
    crawl(engine, given)
    correct(engine, uid(engine), {"published_on": "2026-02-28"}, "核对原文")
    with engine.connect() as connection:
        assert connection.execute(select(table(ArticleRow).c.published_at)).scalar_one() == given.published_at


def test_a_correction_that_changes_nothing_is_refused(engine: Engine) -> None:
    crawl(engine, page())
    same = {"title": "签约仪式举行", "published_on": "2026-02-27", "region_code": "420000"}
    with pytest.raises(WrongCorrection, match=r"^Article \w{16} says so already: [^\n]+\.$"):
        correct(engine, uid(engine), same, "核对原文")
    assert len(revisions(engine)) == 1
    assert state(engine, "SELECT field FROM correction") == []


def test_of_several_fields_those_that_differ_are_corrected(engine: Engine) -> None:
    crawl(engine, page())
    done = correct(engine, uid(engine), {"title": "签约仪式举行", "region_code": "420202"}, "核对原文")
    assert done.before == {"region_code": "420000"}
    assert state(engine, "SELECT field FROM correction") == [("region_code",)]
