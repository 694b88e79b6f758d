"""The real pages kept beside the project: body and date as people marked them."""

import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from crawler.extract import Document, open_document, read_article, read_page
from crawler.items import Article

_MOST_PARSES = 7
PAGES = Path(__file__).resolve().parents[2] / "../shared/data/articles"
pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not beside this checkout")


def grams(text: str, size: int = 4) -> Counter[str]:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return Counter(text[at : at + size] for at in range(max(1, len(text) - size + 1))) if text else Counter()


def f1(marked: str, read: str) -> float:
    left, right = grams(marked), grams(read)
    if not left and not right:
        return 1.0
    return 2 * sum((left & right).values()) / (sum(left.values()) + sum(right.values()))


def rows() -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = json.loads((PAGES / "index.json").read_text(encoding="utf-8"))
    return found


@cache
def readings() -> list[tuple[dict[str, str | None], Article | None]]:
    found = []
    for row in rows():
        document = open_document((PAGES / str(row["page"])).read_bytes(), row["url"] or "http://example.cn/a/1.html")
        found.append((row, read_article(document)))
    return found


@cache
def scores() -> list[float]:
    return [
        f1((PAGES / str(row["body"])).read_text(encoding="utf-8"), article.body if article else "")
        for row, article in readings()
    ]


def test_the_mean_body_score_is_095() -> None:
    assert sum(scores()) / len(scores()) >= 0.95


def test_85_of_100_bodies_score_095() -> None:
    assert sum(score >= 0.95 for score in scores()) >= 0.85 * len(scores())


def test_the_dates_are_those_of_the_pages() -> None:
    """Two of the 25 marked dates are none: a day of signing, and the day of a wiki's maintenance notice."""
    right = marked = 0
    for row, article in readings():
        day = re.match(r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})", row["date"] or "")
        if day and article is not None:
            marked += 1
            right += bool(
                article.published_on and article.published_on.timetuple()[:3] == tuple(map(int, day.groups()))
            )
    assert (right, marked) == (23, 25)


def test_no_text_is_garbled() -> None:
    assert not [row["page"] for row, article in readings() if article and "\ufffd" in article.body]


def test_nearly_every_page_is_taken_for_an_article() -> None:
    kinds = [
        read_page((PAGES / str(row["page"])).read_bytes(), row["url"] or "http://example.cn/a/1.html").kind
        for row in rows()
    ]
    assert sum(kind == "article" for kind in kinds) >= len(kinds) - 2


def test_a_page_takes_no_more_than_a_few_parses() -> None:
    """The parse alone is the measure: how fast this machine is, and what else it does, falls out."""
    ratios = []
    for row in rows():
        body, url = (PAGES / str(row["page"])).read_bytes(), row["url"] or "http://example.cn/a/1.html"
        parsed = min(_seconds(lambda document: document.root, body, url) for _ in range(2))
        ratios.append(min(_seconds(read_article, body, url) for _ in range(2)) / parsed)
    assert statistics.median(ratios) < _MOST_PARSES


def _seconds(work: Callable[[Document], object], body: bytes, url: str) -> float:
    began = time.process_time()
    work(open_document(body, url))
    return time.process_time() - began
