"""Pages in the manner of the content systems and portals, written without a look at the rules that read them.

Each page of `templates/` stands beside a YAML file that says what a person reads in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from crawler.extract import read_page
from crawler.items import Article, Listing, Page

FOLDER = Path(__file__).parent / "templates"
FETCHED = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
Role = Literal["article", "listing"]


def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def names(kind: Role) -> list[str]:
    return [path.stem for path in sorted(FOLDER.glob("*.yaml")) if told(path.stem)["kind"] == kind]


def read(name: str, role: Role | None = None) -> Page:
    body = (FOLDER / f"{name}.html").read_bytes()
    return read_page(body, told(name)["url"], fetched_at=FETCHED, role=role)


def article_of(name: str) -> Article:
    article = read(name).article
    assert article is not None
    return article


def listing_of(name: str) -> Listing:
    listing = read(name).listing
    assert listing is not None
    return listing


def plain(text: str) -> str:
    """A text as the extractor gives it: wide blanks are blanks."""
    return text.replace("\u3000", " ").rstrip("\n")


@pytest.mark.parametrize("name", names("article"))
def test_it_is_an_article(name: str) -> None:
    assert read(name).kind == "article"


@pytest.mark.parametrize("name", names("listing"))
def test_it_is_a_listing(name: str) -> None:
    assert read(name).kind == "listing"


@pytest.mark.parametrize("name", names("article"))
def test_an_article_reads_the_same_where_one_is_expected(name: str) -> None:
    assert read(name, "article").article == read(name).article


@pytest.mark.parametrize("name", names("listing"))
def test_a_listing_reads_the_same_where_one_is_expected(name: str) -> None:
    assert read(name, "listing").listing == read(name).listing


@pytest.mark.parametrize("name", names("article"))
def test_the_body_is_the_text_and_nothing_else(name: str) -> None:
    assert article_of(name).body == plain(told(name)["body"])


@pytest.mark.parametrize("name", names("article"))
def test_title_and_content_are_those_of_the_page(name: str) -> None:
    article = article_of(name)
    assert (article.title, article.content) == (told(name)["title"], told(name).get("content", "text"))


@pytest.mark.parametrize("name", names("article"))
def test_the_date_is_the_day_of_publication(name: str) -> None:
    article, wanted = article_of(name), told(name)
    if "published_on" in wanted:
        assert article.published_on == wanted["published_on"]
    else:
        assert article.published_at == datetime.fromisoformat(f"{wanted['published_at']}+08:00")


@pytest.mark.parametrize("name", names("article"))
def test_author_origin_and_column_are_those_that_the_page_names(name: str) -> None:
    article, wanted = article_of(name), told(name)
    read = {"author": article.author, "origin": article.origin, "column": article.column_name}
    assert {field: read[field] for field in read if field in wanted} == {
        field: wanted[field] for field in read if field in wanted
    }


@pytest.mark.parametrize("name", names("article"))
def test_pictures_files_and_the_next_page_are_links(name: str) -> None:
    article, wanted = article_of(name), told(name)
    assert [link.label for link in article.attachments] == wanted.get("attachments", [])
    assert (article.next_page.url if article.next_page else None) == wanted.get("next_page")
    if "images" in wanted:
        assert len(article.images) == wanted["images"]


@pytest.mark.parametrize("name", names("listing"))
def test_the_entries_are_those_of_the_list(name: str) -> None:
    entries = listing_of(name).entries
    assert [[entry.published_on, entry.url, entry.title] for entry in entries] == [
        row[:3] for row in told(name)["entries"]
    ]


@pytest.mark.parametrize("name", names("listing"))
def test_the_summaries_are_those_of_the_list(name: str) -> None:
    for entry, (*_, opening) in zip(listing_of(name).entries, told(name)["entries"], strict=True):
        assert (entry.summary or "").startswith(opening) and bool(entry.summary) == bool(opening)


@pytest.mark.parametrize("name", names("listing"))
def test_the_next_page_is_the_one_that_the_page_leads_to(name: str) -> None:
    following = listing_of(name).next_page
    assert (following.url if following else None) == told(name)["next_page"]
