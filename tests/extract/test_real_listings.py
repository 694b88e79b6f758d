"""The real listing pages kept beside the project: every entry of them, dated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract.document import open_document
from crawler.extract.listing import read_listing
from tests.extract.listing_pages import FETCHED

REAL = Path(__file__).resolve().parents[2] / "../shared/data/listings"


def real_pages() -> list[tuple[str, str, int]]:
    if not (REAL / "index.json").exists():
        return []
    return [
        (row["page"], row["url"], row["entries"])
        for row in json.loads((REAL / "index.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.skipif(
    not REAL.exists(), reason="the real listing pages are kept outside the project, in ../shared/data/listings"
)
@pytest.mark.parametrize(("page", "url", "count"), real_pages())
def test_real_page_has_every_entry_dated(page: str, url: str, count: int) -> None:
    listing = read_listing(open_document((REAL / page).read_bytes(), url, fetched_at=FETCHED))
    assert listing is not None
    assert len(listing.entries) == count
    assert all(entry.published_on for entry in listing.entries)
