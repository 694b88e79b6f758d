"""Two archives that crawl, correct, take down and merge as chance has it: twice is once, and nothing is broken."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.archive.correct import WrongCorrection, correct
from crawler.archive.engine import open_archive
from crawler.operate.merge import merge, open_other
from crawler.operate.takedown import takedown
from crawler.operate.verify import verify
from tests.archive.harness import OTHER, SITE, Clock, Item, column, record
from tests.archive.kept import keeping_crawl, kept_page
from tests.operate.merging.harness import dump

STEPS = 20
BODIES = (
    "今天上午全市集中签约仪式举行现场签约十二个项目总投资一百亿元。" * 3,
    "高新区三个重点项目开工建设计划年内完成主体结构施工许可齐备。" * 3,
    "市招商局召开年度工作部署会强调优化营商环境推动项目早开工。" * 3,
)


class Chance:
    """Two archives in two folders, and what happens to them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.clock = random.Random(seed), Clock()
        self.files = [folder / name / "archive.db" for name in ("one", "other")]
        for file in self.files:
            file.parent.mkdir()
        self.engines = [open_archive(str(file), create=True) for file in self.files]

    def step(self) -> None:
        """One of: a crawl, a correction, a takedown, a merge."""
        mine = self.random.randrange(2)
        engine, root = self.engines[mine], self.files[mine].parent / "warc"
        uids, chance = column(engine, "SELECT uid FROM article ORDER BY uid"), self.random.random()
        if chance < 0.7 or not uids:
            items = [self.item() for _ in range(self.random.randrange(1, 4))]
            source = self.random.choice([SITE, SITE, OTHER])
            keeping_crawl(engine, root, *items, source=source, clock=self.clock)
        elif chance < 0.8:
            fields = {"title": self.random.choice("正确")}
            with suppress(WrongCorrection):  # it says so already
                correct(engine, self.random.choice(uids), fields, "原文有误", now=self.clock())
        elif chance < 0.86:
            takedown(engine, self.random.choice(uids), "当事人要求", root=root, now=self.clock)
        else:
            self.merge(mine)
        if self.random.random() < 0.8:
            self.clock.move(seconds=self.random.choice([1, 60, 86_400]))

    def item(self) -> Item:
        title = self.random.choice("甲乙丙")
        body = self.random.choice(BODIES) + self.random.choice(["", "二。", "三。"])
        if self.random.random() < 0.6:
            return kept_page(f"{self.random.randrange(3)}.html", title, body, at=self.clock)
        return record(title, body)

    def merge(self, mine: int) -> None:
        """Merge the other archive twice: the second time changes nothing, and all is as it should be."""
        engine, opened = self.engines[mine], open_other(str(self.files[1 - mine]))
        merge(engine, opened, now=self.clock)
        before = dump(engine)
        merge(engine, opened, now=self.clock)
        opened.dispose()
        assert dump(engine) == before
        times = "SELECT count(*) FROM revision a JOIN revision b ON a.article_id = b.article_id"
        assert column(engine, f"{times} WHERE a.number < b.number AND a.extracted_at > b.extracted_at") == [0]
        seen = verify(engine)
        assert (seen.problems, seen.notes) == ([], [])


def happens(folder: Path, seed: int) -> None:
    chance = Chance(folder, seed)
    for _ in range(STEPS):
        chance.step()
    chance.merge(0)
    chance.merge(1)
    for engine in chance.engines:
        engine.dispose()


@pytest.mark.parametrize("seed", [2, 3])
def test_whatever_happened_merging_twice_is_merging_once(tmp_path: Path, seed: int) -> None:
    happens(tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10, 50))
def test_whatever_happens_merging_twice_is_merging_once(tmp_path: Path, seed: int) -> None:
    happens(tmp_path, seed)
