"""`reextract`: stored captures read by the present extractor. A better one is a source file with new selectors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from crawler.items import FieldRule, Rejection, Selectors, Visit
from crawler.operate import reextract as module
from crawler.operate.reextract import Wanted, reextract
from tests.archive.harness import SITE, column, rows
from tests.archive.kept import keeping_crawl, kept_page, of_one_page, response
from tests.cli.conftest import Place
from tests.cli.pages import BODY, ROWS, article_page

BETTER = Selectors(fields={"title": FieldRule(css="h1"), "author": FieldRule(value="示范记者")})
TEXT = "\n".join(BODY)


def kept(engine: Engine, root: Path, *names: str) -> None:
    """Articles whose titles a poor extractor read wrong."""
    pages = [kept_page(name, f"签约{name}", TEXT) for name in names]
    for page in pages:
        object.__setattr__(page, "title", f"错题{page.url}")
    keeping_crawl(engine, root, *pages)


def again(engine: Engine, root: Path, *selectors: Selectors, **options: Any) -> module.Reextracted:
    return reextract(engine, [Wanted(SITE, selectors or (BETTER,))], root=root, processes=1, **options)


def test_what_changes_is_a_revision_that_names_the_extractor(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, "a.html", "b.html")
    done = again(engine, tmp_path)
    assert (done.captures, done.changed, done.fields["title"], done.fields["author"]) == (2, 2, 2, 2)
    latest = rows(engine, "SELECT title, cause, extractor FROM revision WHERE number = 2 ORDER BY id")
    assert [(row["title"], row["cause"]) for row in latest] == [
        ("签约a.html", "extractor"),
        ("签约b.html", "extractor"),
    ]
    assert all(row["extractor"].startswith("zhaoshang ") for row in latest)
    assert column(engine, "SELECT author FROM article") == ["示范记者", "示范记者"]
    assert column(engine, "SELECT kind FROM crawl ORDER BY id") == ["crawl", "reextract"]


def test_facts_are_those_of_what_is_read_now(engine: Engine, tmp_path: Path) -> None:
    page = kept_page("a.html", "总投资逾137亿元", TEXT)
    object.__setattr__(page, "title", "总投资5亿元")
    keeping_crawl(engine, tmp_path, page)
    of_title = "SELECT surface FROM article_amount WHERE field = 'title'"
    assert column(engine, of_title) == ["5亿元"]
    again(engine, tmp_path)
    assert column(engine, of_title) == ["逾137亿元"]


def test_a_dry_run_tells_with_examples_and_writes_nothing(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, *(f"{number}.html" for number in range(12)))
    done = again(engine, tmp_path, dry_run=True)
    assert (done.fields["title"], len(done.examples["title"])) == (12, 10)
    first = done.examples["title"][0]
    assert (first["before"], first["after"]) == (f"错题{SITE.homepage}0.html", "签约0.html")
    assert column(engine, "SELECT max(number) FROM revision") == [1]
    assert column(engine, "SELECT kind FROM crawl") == ["crawl"]


def test_a_second_run_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, "a.html")
    again(engine, tmp_path)
    done = again(engine, tmp_path)
    assert (done.changed, done.unchanged) == (0, 1)
    assert column(engine, "SELECT revision_count FROM article") == [2]


def test_a_field_without_history_changes_without_a_revision(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, "a.html")
    again(engine, tmp_path, Selectors(fields={"title": FieldRule(css="h1")}))
    assert again(engine, tmp_path).fields == {"author": 1}
    assert column(engine, "SELECT revision_count FROM article") == [2]
    assert column(engine, "SELECT kind FROM change ORDER BY seq") == ["new", "changed", "changed"]


def test_when_the_site_was_last_seen_stays(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, "a.html")
    before = rows(engine, "SELECT last_seen_at, last_crawl_id, first_seen_at FROM article")
    again(engine, tmp_path)
    assert rows(engine, "SELECT last_seen_at, last_crawl_id, first_seen_at FROM article") == before


def test_what_a_person_put_right_stays(engine: Engine, tmp_path: Path) -> None:
    from crawler.archive.correct import correct

    kept(engine, tmp_path, "a.html")
    uid = column(engine, "SELECT uid FROM article")[0]
    correct(engine, uid, {"title": "核对过的标题"}, "核对原文")
    done = again(engine, tmp_path)
    assert (done.fields["title"], done.fields["author"]) == (0, 1)
    assert column(engine, "SELECT title FROM article") == ["核对过的标题"]


def test_a_page_that_is_read_as_no_article_is_told_and_stays(engine: Engine, tmp_path: Path) -> None:
    keeping_crawl(engine, tmp_path, kept_page("a.html", "", ""))
    done = again(engine, tmp_path, Selectors())
    assert (done.no_article, done.changed) == (1, 0)
    assert done.examples["no_article"][0]["uid"] == column(engine, "SELECT uid FROM article")[0]
    assert column(engine, "SELECT revision_count FROM article") == [1]


def test_a_rejected_page_that_is_an_article_now_is_archived(engine: Engine, tmp_path: Path) -> None:
    page = kept_page("a.html", "签约", TEXT)
    refused = Rejection(page.url, "extract", "no body was found", visit=page.visit)
    keeping_crawl(engine, tmp_path, refused)
    assert again(engine, tmp_path).new == 1
    assert rows(engine, "SELECT cause, title FROM revision") == [{"cause": "extractor", "title": "签约"}]
    assert again(engine, tmp_path).new == 0


def test_a_rejected_page_that_was_taken_down_stays_out(engine: Engine, tmp_path: Path) -> None:
    from tests.archive.test_takedown import down

    page = kept_page("a.html", "签约", TEXT)
    keeping_crawl(engine, tmp_path, page)
    down(engine, column(engine, "SELECT uid FROM article")[0])
    late = kept_page("b.html", "签约", TEXT + "又")
    keeping_crawl(engine, tmp_path, Rejection(late.url, "extract", "no body", visit=late.visit))
    with engine.begin() as connection:
        mark = "UPDATE capture SET url = :url, requested_url = :url WHERE expired_at IS NULL"
        connection.exec_driver_sql(mark.replace(":url", f"'{page.url}'"))
    done = again(engine, tmp_path)
    assert (done.new, done.kept_out) == (0, 1)


def test_a_long_article_is_read_whole_from_its_pages(engine: Engine, tmp_path: Path) -> None:
    second = article_page("签约", "2026-02-04", ("第二页的正文写了许多项目的情况。",))
    first = kept_page("long.html", "签约", TEXT, parts=[second])
    assert first.visit is not None and first.visit.capture is not None
    shown = article_page("签约", "2026-02-04", BODY, '<a href="long_2.html">下一页</a>').encode()
    main = response(first.url or "", shown.decode())
    part = response(SITE.homepage + "long_2.html", second)
    object.__setattr__(first, "visit", Visit(capture=main, entry_url=first.url, more=(part,)))
    keeping_crawl(engine, tmp_path, first)
    again(engine, tmp_path, Selectors())
    body = column(engine, "SELECT body FROM article")[0]
    assert body.startswith(BODY[0]) and body.endswith("第二页的正文写了许多项目的情况。")


def test_a_capture_that_is_damaged_is_told(engine: Engine, tmp_path: Path) -> None:
    kept(engine, tmp_path, "a.html")
    file = next(tmp_path.rglob("*.gz"))
    content = bytearray(file.read_bytes())
    row = rows(engine, "SELECT warc_offset, warc_length FROM capture")[0]
    content[row["warc_offset"] + row["warc_length"] // 2] ^= 0xFF
    file.write_bytes(content)
    done = again(engine, tmp_path)
    assert (done.unreadable, done.no_article) == (1, 0)


def test_an_interrupted_run_leaves_whole_batches_and_the_next_goes_on(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    kept(engine, tmp_path, *(f"{number}.html" for number in range(7)))

    def stop(done: int, total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(engine, tmp_path, on_progress=stop)
    assert column(engine, "SELECT count(*) FROM article WHERE revision_count = 2") == [4]
    done = again(engine, tmp_path)
    assert (done.went_on_after, done.changed, done.captures) == (4, 3, 7)
    assert column(engine, "SELECT status FROM crawl WHERE kind = 'reextract' ORDER BY id") == [
        "interrupted",
        "finished",
    ]


def test_records_of_a_listing_are_found_again(engine: Engine, tmp_path: Path) -> None:
    from tests.archive.harness import record

    page = article_page("标题", "2026-02-04")
    keeping_crawl(engine, tmp_path, *of_one_page(response(SITE.homepage, page), record("十堰签约", TEXT)))
    done = again(engine, tmp_path, Selectors())
    assert (done.no_article, done.examples["no_article"][0]["uid"]) == (1, column(engine, "SELECT uid FROM article")[0])


def test_processes_give_the_same_as_this_one(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", 0)
    kept(engine, tmp_path, "a.html", "b.html", "c.html")
    done = reextract(engine, [Wanted(SITE, (BETTER,))], root=tmp_path, processes=2)
    assert (done.changed, done.fields["title"]) == (3, 3)


@pytest.fixture
def with_warc(known: Place, crawled: Place) -> Iterator[Place]:
    """A copy of the crawled archive with its capture files."""
    shutil.copytree(crawled.folder / "warc", known.folder / "warc")
    yield known


def test_the_command_tells_fields_and_examples(with_warc: Place) -> None:
    file = with_warc.folder / "sources" / "moushi.yaml"
    source = {
        **yaml.safe_load(file.read_text(encoding="utf-8")),
        "selectors": [{"article": {"author": {"value": "甲"}}}],
    }
    file.write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    dry = with_warc.run("reextract", "--dry-run")
    assert dry.code == 0
    assert "author, 4 of 4:" in dry.out and "Nothing was written." in dry.out
    done = with_warc.run("reextract", "--source", "moushi", "--since", "2020-01-01", "--json")
    assert (done.code, done.json["fields"], done.json["changed"]) == (0, {"author": 4}, len(ROWS))
    assert with_warc.run("reextract", "--json").json["unchanged"] == len(ROWS)


def test_an_unknown_source_is_one_sentence(with_warc: Place) -> None:
    done = with_warc.run("reextract", "--source", "nowhere")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nowhere" in done.err
