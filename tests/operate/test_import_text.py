"""Importing text listings: records of a title, a text and a date, between lines of dashes."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.operate.failure import ImportFailure
from tests.operate.importing import NOW, SOURCE, Imports

FIRST = (
    "武汉市今天举行集中签约仪式，十二个项目落户光谷，总投资一百二十亿元，涉及光电子信息、生命健康与智能制造三大产业。"
)
SECOND = (
    "黄石市通过云端平台推介园区，珠三角企业反响热烈，意向投资涵盖电子电路、新能源汽车零部件以及冷链物流等多个领域。"
)
THIRD = "十堰市消毒液企业复工复产，日产能提升到原来的三倍，保障了周边县市的防疫物资供应，并带动上下游二十余家配套厂商。"
RECORDS = [("武汉签约", FIRST, "2026-02-01"), ("黄石推介", SECOND, "2026-02-02"), ("十堰复工", THIRD, "2026-02-03")]


def listing(records: list[tuple[str, str, str]] = RECORDS, separator: str = "-") -> str:
    body = f"\n{separator}\n".join("\n".join(part for part in record if part) for record in records)
    return f"{separator}\n{body}\n"


def test_every_record_becomes_an_article(imports: Imports) -> None:
    assert imports.text(listing()) == {"new": 3}
    found = [(row["title"], row["body"], row["published_on"]) for row in imports.articles()]
    assert found == RECORDS


def test_article_of_a_record_names_its_file_source_and_region(imports: Imports) -> None:
    imports.text(listing())
    row = imports.articles()[0]
    assert (row["url"], row["source_id"], row["region_code"]) == (None, SOURCE.id, "420000")
    assert row["listing_url"] == (imports.folder / "listing.txt").as_uri()


def test_import_is_a_crawl_of_kind_import(imports: Imports) -> None:
    imports.text(listing())
    (crawl,) = imports.rows("SELECT kind, status, source_id, finished_at FROM crawl")
    assert (crawl["kind"], crawl["status"], crawl["source_id"]) == ("import", "finished", SOURCE.id)
    assert crawl["finished_at"] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


def test_imported_file_is_a_capture_of_its_bytes(imports: Imports) -> None:
    imports.text(listing())
    (capture,) = imports.rows("SELECT url, body_length, status FROM capture")
    assert capture["body_length"] == len(listing().encode())
    assert capture["url"].startswith("file:///")
    tied = imports.rows("SELECT count(*) AS n FROM revision WHERE capture_id IS NOT NULL")
    assert tied[0]["n"] == 3


def test_every_record_is_an_entry_tied_to_its_article(imports: Imports) -> None:
    imports.text(listing())
    assert imports.rows("SELECT count(*) AS n FROM entry WHERE article_id IS NOT NULL") == [{"n": 3}]


def test_importing_again_changes_nothing(imports: Imports) -> None:
    imports.text(listing())
    assert imports.text(listing()) == {"unchanged": 3}


def test_listing_in_another_order_finds_the_same_articles(imports: Imports) -> None:
    imports.text(listing())
    assert imports.text(listing(RECORDS[::-1])) == {"unchanged": 3}


def test_corrected_title_finds_the_same_article(imports: Imports) -> None:
    imports.text(listing())
    uid = imports.articles()[0]["uid"]
    assert imports.text(listing([("武汉集中签约", *RECORDS[0][1:]), *RECORDS[1:]])) == {"changed": 1, "unchanged": 2}
    assert imports.articles()[0]["uid"] == uid
    assert imports.titles()[0] == "武汉集中签约"


def test_record_added_on_top_is_the_only_new_one(imports: Imports) -> None:
    imports.text(listing(RECORDS[1:]))
    assert imports.text(listing()) == {"new": 1, "unchanged": 2}


def test_body_of_several_paragraphs(imports: Imports) -> None:
    imports.text(listing([("签约", f"{FIRST}\n\n　　{SECOND}\n{THIRD}", "2026-02-01"), RECORDS[1]]))
    assert imports.articles()[0]["body"] == "\n".join((FIRST, SECOND, THIRD))


@pytest.mark.parametrize(
    "line", ["- 第一，总投资十二亿元。", "3-5年内建成投产。", "A-B轮融资完成。", "——摘自市政府工作报告。"]
)
def test_dash_inside_a_body_separates_nothing(imports: Imports, line: str) -> None:
    imports.text(listing([("签约", f"{FIRST}\n{line}\n{SECOND}", "2026-02-01"), RECORDS[2]]))
    assert imports.titles() == ["签约", "十堰复工"]
    assert line in imports.articles()[0]["body"]


@pytest.mark.parametrize("separator", ["-", "--", "---", "——", "—", "－", "──", "  -  ", "\n-\n"])
def test_any_line_of_dashes_separates(imports: Imports, separator: str) -> None:
    assert imports.text(listing(separator=separator)) == {"new": 3}


@pytest.mark.parametrize(
    "content",
    [
        listing().replace("\n", "\r\n").encode(),
        listing().replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + listing().encode(),
        listing().encode("gbk"),
        listing().encode("gb18030"),
        listing().encode("utf-16"),
        listing().rstrip("\n").encode(),
        (listing() + "-\n").encode(),
        listing().lstrip("-\n").encode(),
    ],
    ids=["CRLF", "CR", "BOM", "GBK", "GB18030", "UTF-16", "no last line end", "closing dash", "no opening dash"],
)
def test_line_ends_and_encodings_do_not_matter(imports: Imports, content: bytes) -> None:
    imports.text(listing(), "plain.txt")
    assert imports.text(content, "other.txt") == {"unchanged": 3}


def test_missing_last_date_leaves_the_article_undated(imports: Imports) -> None:
    assert imports.text(listing([*RECORDS[:2], ("十堰复工", THIRD, "")])) == {"new": 3}
    assert [row["published_on"] for row in imports.articles()] == ["2026-02-01", "2026-02-02", None]


def test_date_above_the_body(imports: Imports) -> None:
    imports.text(listing([(title, day, body) for title, body, day in RECORDS]))
    assert [(row["title"], row["body"], row["published_on"]) for row in imports.articles()] == RECORDS


@pytest.mark.parametrize(
    "written", ["2026年2月1日", "2026/2/1", "2026.02.01", "发布时间：2026-02-01", "2026-02-01 09:30"]
)
def test_date_may_be_written_in_any_usual_way(imports: Imports, written: str) -> None:
    imports.text(listing([("武汉签约", FIRST, written), RECORDS[1]]))
    assert imports.articles()[0]["published_on"] == "2026-02-01"


def test_impossible_date_leaves_the_article_undated_and_says_so(imports: Imports) -> None:
    imports.text(listing([("武汉签约", FIRST, "2026-02-31"), RECORDS[1]]))
    assert imports.articles()[0]["published_on"] is None
    provenance = imports.rows("SELECT provenance FROM revision ORDER BY id")[0]["provenance"]
    assert "2026-02-31" in provenance


def test_date_in_the_future_is_no_date(imports: Imports) -> None:
    assert imports.text(listing([("武汉签约", FIRST, "2026-03-09"), RECORDS[1]])) == {"new": 2}
    assert [(row["body"], row["published_on"]) for row in imports.articles()] == [(FIRST, None), RECORDS[1][1:]]


@pytest.mark.parametrize(
    ("record", "reason"),
    [("只有标题", "has no body"), ("只有标题\n2026-02-01", "has no body"), ("2026-02-01", "has no title")],
)
def test_record_without_title_or_body_is_rejected_with_its_line(imports: Imports, record: str, reason: str) -> None:
    content = f"-\n武汉签约\n{FIRST}\n2026-02-01\n-\n{record}\n-\n黄石推介\n{SECOND}\n2026-02-02\n"
    assert imports.text(content) == {"new": 2, "rejected": 1}
    assert imports.reasons()[0].startswith("line 6: ")
    assert reason in imports.reasons()[0]
    assert imports.titles() == ["武汉签约", "黄石推介"]


def test_two_equal_titles_of_one_day_are_two_articles(imports: Imports) -> None:
    records = [("武汉签约", FIRST, "2026-02-01"), ("武汉签约", SECOND, "2026-02-01")]
    assert imports.text(listing(records)) == {"new": 2}
    assert imports.text(listing(records[::-1])) == {"unchanged": 2}


def test_record_given_twice_is_a_duplicate(imports: Imports) -> None:
    assert imports.text(listing([*RECORDS, RECORDS[0]])) == {"new": 3, "duplicate": 1}


def test_same_record_of_two_files_is_a_duplicate(imports: Imports) -> None:
    run = imports.files(imports.write(listing(), "one.txt"), imports.write(listing(), "two.txt"))
    assert (run.counts["new"], run.counts["duplicate"], run.counts["pages"]) == (3, 3, 2)


@pytest.mark.parametrize("content", [b"", b"\n \n"], ids=["empty", "blank"])
def test_empty_file_is_told_before_anything_is_written(imports: Imports, content: bytes) -> None:
    good, empty = imports.write(listing()), imports.write(content, "empty.txt")
    with pytest.raises(ImportFailure, match=r"empty\.txt is empty: there is nothing to import\."):
        imports.files(good, empty)
    assert imports.rows("SELECT * FROM crawl") == []


@pytest.mark.parametrize("name", [".", "none.txt"], ids=["folder", "missing"])
def test_file_that_cannot_be_read_is_told_before_anything_is_written(imports: Imports, name: str) -> None:
    with pytest.raises(ImportFailure, match="cannot be read: "):
        imports.files(imports.write(listing()), imports.folder / name)
    assert imports.rows("SELECT * FROM crawl") == []


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000, b"PK\x03\x04" + b"\xff" * 3_000, b"\0" * 3_000],
    ids=["bytes", "png", "zip", "zeros"],
)
def test_binary_file_is_rejected_and_gives_no_article(imports: Imports, content: bytes) -> None:
    assert imports.text(content).keys() == {"rejected"}
    assert imports.rows("SELECT status FROM crawl") == [{"status": "finished"}]


def test_text_that_is_no_listing_gives_no_article(imports: Imports) -> None:
    assert imports.text("随便写的一行字\n") == {"rejected": 1}


@pytest.mark.parametrize(("number", "seconds"), [(1_500, 6), pytest.param(5_000, 20, marks=pytest.mark.nightly)])
def test_thousands_of_records_are_imported_in_reasonable_time(imports: Imports, number: int, seconds: float) -> None:
    records = [
        (f"第{n}号项目签约", f"第{n}号项目{FIRST[n % 40 :]}{SECOND}", f"2026-02-{n % 28 + 1:02}") for n in range(number)
    ]
    path = imports.write(listing(records))
    started = time.process_time()
    assert imports.files(path).counts["new"] == number
    assert imports.files(path).counts["unchanged"] == number
    assert time.process_time() - started < seconds


@pytest.mark.parametrize(("number", "seconds"), [(300, 7.5), pytest.param(800, 20, marks=pytest.mark.nightly)])
def test_edited_records_of_one_day_are_imported_in_reasonable_time(
    imports: Imports, number: int, seconds: float
) -> None:
    def edition(mark: str) -> Path:
        records = [(f"{mark}{n}号项目", f"{mark}{n}{FIRST}{n * 7}{mark}", "2026-02-01") for n in range(number)]
        return imports.write(listing(records), f"{mark}.txt")

    imports.files(edition("甲"))
    started = time.process_time()
    imports.files(edition("乙"))
    assert time.process_time() - started < seconds


def test_pairs_of_records_never_share_an_article(imports: Imports) -> None:
    imports.text(listing())
    assert all(one["uid"] != other["uid"] for one, other in pairwise(imports.articles()))
