"""The validating step: nothing doubtful is archived, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.items import Article, Capture, Listing, Rejection, Visit
from crawler.pipelines.validate import MAX_BODY, MAX_TITLE, ValidatePipeline

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
VISIT = Visit(7, Capture("http://a.example/1", "http://a.example/1", AT, 200), "http://a.example/1")
GOOD = Article("http://a.example/1", "标题", "正文。", date(2026, 2, 1), visit=VISIT)


def reason(article: Article) -> str:
    refused = ValidatePipeline().process_item(article)
    assert isinstance(refused, Rejection)
    return refused.reason


def test_good_article_passes_as_it_is() -> None:
    assert ValidatePipeline().process_item(GOOD) is GOOD


@pytest.mark.parametrize("title", ["", " \n　"])
def test_article_without_title(title: str) -> None:
    assert reason(replace(GOOD, title=title)) == "it has no title"


def test_article_without_body() -> None:
    assert reason(replace(GOOD, body=" ")) == "it has no body"


@pytest.mark.parametrize("content", ["images", "attachments"])
def test_post_of_pictures_or_files_may_be_without_text(content: str) -> None:
    article = replace(GOOD, body="", content=content)  # type: ignore[arg-type]
    assert ValidatePipeline().process_item(article) is article


def test_title_that_is_no_title() -> None:
    longest = replace(GOOD, title="长" * MAX_TITLE)
    assert ValidatePipeline().process_item(longest) is longest
    assert "title is longer" in reason(replace(GOOD, title="长" * (MAX_TITLE + 1)))


def test_body_beyond_any_article() -> None:
    assert "body is longer" in reason(replace(GOOD, body="长" * (MAX_BODY + 1)))


def test_date_in_the_future_of_the_fetch() -> None:
    assert reason(replace(GOOD, published_on=AT.date() + timedelta(days=3))) == "its date lies in the future"


def test_two_days_of_grace_for_the_clock_of_the_site() -> None:
    article = replace(GOOD, published_on=AT.date() + timedelta(days=2))
    assert ValidatePipeline().process_item(article) is article


def test_article_without_date_passes() -> None:
    article = replace(GOOD, published_on=None)
    assert ValidatePipeline().process_item(article) is article


def test_rejection_keeps_the_page_and_the_start_of_the_record() -> None:
    refused = ValidatePipeline().process_item(replace(GOOD, title="", body="正文" * 5_000))
    assert isinstance(refused, Rejection)
    assert (refused.url, refused.stage, refused.visit) == (GOOD.url, "validate", VISIT)
    assert refused.record["body"] == "正文" * 500


def test_record_without_page_is_rejected_under_its_listing() -> None:
    refused = ValidatePipeline().process_item(replace(GOOD, url=None, title="", listing_url="file:///list.txt"))
    assert isinstance(refused, Rejection)
    assert refused.url == "file:///list.txt"


def test_listing_passes() -> None:
    listing = Listing("http://a.example/")
    assert ValidatePipeline().process_item(listing) is listing
