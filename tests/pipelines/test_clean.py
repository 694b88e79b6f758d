"""The cleaning step: what is printed into a text goes, and is noted; nothing that would break a later step stays."""

from __future__ import annotations

import pytest

from crawler.extract.clean import boilerplate
from crawler.items import Article, Entry, Evidence, Link, Listing, Rejection
from crawler.pipelines.clean import CleanPipeline

WATERMARK = next(row.text for row in boilerplate() if row.kind == "watermark")
BODY = f"第一句话。{WATERMARK}\n第二句话。"


def clean(item: Article) -> Article:
    cleaned = CleanPipeline().process_item(item)
    assert isinstance(cleaned, Article)
    return cleaned


def test_watermark_is_taken_out_and_noted() -> None:
    cleaned = clean(Article(None, "标题", BODY, provenance={"body": Evidence("css:#zoom", 0.9)}))
    assert cleaned.body == "第一句话。\n第二句话。"
    assert cleaned.provenance["body"] == Evidence("css:#zoom", 0.9, f"removed: {WATERMARK}")


def test_note_that_was_there_stays() -> None:
    cleaned = clean(Article(None, "标题", BODY, provenance={"body": Evidence("css:#zoom", note="joined")}))
    assert cleaned.provenance["body"].note == f"joined; removed: {WATERMARK}"


def test_clean_article_is_handed_on_as_it_is() -> None:
    article = Article(None, "标题", "正文。")
    assert CleanPipeline().process_item(article) is article


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean(Article(None, "标题\u200b", BODY))
    assert CleanPipeline().process_item(once) is once


@pytest.mark.parametrize("wrong", ["\ud800", "\0", "\x1b[31m", "\u202e", "\x9b31m"], ids=ascii)
def test_no_text_of_an_article_keeps_what_an_archive_or_terminal_chokes_on(wrong: str) -> None:
    text = f"甲{wrong}乙"
    links = (Link("http://a.example/1.pdf", text),)
    given = {"author": text, "origin": text, "column_name": text, "summary": text}
    cleaned = clean(Article("http://a.example/", text, text, images=links, attachments=links, **given))  # type: ignore[arg-type]
    texts = [cleaned.title, cleaned.body, cleaned.author, cleaned.origin, cleaned.column_name, cleaned.summary]
    texts += [link.label for link in (*cleaned.images, *cleaned.attachments)]
    assert all(found is not None and wrong[0] not in found and found.startswith("甲") for found in texts)


@pytest.mark.parametrize("wrong", ["\ud800", "\0", "\x1b"], ids=ascii)
def test_no_entry_keeps_what_an_archive_or_terminal_chokes_on(wrong: str) -> None:
    listing = Listing("http://a.example/", (Entry(f"甲{wrong}", "http://a.example/1", summary=f"乙{wrong}"),))
    cleaned = CleanPipeline().process_item(listing)
    assert isinstance(cleaned, Listing)
    assert (cleaned.entries[0].title, cleaned.entries[0].summary) == ("甲", "乙")


def test_entry_that_carries_an_article_is_cleaned_as_the_article_is() -> None:
    cleaned = CleanPipeline().process_item(Listing("u", (Entry("标题", body=BODY), Entry("链接", "http://a.example/"))))
    assert isinstance(cleaned, Listing)
    assert [entry.body for entry in cleaned.entries] == [clean(Article(None, "标题", BODY)).body, None]


def test_clean_listing_is_handed_on_as_it_is() -> None:
    listing = Listing("http://a.example/", (Entry("标题", "http://a.example/1"),))
    assert CleanPipeline().process_item(listing) is listing


def test_rejection_passes() -> None:
    rejection = Rejection("http://a.example/", "fetch", "it did not answer")
    assert CleanPipeline().process_item(rejection) is rejection
