"""`sources`: listing, showing, adding and checking sites."""

from __future__ import annotations

import yaml

from tests.cli.conftest import Place
from tests.cli.pages import ROWS, article_page, listing_page


def test_list_names_the_sources_and_what_the_archive_holds(crawled: Place) -> None:
    lines = {line["id"]: line for line in crawled.run("sources", "list", "--json").json}
    assert {"moushi", "hubei-portal"} <= set(lines)
    moushi = lines["moushi"]
    assert (moushi["name"], moushi["articles"], moushi["last_status"], moushi["file"]) == (
        "某市招商局",
        4,
        "finished",
        True,
    )
    assert "某市招商局" in crawled.run("sources", "list").out


def test_list_shows_what_is_wrong_with_a_file(fresh: Place) -> None:
    (fresh.folder / "sources" / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    result = fresh.run("sources", "list", "--json")
    (line,) = (line for line in result.json if line["id"] == "broken")
    assert "field `name`: is missing" in line["name"]


def test_list_names_sources_that_only_the_archive_knows(fresh: Place) -> None:
    fresh.run("crawl", fresh.listing)
    lines = {line["id"]: line for line in fresh.run("sources", "list", "--json").json}
    assert [(line["articles"], line["file"]) for line in lines.values() if line["id"].startswith("127.")] == [
        (4, False)
    ]


def test_show_prints_the_file_as_yaml(crawled: Place) -> None:
    shown = yaml.safe_load(crawled.run("sources", "show", "moushi").out)
    assert shown == yaml.safe_load((crawled.folder / "sources" / "moushi.yaml").read_text(encoding="utf-8"))


def test_added_source_is_written_and_crawls(fresh: Place) -> None:
    given = ("--id", "neu", "--name", "新来源", "--region", "420200")
    added = fresh.run("sources", "add", fresh.listing, *given, "--yes")
    assert added.code == 0
    assert all(title in added.out for _, title, _ in ROWS)
    content = yaml.safe_load((fresh.folder / "sources" / "neu.yaml").read_text(encoding="utf-8"))
    assert content == {
        "id": "neu",
        "name": "新来源",
        "homepage": f"{fresh.server.base_url}/",
        "start_urls": [fresh.listing],
        "region": "420200",
    }
    (report,) = fresh.run("crawl", "neu", "--json").json
    assert report["new"] == 4


def test_added_source_is_named_after_its_host_by_default(fresh: Place) -> None:
    assert fresh.run("sources", "add", fresh.listing, "--yes").code == 0
    assert (fresh.folder / "sources" / f"127.0.0.1-{fresh.server.port}.yaml").is_file()


def test_source_that_is_there_is_never_overwritten(fresh: Place) -> None:
    path = fresh.folder / "sources" / "moushi.yaml"
    before = path.read_bytes()
    result = fresh.run("sources", "add", fresh.listing, "--id", "moushi", "--yes")
    assert result.code == 2
    assert "exists already; choose another id with --id" in result.err
    assert path.read_bytes() == before


def test_nothing_is_written_without_a_yes(fresh: Place) -> None:
    result = fresh.run("sources", "add", fresh.listing, "--id", "neu")
    assert "Traceback" not in result.err
    assert not (fresh.folder / "sources" / "neu.yaml").exists()


def test_page_that_is_no_listing_is_not_added(fresh: Place) -> None:
    result = fresh.run("sources", "add", f"{fresh.listing}t1.html", "--id", "neu", "--yes")
    assert result.code == 2
    assert "is no listing" in result.err
    assert not (fresh.folder / "sources" / "neu.yaml").exists()


def test_check_of_an_unchanged_site_is_well(crawled: Place) -> None:
    result = crawled.run("sources", "check", "moushi")
    assert (result.code, "Nothing changed since the last crawl." in result.out) == (0, True), result.out


def test_check_names_a_changed_title(known: Place) -> None:
    url, title, day = ROWS[0]
    new = "集中签约仪式在国际博览中心举行"
    known.page("zsdt/index.html").write_text(listing_page([(url, new, day), *ROWS[1:]]), encoding="utf-8")
    known.page(f"zsdt/{url}").write_text(article_page(new, day), encoding="utf-8")
    result = known.run("sources", "check", "moushi")
    assert result.code == 1
    assert f"The entry '{title}' now has the title '{new}'." in result.out
    assert "title changed" in result.out


def test_check_counts_new_entries(known: Place) -> None:
    more = [("t5.html", "全市招商引资大会召开", "2026-02-05"), *ROWS]
    known.page("zsdt/index.html").write_text(listing_page(more), encoding="utf-8")
    changes = known.run("sources", "check", "moushi", "--json").json["changes"]
    assert "1 of 5 entries are new since the last crawl." in changes


def test_check_names_an_article_that_is_gone(known: Place) -> None:
    known.page("zsdt/t4.html").unlink()
    result = known.run("sources", "check", "moushi")
    assert (result.code, "t4.html" in result.out) == (1, True)


def test_check_names_a_layout_that_shows_no_entries(known: Place) -> None:
    known.page("zsdt/index.html").write_text("<html><body><div id='app'></div></body></html>", encoding="utf-8")
    result = known.run("sources", "check", "moushi", "--json")
    assert result.code == 1
    assert "shows no entries any more" in result.json["changes"][0]


def test_check_does_not_take_a_removed_watermark_for_a_change(known: Place) -> None:
    url, title, day = ROWS[0]
    known.page(f"zsdt/{url}").write_text(
        article_page(title, day, ("第一句话。二号首长", "正文。" * 60)), encoding="utf-8"
    )
    known.run("crawl", "moushi")
    result = known.run("sources", "check", "moushi")
    assert (result.code, "Nothing changed" in result.out) == (0, True), result.out


def test_check_of_a_source_that_was_never_crawled(known: Place) -> None:
    known.run("sources", "add", known.listing, "--id", "neu", "--yes")
    result = known.run("sources", "check", "neu")
    assert "Source neu was never crawled: run `zhaoshang crawl neu`." in result.out
