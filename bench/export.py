"""Exports: articles a second to each format, and memory for few and for many articles."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import run

ARTICLES = int(os.environ.get("BENCH_EXPORT", "30000"))
FEW = 5_000
_BODY = 1_500  # characters
_WORDS = [
    *("武汉", "光谷", "东湖", "高新区", "项目", "签约", "投资", "产业园", "集成电路", "生物医药", "新能源", "总部"),
    *("亿元", "建设", "开工", "企业", "园区", "公司", "发展", "合作"),
]


def compare() -> None:
    """Fill an archive and export it in every format."""
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.db", Path(folder) / "few.db"
        fill(many, ARTICLES)
        fill(few, FEW)
        print(f"export of {ARTICLES} articles of {_BODY} characters with 33 facts each")
        print(f"{'':<24}{'articles/s':>11}{'per CPU s':>11}{'peak MiB':>10}{f'at {FEW}':>10}{'MB':>9}")
        for name, options in _FORMATS.items():
            print(_row(name, options, many, few))


_FORMATS = {
    "Parquet": ("a.parquet",),
    "Parquet, full text": ("a.parquet", "--text", "full"),
    "CSV": ("a.csv",),
    "JSON Lines": ("a.jsonl",),
    "data package (.zip)": ("a.zip",),
}


def _row(name: str, options: tuple[str, ...], many: Path, few: Path) -> str:
    folder = many.parent
    line = ["-m", "bench.export", *options]
    start = run([*line, str(few)], folder)
    whole = run([*line, str(few), str(many)], folder)
    wall, cpu = map(float, (folder / "output.txt").read_text().split()[-2:])
    size = (folder / options[0]).stat().st_size / 1e6
    return (
        f"{name:<24}{ARTICLES / wall:>11,.0f}{ARTICLES / cpu:>11,.0f}{whole.peak:>10.0f}{start.peak:>10.0f}{size:>9.1f}"
    )


def fill(path: Path, count: int) -> None:
    """An archive of generated articles with facts, the same for the same number."""
    from sqlalchemy import insert

    from crawler.archive.engine import open_archive, writing
    from crawler.archive.models import Crawl, Source, table

    engine = open_archive(str(path), create=True)
    with writing(engine) as connection:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        source = {"id": "bench", "name": "bench", "homepage": "http://bench.example/", "kind": "bureau"}
        connection.execute(insert(table(Source)).values(**source, created_at=now))
        crawl = {"source_id": "bench", "kind": "crawl", "started_at": now, "status": "finished", "version": "0"}
        connection.execute(insert(table(Crawl)).values(id=1, **crawl, stats={}))
        for model, rows in _rows(count, now):
            connection.execute(insert(table(model)), rows)
    engine.dispose()


def _rows(count: int, now: datetime) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    from crawler.archive.models import Article

    chance = random.Random(8)
    span = {"start": 0, "end": 2, "surface": "武汉"}
    for first in range(1, count + 1, 1_000):
        ids = range(first, min(first + 1_000, count + 1))
        yield Article, [_article(one, chance, now) for one in ids]
        for model, times, fact in _facts():
            yield model, [{"article_id": one, **fact, "field": "body", **span} for one in ids for _ in range(times)]


def _facts() -> list[tuple[Any, int, dict[str, Any]]]:
    """A fact of each kind, and how many of it an article has: about as many as those of the fixture sites."""
    from crawler.archive.models import ArticleAmount, ArticleEvent, ArticleIndustry, ArticleOrganization, ArticleRegion

    place = {"code": "420100", "code_now": "420100", "name": "武汉市", "role": "mention"}
    amount = {"value_cny": 1e8, "value": 1e8, "currency": "CNY", "qualifier": "exact", "kind": "investment"}
    return [
        (ArticleRegion, 10, place),
        (ArticleAmount, 8, amount),
        (ArticleOrganization, 2, {"name": "百兴公司", "normalized_name": "百兴消毒制品有限公司"}),
        (ArticleIndustry, 8, {"code": "39", "name": "制造业", "score": 0.5}),
        (ArticleEvent, 5, {"type": "signing"}),
    ]


def _article(one: int, chance: random.Random, now: datetime) -> dict[str, Any]:
    body = "".join(chance.choices(_WORDS, k=_BODY // 3))
    return {
        "id": one,
        "uid": f"{one:016d}",
        "source_id": "bench",
        "url": f"http://bench.example/{one}.html",
        "title": "".join(chance.choices(_WORDS, k=6)),
        "published_on": date(2015, 1, 1) + timedelta(days=one % 4000),
        "published_at": now - timedelta(minutes=one),
        "content": "text",
        "summary": body[:60],
        "region_code": "420100",
        "body_digest": "sha256:" + "0" * 64,
        "body_length": len(body),
        "first_seen_at": now,
        "last_seen_at": now,
        "revision_count": 1,
        "last_crawl_id": 1,
        "body": body,
    }


def _export(line: list[str]) -> None:
    """Export each archive of a line `FILE OPTION... ARCHIVE...`; print the seconds and CPU seconds of the last."""
    from crawler.cli import run as command

    out, *rest = line
    archives = [each for each in rest if each.endswith(".db")]
    options = [each for each in rest if not each.endswith(".db")]
    wall = cpu = 0.0
    for archive in archives:
        wall, cpu = time.perf_counter(), time.process_time()
        if command(["--archive", archive, "export", "--out", out, *options, "--json"]):
            sys.exit(f"{archive} could not be exported")
    print(time.perf_counter() - wall, time.process_time() - cpu)


if __name__ == "__main__":
    _export(sys.argv[1:])
