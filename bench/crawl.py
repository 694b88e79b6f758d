"""`zhaoshang crawl` with everything on beside a bare Scrapy spider, and its memory at two sizes."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench.measure import Cost, run, static_site
from bench.site import ENTRIES, listing_path, make_up

CONCURRENCY = 16


def compare(articles: int = 2_000, rounds: int = 3) -> None:
    """Both over one site in one run, in turns: pages/s, CPU ms a page, and the ratio pair by pair."""
    bare, ours = [], []
    with static_site(articles) as port:
        for turn in range(rounds + 1):
            pair = bare_spider(port, articles), zhaoshang(port, articles)
            if turn:  # the first pair warms the caches of the machine
                bare.append(pair[0])
                ours.append(pair[1])
    pages = articles + listings(articles)
    print(f"crawl of {pages} pages, {CONCURRENCY} requests at once, no delay, {rounds} pairs")
    print(make_up())
    print(f"{'':24}{'pages/s':>10}{'CPU ms/page':>14}{'peak MiB':>10}")
    for name, costs in (("bare Scrapy spider", bare), ("zhaoshang crawl", ours)):
        rate = pages / statistics.median(cost.wall for cost in costs)
        cpu = 1000 * statistics.median(cost.cpu for cost in costs) / pages
        print(f"{name:24}{rate:10.0f}{cpu:14.2f}{statistics.median(cost.peak for cost in costs):10.0f}")
    ratios = [theirs.wall / mine.wall for theirs, mine in zip(bare, ours, strict=True)]
    print(f"ratio of pages/s: {statistics.median(ratios):.2f} (pairs {', '.join(f'{each:.2f}' for each in ratios)})")


def memory(small: int = 1_000, large: int = 10_000) -> None:
    """Peak memory of `zhaoshang crawl` for a small and a large site."""
    peaks = []
    for articles in (small, large):
        with static_site(articles) as port:
            peaks.append(zhaoshang(port, articles).peak)
    print(f"peak memory: {peaks[0]:.0f} MiB for {small} articles, {peaks[1]:.0f} MiB for {large}: "
          f"ratio {peaks[1] / peaks[0]:.2f}")  # fmt: skip


def bare_spider(port: int, articles: int) -> Cost:
    """One crawl by the bare spider."""
    with tempfile.TemporaryDirectory() as folder:
        return run(["-m", "bench.bare", str(port), str(listings(articles)), str(CONCURRENCY)], Path(folder))


def zhaoshang(port: int, articles: int) -> Cost:
    """One crawl by the command, into an archive of its own on disk. Raises RuntimeError unless all articles are new."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        bench_source(path, port)
        return crawled_into(path, articles)


def bench_source(folder: Path, port: int) -> None:
    """Write the source `bench`, the generated site at this port."""
    source = (
        f"id: bench\nname: 示例招商网\nhomepage: http://127.0.0.1:{port}/\nstart_urls: [{listing_path(0)}]\n"
        "limits: {max_pages: 100000}\n"
    )
    (folder / "bench.yaml").write_text(source, encoding="utf-8")


def crawled_into(folder: Path, articles: int, *options: str, archive: str = "archive.db") -> Cost:
    """One crawl of the source in a folder. Raises RuntimeError unless all its articles are new."""
    setting = f"CONCURRENT_REQUESTS_PER_DOMAIN={CONCURRENCY}"
    line = ["--archive", archive, "crawl", "bench", "--set", setting, "--json", *options]
    main = "from crawler.cli import main; main()"
    cost = run(["-c", main, *line], folder, {"ZHAOSHANG_SOURCES": str(folder)})
    printed = (folder / "output.txt").read_text(encoding="utf-8")
    if f'"new": {articles},' not in printed:
        raise RuntimeError(f"not all of {articles} articles were archived:\n{printed[-1500:]}")
    return cost


def listings(articles: int) -> int:
    """How many listing pages so many articles have."""
    return (articles + ENTRIES - 1) // ENTRIES
