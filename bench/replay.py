"""`zhaoshang crawl --replay` beside the crawl over loopback whose captures it reads, with everything on in both."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench.crawl import CONCURRENCY, bench_source, crawled_into, listings
from bench.measure import static_site


def compare(articles: int = 2_000, rounds: int = 3) -> None:
    """In turns: pages/s, CPU ms a page and peak memory of both, and the ratio pair by pair."""
    over_http, replayed = [], []
    for turn in range(rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            with static_site(articles) as port:
                bench_source(path, port)
                first = crawled_into(path, articles)
            second = crawled_into(path, articles, "--replay", "warc", archive="replayed.db")
        if turn:  # the first pair warms the caches of the machine
            over_http.append(first)
            replayed.append(second)
    pages = articles + listings(articles)
    print(f"replay of {pages} captured pages (about 40 KB an article), {CONCURRENCY} requests at once, {rounds} pairs")
    print(f"{'':24}{'pages/s':>10}{'CPU ms/page':>14}{'peak MiB':>10}")
    for name, costs in (("crawl over loopback", over_http), ("crawl --replay", replayed)):
        rate = pages / statistics.median(cost.wall for cost in costs)
        cpu = 1000 * statistics.median(cost.cpu for cost in costs) / pages
        print(f"{name:24}{rate:10.0f}{cpu:14.2f}{statistics.median(cost.peak for cost in costs):10.0f}")
    ratios = [first.wall / second.wall for first, second in zip(over_http, replayed, strict=True)]
    print(f"ratio of pages/s: {statistics.median(ratios):.2f} (pairs {', '.join(f'{each:.2f}' for each in ratios)})")
