"""Exports: articles a second to each format, and memory for few and for many articles."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import run

ARTICLES = int(os.environ.get("BENCH_EXPORT", "50000"))
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
        print(f"export of {ARTICLES} articles of {_BODY} characters with 8 facts each; start-up is subtracted")
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
    out = many.parent / options[0]
    line = ["-m", "bench.export", str(many), str(out), *options[1:]]
    start = run(["-m", "bench.export", str(few), str(out), *options[1:]], many.parent)
    whole = run(line, many.parent)
    rate, of_cpu = ((ARTICLES - FEW) / spent for spent in (whole.wall - start.wall, whole.cpu - start.cpu))
    size = out.stat().st_size / 1e6
    return f"{name:<24}{rate:>11,.0f}{of_cpu:>11,.0f}{whole.peak:>10.0f}{start.peak:>10.0f}{size:>9.1f}"


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
    from crawler.archive.models import (
        Article,
        ArticleAmount,
        ArticleEvent,
        ArticleIndustry,
        ArticleOrganization,
        ArticleRegion,
    )

    chance = random.Random(8)
    span = {"field": "body", "start": 0, "end": 2, "surface": "武汉"}
    amount = {"value": 1e8, "currency": "CNY", "qualifier": "exact", "kind": "investment", **span}
    for first in range(1, count + 1, 1_000):
        ids = range(first, min(first + 1_000, count + 1))
        yield Article, [_article(one, chance, now) for one in ids]
        places = [{"article_id": one, "code": "420100", "code_now": "420100", "name": "武汉市", **span} for one in ids]
        yield (
            ArticleRegion,
            [{**row, "role": "subject"} for row in places] + [{**row, "role": "mention"} for row in places],
        )
        yield ArticleAmount, [{"article_id": one, "value_cny": 1e8, **amount} for one in ids]
        names = {"name": "百兴公司", "normalized_name": "百兴消毒制品有限公司", **span}
        yield ArticleOrganization, [{"article_id": one, **names} for one in ids] * 2
        yield (
            ArticleIndustry,
            [{"article_id": one, "code": "39", "name": "制造", "score": 0.5, **span} for one in ids] * 2,
        )
        yield ArticleEvent, [{"article_id": one, "type": "signing", **span} for one in ids]


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


if __name__ == "__main__":
    from crawler.cli import run as command

    archive, out, *options = sys.argv[1:]
    sys.exit(command(["--archive", archive, "export", "--out", out, *options]))
