"""The extractor beside its peers: quality and speed over the same real pages, read in turns in one run."""

from __future__ import annotations

import json
import logging
import re
import statistics
import time
import unicodedata
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from bench.measure import ROOT
from bench.peers import OURS, PARSER, Extractor, Reading, peers
from crawler.extract import read_page

ARTICLES = ROOT.parent / "shared" / "data" / "articles"
LISTINGS = ROOT.parent / "shared" / "data" / "listings"
GOOD = 0.95
_GRAM = 4
_DAY = re.compile(r"((?:19|20)\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})")

Day = tuple[int, ...]


class Sample(NamedTuple):
    """A page with the body and the day that people read in it; `day` is None where they found none."""

    page: bytes
    url: str
    body: str
    day: Day | None


class Score:
    """What one extractor made of the samples, page by page."""

    def __init__(self, extractor: Extractor) -> None:
        self.extractor = extractor
        self.bodies: list[float] = []
        self.days: list[bool] = []
        self.exceptions = 0

    def add(self, sample: Sample) -> None:
        """Read a sample and compare."""
        try:
            reading = self.extractor.read(sample.page, sample.url)
        except Exception:
            self.exceptions += 1
            reading = Reading("")
        self.bodies.append(f1(sample.body, reading.body))
        if sample.day:
            self.days.append(day(reading.published) == sample.day)

    def row(self) -> str:
        """Quality as columns of the table."""
        body = f"{statistics.mean(self.bodies):.3f}" if self.extractor.gives_body else "-"
        good = f"{sum(each >= GOOD for each in self.bodies)}/{len(self.bodies)}" if self.extractor.gives_body else "-"
        dates = f"{sum(self.days)}/{len(self.days)}" if self.extractor.gives_date else "-"
        return f"{body:>9}{good:>10}{dates:>9}{self.exceptions:>12}"


def compare(rounds: int = 3) -> None:
    """Print body F1, exact dates, exceptions and CPU time a page of each extractor, then this one's listings."""
    if not ARTICLES.is_dir():
        print(f"extract: skipped, the real pages are not there ({ARTICLES}).")
        return
    logging.disable(logging.CRITICAL)
    samples = read_samples()
    extractors = [PARSER, *OURS, *peers()]
    scores = [Score(extractor) for extractor in extractors]
    # An extractor that asks the network fails here: a page must be enough.
    with patch("socket.getaddrinfo", side_effect=OSError("a bench asks no network")):
        for sample in samples:  # the first reading warms every cache
            for score in scores:
                score.add(sample)
        times = measure(extractors, samples, rounds)
    print(f"articles of {len(samples)} real pages, each read {rounds} times in turns; CPU ms a page")
    quality = f"{'body F1':>9}{f'>= {GOOD}':>10}{'dates':>9}{'exceptions':>12}"
    print(f"{'':20}{quality}{'median':>9}{'mean':>9}{'x parse':>9}")
    for score, spent in zip(scores, times, strict=True):
        ratio = statistics.median(mine / bare for mine, bare in zip(spent, times[0], strict=True))
        speed = f"{1000 * statistics.median(spent):9.2f}{1000 * statistics.mean(spent):9.2f}{ratio:9.1f}"
        print(f"{score.extractor.name:20}{score.row()}{speed}")
    listings()


def read_samples() -> list[Sample]:
    """The real article pages, with what is true of them."""
    rows = json.loads((ARTICLES / "index.json").read_text(encoding="utf-8"))
    return [
        Sample(
            (ARTICLES / row["page"]).read_bytes(),
            row["url"] or "http://example.cn/a/1.html",
            (ARTICLES / row["body"]).read_text(encoding="utf-8"),
            day(row["date"]),
        )
        for row in rows
    ]


def measure(extractors: list[Extractor], samples: list[Sample], rounds: int) -> list[list[float]]:
    """CPU seconds by extractor and page: the median of the rounds, in each of which all read a page in turns."""
    taken: list[list[list[float]]] = [[[] for _ in samples] for _ in extractors]
    for _ in range(rounds):
        for number, sample in enumerate(samples):
            for extractor, spent in zip(extractors, taken, strict=True):
                spent[number].append(_seconds(extractor, sample))
    return [[statistics.median(page) for page in spent] for spent in taken]


def _seconds(extractor: Extractor, sample: Sample) -> float:
    began = time.process_time()
    with suppress(Exception):  # counted when it was scored
        extractor.read(sample.page, sample.url)
    return time.process_time() - began


def grams(text: str) -> Counter[str]:
    """The character 4-grams of a text; white space and character width do not count."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return Counter(text[start : start + _GRAM] for start in range(max(1, len(text) - _GRAM + 1))) if text else Counter()


def f1(gold: str, got: str) -> float:
    """How alike two texts are, 0 to 1: F1 over their character 4-grams."""
    wanted, found = grams(gold), grams(got)
    if not wanted and not found:
        return 1.0
    return 2 * (wanted & found).total() / (wanted.total() + found.total())


def day(text: str | None) -> Day | None:
    """The first day that a text names; None where it names no full date."""
    found = _DAY.search(text or "")
    return tuple(map(int, found.groups())) if found else None


def listings() -> None:
    """Print what this extractor finds on the real listing pages."""
    if not LISTINGS.is_dir():
        print(f"listings: skipped, the real pages are not there ({LISTINGS}).")
        return
    rows: list[dict[str, Any]] = json.loads((LISTINGS / "index.json").read_text(encoding="utf-8"))
    print(f"\n{'listing':28}{'entries':>9}{'of':>5}{'dated':>7}{'ms':>7}  next page")
    for row in rows:
        page = (LISTINGS / row["page"]).read_bytes()
        began = time.process_time()
        listing = read_page(page, row["url"]).listing
        spent = 1000 * (time.process_time() - began)
        entries = listing.entries if listing else ()
        dated = sum(entry.published_on is not None for entry in entries)
        following = listing.next_page.url if listing and listing.next_page else "-"
        print(f"{Path(row['page']).stem:28}{len(entries):>9}{row['entries']:>5}{dated:>7}{spent:7.1f}  {following}")
