"""Telling stories beside other ways to find near-duplicates: a labelled set, and the archive at several sizes.

`python -m bench dedupe` compares all on the labelled set of BENCH_ORIGINALS stories (2,000 unless it is set), each way
in a process of its own. `python -m bench stories` fills an archive on disk with as many articles as BENCH_STORIES says
(10,000 unless it is set; several numbers with commas) and times each batch.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import combinations, islice
from pathlib import Path
from typing import Any, NamedTuple

from bench.measure import run
from bench.stories import CHANGES, OTHER, PART, Document, copied, labelled, streamed

AT_ONCE = 500
SAMPLED = 1_000
SHINGLE = 3
_DAY = datetime(2026, 3, 1, tzinfo=UTC)


class Result(NamedTuple):
    """What one way found: groups of documents by their places in the set, parts as (whole, part), and seconds."""

    groups: list[set[int]]
    parts: set[tuple[int, int]]
    seconds: float


def compare() -> None:
    """Recall by change, precision, documents/s and peak memory of all ways on one labelled set."""
    originals = int(os.environ.get("BENCH_ORIGINALS", "2000"))
    documents = originals + len(CHANGES) * (originals // 10)
    print(f"duplicates among {documents} documents: {originals} stories, of a tenth of them a copy by each change")
    names = [*CHANGES, "precision"]
    print(f"{'':26}{''.join(f'{name:>17}' for name in names)}{'documents/s':>13}{'peak MiB':>10}")
    for name in WAYS:
        _print_row(name, originals)


def _print_row(name: str, originals: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            run(["-m", "bench.dedupe", name, str(originals)], Path(folder))
        except RuntimeError as error:
            print(f"{name:26}{str(error).strip().splitlines()[-1]}")
            return
        told = json.loads((Path(folder) / "output.txt").read_text(encoding="utf-8").splitlines()[-1])
    shares = "".join(f"{share:17.4f}" for share in told["shares"])
    print(f"{name:26}{shares}{told['rate']:13.0f}{told['peak']:10.0f}")


def score(documents: Sequence[Document], result: Result) -> list[float]:
    """By change the share that was rightly told: copies joined, parts linked only, others apart; then precision."""
    group_of: dict[int, int] = {}
    for number, group in enumerate(result.groups):
        group_of |= dict.fromkeys(group, number)
    originals = {each.family: place for place, each in enumerate(documents) if each.kind == "original"}
    right: dict[str, list[bool]] = defaultdict(list)
    for place, each in enumerate(documents):
        if each.kind == "original":
            continue
        first = originals[each.family]
        joined = first in group_of and group_of[first] == group_of.get(place)
        if each.kind == PART:
            right[PART].append(not joined and (first, place) in result.parts)
        else:
            right[each.kind].append(joined != (each.kind == OTHER))
    good = pairs = 0
    for group in result.groups:
        kinds = [(documents[place].family, documents[place].kind in (PART, OTHER)) for place in group]
        for (family, apart), (other_family, other_apart) in combinations(kinds, 2):
            pairs += 1
            good += family == other_family and not apart and not other_apart
    return [statistics.mean(right[kind]) for kind in CHANGES] + [good / pairs if pairs else 1.0]


def in_an_archive(documents: Iterable[Document]) -> Result:
    """This project: signed, looked up, verified and stored with bands on disk, 500 articles a transaction."""
    from crawler.archive.engine import reading

    with tempfile.TemporaryDirectory() as folder:
        filled = Filled(Path(folder) / "archive.db")
        for _ in filled.batches(documents):
            pass
        with reading(filled.engine) as connection:
            told = connection.exec_driver_sql("SELECT cluster_id, id FROM article WHERE cluster_id IS NOT NULL").all()
            parts = connection.exec_driver_sql(
                "SELECT article_id, other_id FROM relation WHERE kind = 'contains'"
            ).all()
            copies = connection.exec_driver_sql("SELECT copy_of, article_id FROM signature WHERE copy_of > 0").all()
        filled.engine.dispose()
    groups: dict[int, set[int]] = defaultdict(set)
    for cluster_id, article_id in told:
        groups[cluster_id].add(article_id - 1)
    same: dict[int, set[int]] = defaultdict(set)
    for first, copy in copies:
        same[first].add(copy)
    linked = {(w - 1, p - 1) for whole, part in parts for w in {whole} | same[whole] for p in {part} | same[part]}
    return Result(list(groups.values()), linked, filled.seconds)


class Filled:
    """An archive on disk that is filled with documents; only the telling of stories is timed."""

    def __init__(self, path: Path) -> None:
        from crawler.archive.engine import open_archive, writing
        from crawler.archive.models import Crawl, Source, table

        self.engine = open_archive(str(path), create=True)
        self.seconds = 0.0
        source = {
            "id": "bench",
            "name": "bench",
            "kind": "portal",
            "homepage": "http://bench.example/",
            "created_at": _DAY,
        }
        crawl = {"id": 1, "source_id": "bench", "kind": "crawl", "started_at": _DAY, "status": "running", "stats": {}}
        with writing(self.engine) as connection:
            connection.execute(table(Source).insert(), source)
            connection.execute(table(Crawl).insert(), {**crawl, "version": "bench"})

    def batches(self, documents: Iterable[Document]) -> Iterator[float]:
        """Write documents and tell their stories; gives the seconds that each batch took."""
        from crawler.archive.engine import writing
        from crawler.archive.models import Article, table
        from crawler.archive.stories import tell

        rest = enumerate(documents, 1)
        while batch := list(islice(rest, AT_ONCE)):
            with writing(self.engine) as connection:
                connection.execute(table(Article).insert(), [_row(number, each) for number, each in batch])
                began = time.perf_counter()
                tell(connection, [number for number, _ in batch], _DAY)
            seconds = time.perf_counter() - began
            self.seconds += seconds
            yield seconds


def _row(number: int, document: Document) -> dict[str, Any]:
    first = document.kind == "original"
    return {
        "id": number,
        "uid": f"{number:016d}",
        "source_id": "bench",
        "title": document.title,
        "published_on": date(2026, 1, 1 if first else 2),
        "content": "text",
        "body": document.body,
        "body_digest": "",
        "first_seen_at": _DAY,
        "last_seen_at": _DAY,
        "revision_count": 1,
        "last_crawl_id": 1,
    }


def with_datasketch(documents: Iterable[Document]) -> Result:
    """datasketch in memory: MinHash of 128 permutations and its LSH at a Jaccard similarity of 0.3."""
    datasketch = importlib.import_module("datasketch")

    bodies = [each.body for each in documents]
    began = time.perf_counter()
    index = datasketch.MinHashLSH(threshold=0.3, num_perm=128)
    pairs = []
    for place, body in enumerate(bodies):
        minhash = datasketch.MinHash(num_perm=128)
        minhash.update_batch([shingle.encode() for shingle in _shingles(body)])
        pairs += [(place, other) for other in index.query(minhash)]
        index.insert(place, minhash, check_duplication=False)
    return Result(_groups(pairs), set(), time.perf_counter() - began)


def with_rensa(documents: Iterable[Document]) -> Result:
    """rensa used plainly, in memory: RMinHash of 128 permutations and its LSH of 32 bands."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

    bodies = [each.body for each in documents]
    began = time.perf_counter()
    index = RMinHashLSH(threshold=0.3, num_perm=128, num_bands=32)
    pairs = []
    for place, body in enumerate(bodies):
        minhash = RMinHash(128, 42)
        minhash.update(list(_shingles(body)))
        pairs += [(place, other) for other in index.query(minhash)]
        index.insert(place, minhash)
    return Result(_groups(pairs), set(), time.perf_counter() - began)


def with_simhash(documents: Iterable[Document]) -> Result:
    """simhash in memory: 64 bits, of which at most 3 differ."""
    simhash = importlib.import_module("simhash")

    bodies = [each.body for each in documents]
    began = time.perf_counter()
    index = simhash.SimhashIndex([], k=3)
    pairs = []
    for place, body in enumerate(bodies):
        value = simhash.Simhash(list(_shingles(body)))
        pairs += [(place, int(other)) for other in index.get_near_dups(value)]
        index.add(str(place), value)
    return Result(_groups(pairs), set(), time.perf_counter() - began)


def _shingles(body: str) -> set[str]:
    text = "".join(body.split())
    return {text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1))}


def _groups(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    from crawler.dedupe.clusters import components

    edges = list(pairs)
    return [set(part) for part in components({side for edge in edges for side in edge}, edges)]


WAYS: dict[str, Callable[[Iterable[Document]], Result]] = {
    "zhaoshang, on disk": in_an_archive,
    "datasketch, in memory": with_datasketch,
    "rensa plainly, in memory": with_rensa,
    "simhash, in memory": with_simhash,
}


def at_size() -> None:
    """Speed, look-up times, memory and what became of the copies at several sizes, each in a process of its own."""
    speed = f"{'articles':>10}{'documents/s':>13}{'the last tenth':>16}{'look-up p50 ms':>16}{'p99':>8}{'peak MiB':>10}"
    print(f"{speed}{'copies told rightly':>21}{'15 % edits':>12}")
    for size in os.environ.get("BENCH_STORIES", "10000").split(","):
        with tempfile.TemporaryDirectory() as folder:
            run(["-m", "bench.dedupe", "size", size], Path(folder))
            told = json.loads((Path(folder) / "output.txt").read_text(encoding="utf-8").splitlines()[-1])
        speed = f"{int(size):10d}{told['rate']:13.0f}{told['last']:16.0f}{told['p50']:16.2f}{told['p99']:8.2f}"
        print(f"{speed}{told['peak']:10.0f}{told['right']:21.4f}{told['15 % edits']:12.4f}")


def _filled(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        filled = Filled(Path(folder) / "archive.db")
        batches = list(filled.batches(map(streamed, range(size))))
        last = batches[-max(1, len(batches) // 10) :]
        peak = _peak()
        times = sorted(_look_ups(filled, size))
        right = _told_rightly(filled, size)
        filled.engine.dispose()
    per_batch = size / len(batches)
    return {
        "peak": peak,
        "right": statistics.mean(each for told in right.values() for each in told),
        "15 % edits": statistics.mean(right["15 % edits"]),
        "rate": size / sum(batches),
        "last": per_batch * len(last) / sum(last),
        "p50": 1000 * times[len(times) // 2],
        "p99": 1000 * times[len(times) * 99 // 100],
    }


def _told_rightly(filled: Filled, size: int) -> dict[str, list[bool]]:
    """For each copy, by its change, whether it is in the story of its original; a part linked only, others apart."""
    from crawler.archive.engine import reading

    with reading(filled.engine) as connection:
        rows = connection.exec_driver_sql("SELECT id, cluster_id FROM article WHERE cluster_id IS NOT NULL").all()
        parts = set(connection.exec_driver_sql("SELECT article_id, other_id FROM relation WHERE kind = 'contains'"))
    story_of: dict[int, int] = dict(rows)
    right: dict[str, list[bool]] = defaultdict(list)
    for place in range(size):
        of = copied(place)
        if of is None:
            continue
        first, kind = of
        joined = first + 1 in story_of and story_of[first + 1] == story_of.get(place + 1)
        if kind == PART:
            right[kind].append(not joined and (first + 1, place + 1) in parts)
        else:
            right[kind].append(joined != (kind == OTHER))
    return right


def _peak() -> float:
    """The largest resident size of this process in MiB. Where Linux tells it, without what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="utf-8").split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _look_ups(filled: Filled, size: int) -> Iterator[float]:
    """The seconds of looking up the candidates of articles one by one, over the whole archive."""
    from crawler.archive.candidates import look_up
    from crawler.archive.engine import reading
    from crawler.dedupe.fold import fold
    from crawler.dedupe.signature import sign

    documents = map(streamed, range(0, size, max(1, size // SAMPLED)))
    asked = [fold(each.title, each.body) for each in documents]
    signed = sign([each for each in asked if each is not None])
    with reading(filled.engine) as connection:
        for signature in signed:
            began = time.perf_counter()
            look_up(connection, signature)
            yield time.perf_counter() - began


def _main(name: str, number: int) -> None:
    if name == "size":
        print(json.dumps(_filled(number)))
        return
    documents = list(labelled(number))
    result = WAYS[name](documents)
    print(json.dumps({"shares": score(documents, result), "rate": len(documents) / result.seconds, "peak": _peak()}))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
