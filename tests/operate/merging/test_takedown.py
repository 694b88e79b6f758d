"""What was taken down in one of the archives, when they are merged."""

from __future__ import annotations

import gzip

from crawler.operate.takedown import takedown
from tests.archive.harness import SITE, column, listing, page, record, rows, shown
from tests.archive.kept import kept_page, of_one_page, response
from tests.operate.merging.harness import Two, dump, new

SECRET = "本次活动由示范新材料公司独家承办，联系人为示范人物甲，电话号码不予公开，详见会议手册。"
OWN = "三个重点项目分别位于高新区东片、西片和南片，均已取得施工许可。"


def uid_there(two: Two, title: str) -> str:
    return str(column(two.other, "SELECT uid FROM article WHERE title = :title", title=title)[0])


def take_down_here(two: Two, uid: str) -> None:
    two.clock.move(hours=1)
    takedown(two.ours, uid, "当事人要求", root=two.root, now=two.clock)


def holds_secret(two: Two) -> list[str]:
    """The capture files and tables of ours that hold the text."""
    found = [str(path) for path in two.root.rglob("*.gz") if SECRET[:20].encode() in gzip.decompress(path.read_bytes())]
    return found + [name for name, each in dump(two.ours).items() if any(SECRET[:20] in row for row in each)]


def test_article_that_was_taken_down_here_stays_out_with_its_pages(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", SECRET), kept_page("b.html", "乙", OWN))
    two.crawl_there(
        listing(shown("a.html", "甲"), shown("b.html", "乙")),
        kept_page("a.html", "甲", SECRET + "又。"),
        kept_page("c.html", "丙", OWN + "二"),
    )
    take_down_here(two, uid_there(two, "甲"))
    merged = two.merge()
    assert (merged.kept_out, new(merged)["articles"]) == (1, 1)
    assert column(two.ours, "SELECT title FROM article ORDER BY id") == ["乙", "丙"]
    assert column(two.ours, "SELECT title FROM entry") == ["乙"]
    assert (holds_secret(two), two.problems()) == ([], [])
    before = dump(two.ours)
    assert new(two.merge()) == {}
    assert dump(two.ours) == before


def test_other_page_there_that_shows_the_text_comes_without_bytes(two: Two) -> None:
    two.crawl_here(kept_page("a.html", "甲", SECRET))
    two.clock.move(hours=1)
    shows_it = response(f"{SITE.homepage}zsdt/", f"<html><p>{SECRET}</p></html>")
    two.crawl_there(*of_one_page(shows_it), kept_page("a.html", "甲", SECRET), kept_page("b.html", "乙", OWN))
    take_down_here(two, uid_there(two, "甲"))
    two.merge()
    assert (holds_secret(two), two.problems()) == ([], [])
    last = "crawl_id = (SELECT max(id) FROM crawl)"
    gone = f"SELECT url FROM capture WHERE expired_at IS NOT NULL AND {last} ORDER BY id"
    assert column(two.ours, gone) == [f"{SITE.homepage}zsdt/", f"{SITE.homepage}a.html"]


def test_record_that_was_taken_down_here_stays_out(two: Two) -> None:
    two.crawl_here(record("甲", SECRET))
    two.crawl_there(record("甲", SECRET), record("乙", OWN))
    take_down_here(two, uid_there(two, "甲"))
    assert two.merge().kept_out == 1
    assert column(two.ours, "SELECT title FROM article") == ["乙"]
    assert holds_secret(two) == []


def test_tombstone_comes_along_and_keeps_the_article_out_of_later_crawls(two: Two) -> None:
    two.crawl_there(kept_page("a.html", "甲", SECRET), kept_page("b.html", "乙", OWN))
    two.crawl_here(listing(shown("a.html", "甲")))
    takedown(two.other, uid_there(two, "甲"), "当事人要求", root=two.other_root, now=two.clock)
    merged = two.merge()
    assert (new(merged)["tombstones"], merged.left_alone) == (1, [])
    assert rows(two.ours, "SELECT * FROM entry") == []
    two.crawl_here(kept_page("a.html", "甲", SECRET))
    assert column(two.ours, "SELECT title FROM article") == ["乙"]
    assert (holds_secret(two), two.problems()) == ([], [])


def test_article_that_they_took_down_and_that_is_here_is_named_and_stays(two: Two) -> None:
    two.crawl_here(page("a.html", "甲"))
    two.crawl_there(page("a.html", "甲"))
    uid = uid_there(two, "甲")
    takedown(two.other, uid, "当事人要求", root=two.other_root, now=two.clock)
    assert two.merge().left_alone == [uid]
    assert (column(two.ours, "SELECT uid FROM article"), two.problems()) == ([uid], [])
    take_down_here(two, uid)
    assert (two.merge().left_alone, two.problems()) == ([], [])


def test_takedown_names_the_merged_archive_and_its_backups(two: Two) -> None:
    if two.ours.dialect.name != "sqlite":
        return
    from crawler.operate.backup import backup

    two.crawl_there(kept_page("a.html", "甲", SECRET))
    backup(two.other, two.other_file.parent / "copy", now=two.clock)
    two.clock.move(hours=1)
    two.merge()
    two.clock.move(hours=1)
    done = takedown(two.ours, uid_there(two, "甲"), "当事人要求", root=two.root, now=two.clock)
    held = [(each.path, each.state) for each in done.backups]
    assert held == [
        (str(two.other_file.parent / "copy" / "archive.db"), "holds it"),
        (str(two.other_file), "holds it"),
    ]


def test_merged_archive_is_named_for_what_a_later_merge_brought(two: Two) -> None:
    if two.ours.dialect.name != "sqlite":
        return
    two.crawl_there(kept_page("a.html", "甲", OWN))
    two.merge()
    two.clock.move(days=1)
    two.crawl_there(kept_page("b.html", "乙", SECRET))
    two.clock.move(hours=1)
    two.merge()
    done = takedown(two.ours, uid_there(two, "乙"), "当事人要求", root=two.root, now=two.clock)
    assert [each.path for each in done.backups] == [str(two.other_file)]
