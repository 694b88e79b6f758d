"""The listings of the fixture sites, page after page as a crawl reads them, against what each site must yield."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

import pytest
import yaml

from crawler.extract.document import Document, open_document
from crawler.extract.listing import read_listing
from crawler.items import Entry, Listing, PageRequest
from crawler.operate.fixture_server import FixtureServer
from tests.support import FIXTURES, SITES

FETCHED = datetime(2026, 7, 15, tzinfo=UTC)
MOST_PAGES = 20


@dataclass(slots=True, frozen=True)
class Read:
    """The listings of one site, and what they must hold."""

    base: str
    listings: list[Listing]
    expected: dict[str, Any]

    @property
    def entries(self) -> list[Entry]:
        """The entries of all pages, each once."""
        return list(
            {(entry.url, entry.title, entry.body): entry for page in self.listings for entry in page.entries}.values()
        )


def fetch(request: PageRequest) -> Document:
    body = urlencode(request.form).encode() if request.method == "POST" else None
    with urlopen(Request(request.url, data=body, method=request.method), timeout=10) as response:
        return open_document(
            response.read(), request.url, content_type=response.headers.get("Content-Type"), fetched_at=FETCHED
        )


def pages(start: str) -> Iterator[Listing]:
    request: PageRequest | None = PageRequest(start)
    for _ in range(MOST_PAGES):
        if request is None:
            return
        listing = read_listing(fetch(request))
        assert listing is not None, request
        yield listing
        request = listing.next_page


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest) -> Iterator[Read]:
    folder = FIXTURES / request.param
    source = yaml.safe_load((folder / "source.yaml").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with FixtureServer(folder, port=0) as server:
        base = server.base_url.rstrip("/") + "/"
        yield Read(base, [page for start in source["start_urls"] for page in pages(urljoin(base, start))], expected)


def test_every_listing_page_is_met_once(site: Read) -> None:
    assert len(site.listings) == site.expected["listing_pages"]


def test_every_entry_is_found_and_nothing_else(site: Read) -> None:
    assert len(site.entries) == site.expected["entries"]


def test_titles(site: Read) -> None:
    titles = sorted(entry.title for entry in site.entries if not entry.external)
    assert titles == sorted(article["title"] for article in site.expected["articles"])


def test_addresses(site: Read) -> None:
    found = {entry.url for entry in site.entries if entry.url and not entry.external}
    assert found == {urljoin(site.base, article["url"]) for article in site.expected["articles"] if article["url"]}


def test_days(site: Read) -> None:
    days = sorted((entry.title, str(entry.published_on)) for entry in site.entries if not entry.external)
    assert days == sorted((article["title"], article["published_on"]) for article in site.expected["articles"])


def test_external_entries(site: Read) -> None:
    found = {(entry.url, entry.title) for entry in site.entries if entry.external}
    assert found == {(urljoin(site.base, link["url"]), link["title"]) for link in site.expected.get("external", [])}


def test_bodies_of_entries_without_an_address(site: Read) -> None:
    found = sorted((entry.body or "")[:20] for entry in site.entries if entry.url is None)
    assert found == sorted(article["body_start"] for article in site.expected["articles"] if article["url"] is None)


def test_no_flaw(site: Read) -> None:
    assert [flaw for page in site.listings for flaw in page.flaws] == []
