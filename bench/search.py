"""`zhaoshang search` on generated articles, beside LIKE, FTS5 trigrams, plain tantivy and DuckDB on the same ones.

`BENCH_ARTICLES` says how many there are; peers are left out above 200,000. `BENCH_ARCHIVE` names an archive to keep:
the first run fills and indexes it, which takes a while, and the next goes on from there.
"""

from __future__ import annotations

import os
import random
import re
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench import search_peers
from bench.articles import SOURCES, Generated, article, articles
from bench.measure import run
from crawler.archive.engine import open_archive, writing
from crawler.archive.models import (
    Article,
    ArticleAmount,
    ArticleEvent,
    ArticleIndustry,
    ArticleRegion,
    Change,
    Crawl,
    Revision,
    Source,
    table,
)
from crawler.archive.types import uid_of_url
from crawler.research.filters import Filters
from crawler.research.search import open_rows, search
from crawler.research.search.folder import IndexFolder
from crawler.research.search.following import rebuild_index
from crawler.research.search.rows import Rows

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "20000"))
MOST_FOR_PEERS = 200_000
ROUNDS = 10
_BATCH = 2_000
_NOW = datetime(2026, 6, 1, tzinfo=UTC)

# Three of each length from 1 to 8 that people type; two more of each are cut out of the articles, wherever they fall.
TYPED = (
    *("招", "芯", "港"),
    *("武汉", "化工", "光谷"),
    *("高新区", "新能源", "示范区"),
    *("集成电路", "招商引资", "营商环境"),
    *("东湖高新区", "专精特新小", "综合保税区"),
    *("战略合作协议", "工业互联网生", "现代农业产业"),
    *("集成电路产业园", "行政审批局工作", "新能源汽车产业"),
    *("政府工作报告提出", "项目集中签约仪式", "标准厂房万平方米"),
)
LENGTHS = range(1, 9)
FILTERED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"region": "420000"}),
    ("", {"since": "2024-01-01", "event": "signing"}),
    ("招商", {"region": "420100"}),
    ("化工", {"region": "320000", "since": "2020", "until": "2022"}),
    ("集成电路产业园", {"industry": "39"}),
    ("签约", {"min_amount": "100亿"}),
    ("推介", {"source": "source-07"}),
    ("光谷 OR 东湖高新区", {"event": "funding"}),
    ("新能源 -汽车", {"since": "2025"}),
    ("title:签约 招商引资", {"max_amount": "10亿", "region": "440000"}),
)


def compare(number: int = ARTICLES) -> None:
    """Speed of indexing, size, latency, recall and the start of the command, and the peers."""
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        kept = os.environ.get("BENCH_ARCHIVE")
        archive = Path(kept) if kept else Path(folder) / "archive.db"
        if not archive.exists():
            fill(archive, number)
        number, text = _size(archive)
        print(f"{number:,} articles of {text / number / 3:,.0f} characters, {text / (1 << 20):,.0f} MiB of UTF-8 text")
        _ours(archive, number, text)
        if number > MOST_FOR_PEERS:
            print(f"The others are left out above {MOST_FOR_PEERS:,} articles.")
            return
        _theirs(archive, Path(folder), number, text)


def _size(archive: Path) -> tuple[int, int]:
    """How many articles there are, and the bytes of their text."""
    with closing(sqlite3.connect(archive)) as connection:
        bytes_of = "length(CAST(title AS BLOB)) + length(CAST(body AS BLOB))"
        number, text = connection.execute(f"SELECT count(*), sum({bytes_of}) FROM article").fetchone()
    return int(number), int(text)


def _ours(archive: Path, number: int, text: int) -> None:
    rows = open_rows(str(archive))
    folder = IndexFolder.of(rows)
    speed = "indexed before" if folder.newest() else _indexing(rows, number)
    size = sum(path.stat().st_size for path in folder.path.rglob("*") if path.is_file())
    print(f"zhaoshang: {speed}; index {size / text:.2f} of the text, {size / number:,.0f} bytes an article")
    queries = _queries(number)
    scanned = _scan(archive, queries)
    found = {query: search(rows, query, Filters(all=True), limit=0) for query in queries}
    recall = [min(1.0, found[query].total / scanned[query]) for query in queries if scanned[query]]
    beyond = sum(found[query].total > scanned[query] for query in queries)
    across = [f"{query} {found[query].across}" for query in queries if found[query].across]
    print(f"  recall against a scan: mean {statistics.mean(recall):.4f}, least {min(recall):.4f}; {beyond} queries "
          f"find more; only across two words: {', '.join(across) or 'none'}")  # fmt: skip
    spent = _timed(lambda query: _first(rows, query, {}), queries)
    _say("first 20 hits with counts, 40 queries", spent)
    slowest = sorted(((_median(spent[at :: len(queries)]), query) for at, query in enumerate(queries)), reverse=True)
    shown = (f"{query} {milliseconds:.0f} ms ({found[query].total:,} found)" for milliseconds, query in slowest[:5])
    print(f"  the slowest of them: {', '.join(shown)}")
    _say("10 queries with filters", _timed(lambda pair: _first(rows, *pair), FILTERED))
    _say("`zhaoshang search` from a cold start", _cold(archive))


def _indexing(rows: Rows, number: int) -> str:
    began, cpu = time.perf_counter(), _cpu_seconds()
    rebuild_index(rows)
    seconds, cpu = time.perf_counter() - began, _cpu_seconds() - cpu
    return f"indexed {number / seconds:,.0f} articles/s, {1000 * cpu / number:.2f} CPU ms each"


def _first(rows: Rows, query: str, words: dict[str, Any]) -> None:
    list(search(rows, query, Filters.of(**words), limit=20))


def _theirs(archive: Path, folder: Path, number: int, text: int) -> None:
    queries = _queries(number)
    scanned = _scan(archive, queries)
    for peer in search_peers.peers(archive, folder, lambda: _texts(archive)):
        recalls = [min(1.0, peer.find(query) / scanned[query]) for query in queries if scanned[query]]
        rate = f"{number / peer.seconds:,.0f} articles/s" if peer.seconds else "no index"
        print(f"{peer.name}: {rate}, {peer.bytes / text:.2f} of the text; recall mean {statistics.mean(recalls):.4f}, "
              f"least {min(recalls):.4f}")  # fmt: skip
        _say("first 20 hits and their number", _timed(peer.find, queries, rounds=1))


def _texts(archive: Path) -> Iterator[tuple[int, str, str]]:
    with closing(sqlite3.connect(archive)) as connection:
        yield from connection.execute("SELECT id, title, body FROM article")


def _timed(find: Callable[[Any], object], queries: Any, rounds: int = ROUNDS) -> list[tuple[float, float]]:
    """Seconds of each query by the clock and of CPU, each asked so often, after once for the caches of the machine."""
    spent = []
    for turn in range(rounds + 1):
        for query in queries:
            began, cpu = time.perf_counter(), time.process_time()
            find(query)
            if turn or rounds == 1:
                spent.append((time.perf_counter() - began, time.process_time() - cpu))
    return spent


def _say(what: str, spent: list[tuple[float, float]]) -> None:
    wall, cpu = ([1000 * each[kind] for each in spent] for kind in (0, 1))
    print(f"  {what}: p50 {statistics.median(wall):.2f} ms, p99 {_worst(wall):.2f} ms "
          f"(CPU {statistics.median(cpu):.2f} and {_worst(cpu):.2f} ms)")  # fmt: skip


def _median(spent: list[tuple[float, float]]) -> float:
    return 1000 * statistics.median(wall for wall, _ in spent)


def _cpu_seconds() -> float:
    """Of this process and of those that it has waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _worst(spent: list[float]) -> float:
    return sorted(spent)[min(len(spent) - 1, int(len(spent) * 0.99))]


def _cold(archive: Path, times: int = 5) -> list[tuple[float, float]]:
    line = ["-c", "from crawler.cli import main; main()", "--archive", str(archive), "search", "集成电路", "--json"]
    costs = [run(line, archive.parent) for _ in range(times)]
    return [(cost.wall, cost.cpu) for cost in costs]


def _queries(number: int) -> list[str]:
    chance = random.Random(7)
    cut: list[str] = []
    for length in LENGTHS:
        wanted = len(cut) + 2
        while len(cut) < wanted:
            runs = re.findall(f"[一-鿿]{{{length},}}", article(chance.randint(1, number)).body)
            run = chance.choice(runs)
            start = chance.randint(0, len(run) - length)
            cut.append(run[start : start + length])
    return [*TYPED, *cut]


def _scan(archive: Path, queries: list[str]) -> dict[str, int]:
    """How many articles hold each query, by reading all."""
    found = dict.fromkeys(queries, 0)
    for _, title, body in _texts(archive):
        text = f"{title}\n{body}"
        for query in found:
            found[query] += query in text
    return found


@dataclass(slots=True, frozen=True)
class _Fact:
    """The columns that every fact has."""

    article_id: int

    def row(self, **values: Any) -> dict[str, Any]:
        return {"article_id": self.article_id, "field": "body", "start": 0, "end": 1, "surface": "x", **values}


def fill(path: Path, number: int) -> None:
    """Make an archive of so many articles, with facts."""
    engine = open_archive(str(path), create=True)
    source = {"kind": "bureau", "homepage": "http://example.com/", "created_at": _NOW}
    with writing(engine) as connection:
        names = [f"source-{each:02d}" for each in range(SOURCES)]
        connection.execute(table(Source).insert(), [{"id": name, "name": name, **source} for name in names])
        crawl = {"source_id": names[0], "kind": "crawl", "started_at": _NOW, "status": "finished", "stats": {}}
        connection.execute(table(Crawl).insert(), {"id": 1, "version": "bench", **crawl})
    rest = articles(number)
    while batch := list(islice(rest, _BATCH)):
        with writing(engine) as connection:
            for model, rows in _rows(batch).items():
                connection.execute(table(model).insert(), rows)
    engine.dispose()


def _rows(batch: list[Generated]) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Article, Revision, Change, ArticleRegion, ArticleIndustry, ArticleEvent, ArticleAmount)
    }
    for each in batch:
        seen = _NOW - timedelta(minutes=each.number % 1000)
        content = {"title": each.title, "published_on": each.published_on, "body_digest": "sha256:0"}
        uid = uid_of_url(f"http://example.com/{each.number}")
        kept = {"id": each.number, "uid": uid, "source_id": each.source, "url": f"http://example.com/{each.number}"}
        times = {"first_seen_at": seen, "last_seen_at": seen, "revision_count": 1, "last_crawl_id": 1}
        found[Article].append({**kept, **content, **times, "content": "text", "body": each.body})
        # The latest state's text is read from `article`.
        state = {"article_id": each.number, "number": 1, "body": "", "cause": "site", "extractor": "bench"}
        found[Revision].append({**content, **state, "extracted_at": seen, "provenance": {}})
        found[Change].append({"article_id": each.number, "kind": "new", "at": seen})
        fact = _Fact(each.number)
        place = {"code": each.region, "code_now": each.region, "name": "x", "role": "subject"}
        found[ArticleRegion].append(fact.row(**place))
        found[ArticleIndustry].append(fact.row(code=each.industry, name="x", score=1.0))
        found[ArticleEvent].append(fact.row(type=each.event, count=None))
        amount = {"value": each.amount, "value_cny": each.amount, "currency": "CNY"}
        found[ArticleAmount].append(fact.row(**amount, qualifier="exact", kind="investment", low=None, high=None))
    return found
