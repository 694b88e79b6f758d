"""Text listings: records of a title, a body and a date between lone dashes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.records import looks_like_records, read_records
from crawler.items import Entry, Listing

URL = "http://portal.example/hubei/"
SEED = Path(__file__).resolve().parents[2] / "../shared/seed/listing.txt"
needs_seed = pytest.mark.skipif(
    not SEED.exists(), reason="the seed listing is kept outside the project, in ../shared/seed"
)

BODY = "在招商引资工作持续深化的背景下,岚石新材料项目落户高新区,总投资12.5亿元。"
MENU = "有想补充的信息?点我投稿\n- 联系我们\n- 企业入驻\n"


def listing_of(*records: str, end: str = MENU) -> str:
    return "".join(f"-\n{record}\n" for record in records) + end


def read(text: str | bytes) -> Listing:
    return read_records(text, url=URL)


def titles(listing: Listing) -> list[str]:
    return [entry.title for entry in listing.entries]


def only(text: str | bytes) -> Entry:
    listing = read(text)
    assert len(listing.entries) == 1, listing
    assert listing.flaws == ()
    return listing.entries[0]


TWO = listing_of(f"【武汉招商】甲项目签约 落户光谷\n{BODY}\n2025-07-26", f"乙项目开工\n{BODY}\n2025-07-25")


def test_each_record_is_an_entry_with_its_whole_title() -> None:
    assert titles(read(TWO)) == ["【武汉招商】甲项目签约 落户光谷", "乙项目开工"]


def test_entry_carries_body_and_no_address() -> None:
    entry = read(TWO).entries[0]
    assert (entry.body, entry.url, entry.external) == (BODY, None, False)


def test_entry_carries_its_day() -> None:
    assert [entry.published_on for entry in read(TWO).entries] == [date(2025, 7, 26), date(2025, 7, 25)]


def test_line_is_that_of_the_title_counted_from_one() -> None:
    assert [entry.line for entry in read(TWO).entries] == [2, 6]


def test_closing_menu_is_neither_entry_nor_flaw() -> None:
    listing = read(TWO)
    assert len(listing.entries) == 2
    assert listing.flaws == ()
    assert "投稿" not in (listing.entries[-1].body or "")


@pytest.mark.parametrize(
    "end", ["", MENU, "\n\n" + MENU, "-\n联系我们\n-\n企业入驻\n", "- 联系我们\n- 企业入驻\n版权所有 某某网\n"]
)
def test_any_end_of_the_file(end: str) -> None:
    listing = read(listing_of(f"甲项目签约\n{BODY}\n2025-07-26", end=end))
    assert titles(listing) == ["甲项目签约"]
    assert listing.flaws == ()


@pytest.mark.parametrize("separator", ["-", "—", "——", "---", "----", "–", " - "])
def test_any_lone_dash_separates(separator: str) -> None:
    text = TWO.replace("-\n【", f"{separator}\n【").replace("-\n乙", f"{separator}\n乙")
    assert len(read(text).entries) == 2


def test_no_leading_separator() -> None:
    assert titles(read(TWO.removeprefix("-\n"))) == ["【武汉招商】甲项目签约 落户光谷", "乙项目开工"]


def test_several_paragraphs_are_lines_of_the_body() -> None:
    assert only(listing_of("甲项目\n第一段。\n第二段。\n\n第三段。\n2025-07-26")).body == "第一段。\n第二段。\n第三段。"


def test_dash_before_text_inside_a_body_is_text() -> None:
    entry = only(listing_of("甲项目\n共三项:\n- 建设厂房\n- 引进设备\n2025-07-26"))
    assert entry.body == "共三项:\n- 建设厂房\n- 引进设备"


def test_date_above_the_body() -> None:
    listing = read(listing_of(f"甲项目\n2025-07-26\n{BODY}\n第二段。", f"乙项目\n2025-07-25\n{BODY}"))
    assert [(entry.published_on, entry.body) for entry in listing.entries] == [
        (date(2025, 7, 26), f"{BODY}\n第二段。"),
        (date(2025, 7, 25), BODY),
    ]


def test_date_inside_the_body_stays_there() -> None:
    entry = only(listing_of("甲办法\n自印发之日起施行。\n2025年7月1日\n2025-07-26"))
    assert (entry.published_on, entry.body) == (date(2025, 7, 26), "自印发之日起施行。\n2025年7月1日")


@pytest.mark.parametrize("line", ["2025-07-26", "2025年7月26日", "发布时间:2025-07-26", "[2025/07/26]", "2025.07.26"])
def test_forms_of_the_date_line(line: str) -> None:
    assert only(listing_of(f"甲项目\n{BODY}\n{line}")).published_on == date(2025, 7, 26)


def test_time_of_day_is_kept() -> None:
    entry = only(listing_of(f"甲项目\n{BODY}\n2025-07-26 09:30"))
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2025-07-26T09:30:00+08:00"


def test_missing_last_date_leaves_the_record_without_a_day() -> None:
    listing = read(listing_of(f"甲项目\n{BODY}\n2025-07-26", f"乙项目\n{BODY}"))
    assert [(entry.title, entry.published_on, entry.body) for entry in listing.entries] == [
        ("甲项目", date(2025, 7, 26), BODY),
        ("乙项目", None, BODY),
    ]


def test_impossible_date_leaves_the_record_without_a_day() -> None:
    entry = only(listing_of(f"甲项目\n{BODY}\n2025-13-45"))
    assert (entry.published_on, entry.body) == (None, BODY)


def test_record_without_body_is_a_flaw_and_the_rest_is_kept() -> None:
    listing = read(listing_of("只有题目\n2025-07-26", f"乙项目\n{BODY}\n2025-07-25"))
    assert titles(listing) == ["乙项目"]
    assert [(flaw.line, flaw.text) for flaw in listing.flaws] == [(2, "只有题目")]
    assert "body" in listing.flaws[0].reason


def test_record_without_title_is_a_flaw_and_the_rest_is_kept() -> None:
    listing = read(listing_of(f"甲项目\n{BODY}\n2025-07-26", f"2025-07-25\n{BODY}"))
    assert titles(listing) == ["甲项目"]
    assert [flaw.line for flaw in listing.flaws] == [6]
    assert "title" in listing.flaws[0].reason


def test_separators_without_anything_between_are_no_flaw() -> None:
    listing = read("-\n-\n\n-\n" + TWO)
    assert len(listing.entries) == 2
    assert listing.flaws == ()


def test_watermark_is_removed_and_noted() -> None:
    entry = only(listing_of("甲报告\n推进“三级服务”。二号首长 (三)坚持建管并重。\n2025-07-26"))
    assert entry.body == "推进“三级服务”。 (三)坚持建管并重。"
    assert "二号首长" in (entry.provenance["body"].note or "")


@pytest.mark.parametrize(
    "text",
    [TWO.replace("\n", "\r\n"), "\ufeff" + TWO, TWO.encode("gb18030"), TWO.encode("utf-8-sig"), TWO.encode("utf-16")],
    ids=["CRLF", "byte order mark", "GBK", "UTF-8 with mark", "UTF-16"],
)
def test_encodings_and_line_ends(text: str | bytes) -> None:
    listing = read(text)
    assert titles(listing) == ["【武汉招商】甲项目签约 落户光谷", "乙项目开工"]
    assert [entry.line for entry in listing.entries] == [2, 6]


def test_records_without_a_dash_between_are_told_apart_by_their_dates() -> None:
    listing = read(listing_of(f"甲项目\n{BODY}\n2025-07-26\n乙项目\n{BODY}\n2025-07-25"))
    assert titles(listing) == ["甲项目", "乙项目"]


def test_records_are_recognised() -> None:
    assert looks_like_records(TWO)


@pytest.mark.parametrize(
    "text",
    ["", "一篇文章。\n没有分隔。", "<html><body>-\n2025-07-26</body></html>", '{"a": "-"}', "题目\n正文\n2025-07-26"],
)
def test_other_texts_are_not_taken_for_records(text: str) -> None:
    assert not looks_like_records(text)


@given(
    st.lists(
        st.sampled_from(["-", "——", "题目", BODY, "2025-07-26", "", "- 联系我们", "\r", "\x00", "07-26"]), max_size=30
    ).map("\n".join)
    | st.text()
)
def test_every_text_is_read_without_an_error(text: str) -> None:
    looks_like_records(text)
    for entry in read(text).entries:
        assert entry.title
        assert entry.body


def test_a_very_long_text_is_read() -> None:
    listing = read(TWO * 5_000 + "-" * 200_000 + "\n" + "甲" * 300_000)
    assert len(listing.entries) == 10_000


@pytest.fixture(scope="module")
def seed() -> Listing:
    return read_records(SEED.read_bytes(), url=URL)


@needs_seed
def test_seed_has_ten_entries_and_no_flaw(seed: Listing) -> None:
    assert len(seed.entries) == 10
    assert seed.flaws == ()


@needs_seed
def test_seed_is_of_one_day(seed: Listing) -> None:
    assert {entry.published_on for entry in seed.entries} == {date(2025, 7, 26)}


@needs_seed
def test_fifth_body_of_the_seed_is_whole(seed: Listing) -> None:
    assert len(seed.entries[4].body or "") > 12_000


@needs_seed
def test_watermark_is_gone_from_the_fifth_body_of_the_seed(seed: Listing) -> None:
    assert "二号首长" not in (seed.entries[4].body or "")
    assert "二号首长" in (seed.entries[4].provenance["body"].note or "")


@needs_seed
def test_titles_of_the_seed_keep_their_places(seed: Listing) -> None:
    assert sum(title.startswith("【") for title in titles(seed)) == 8
