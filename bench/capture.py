"""What captures cost a crawl, how small they are, and how fast they are read again."""

from __future__ import annotations

import gzip
import statistics
import tempfile
from pathlib import Path

from bench.crawl import CONCURRENCY, bench_source, crawled_into, listings
from bench.measure import run, static_site
from bench.site import pages

MAIN = "from crawler.cli import main; main()"


def compare(articles: int = 1_000, rounds: int = 2) -> None:
    """A crawl that keeps its captures beside one that does not, in turns; and the bytes of WARC beside gzip alone."""
    keeping, without, written = [], [], 0
    with static_site(articles) as port:
        for turn in range(rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder)
                bench_source(path, port)
                first = crawled_into(path, articles, archive="kept.db")
                written = sum(file.stat().st_size for file in path.rglob("*.warc.gz"))
                second = crawled_into(path, articles, "--set", "CAPTURES=off", archive="off.db")
            if turn:  # the first pair warms the caches of the machine
                keeping.append(first)
                without.append(second)
    number = articles + listings(articles)
    print(f"captures of {number} pages (about 40 KB an article), {CONCURRENCY} requests at once, {rounds} pairs")
    for name, costs in (("with captures", keeping), ("without", without)):
        wall, cpu = (statistics.median(getattr(cost, what) for cost in costs) for what in ("wall", "cpu"))
        print(f"{name:24}{number / wall:10.0f} pages/s{1000 * cpu / number:10.2f} CPU ms/page")
    shares = [1 - off.wall / kept.wall for kept, off in zip(keeping, without, strict=True)]
    told = ", ".join(f"{share:.0%}" for share in shares)
    print(f"captures take {statistics.median(shares):.0%} of the crawl's time (pairs {told})")
    alone = sum(len(gzip.compress(body, 6)) for path, body in pages(articles))
    print(f"WARC {written / number:,.0f} bytes a page, gzip of the pages alone {alone / number:,.0f}: "
          f"ratio {written / alone:.2f}")  # fmt: skip


def reread(articles: int = 1_000) -> None:
    """`reextract --dry-run` and `verify` over the captures of one crawl."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with static_site(articles) as port:
            bench_source(path, port)
            crawled_into(path, articles)
        again = run(["-c", MAIN, "reextract", "--dry-run", "--json"], path)
        checked = run(["-c", MAIN, "verify", "--json"], path)
        kept = sum(file.stat().st_size for file in path.rglob("*.warc.gz"))
        bodies = sum(len(body) for _, body in pages(articles))
    print(f"reextract of {articles} articles' captures: {articles / again.wall:.0f} captures/s "
          f"({60 * articles / again.wall:,.0f} a minute, start included), {again.cpu / again.wall:.1f} cores, "
          f"{again.peak:.0f} MiB")  # fmt: skip
    print(f"verify: {kept / 1e6 / checked.wall:.1f} MB/s of WARC, {bodies / 1e6 / checked.wall:.0f} MB/s of pages, "
          f"{checked.peak:.0f} MiB")  # fmt: skip
