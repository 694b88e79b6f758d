"""Whatever is asked, a search finds what reading every text finds, with phrases and without."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Engine

from crawler.research.filters import Filters
from crawler.research.search import learning, search
from crawler.research.search.following import current_index
from crawler.research.search.query import Group, Node, Not, Term, parse_query
from crawler.research.search.rows import Rows
from crawler.research.search.snippets import mark_hits
from crawler.research.search.text import fold, runs
from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import ACROSS
from tests.archive.harness import crawl, page

ARTICLES, QUERIES = 40, 120
PIECES = (
    *("武汉", "江汉区", "招商", "引资", "集成电路", "产业园", "高质量", "发展", "的", "是", "了", "5G", "LNG", "100"),
    *(
        "臺灣",
        "〇",
        "ひら",
        "𠀀",
        "，",
        "。",
        " ",
        "\n",
        "签约",
        "项目",
        "光谷",
        "东湖",
        "高新区",
        "局",
        "長江",
        "西岸",
    ),
)
Text = tuple[str, str]


def a_text(chance: random.Random, pieces: int) -> str:
    standing = ("高质量发展的武汉江汉区", "集成电路产业园签约了", "招商引资项目是100")
    return "".join(chance.choice(standing if chance.random() < 0.3 else PIECES) for _ in range(pieces))


def a_query(chance: random.Random, texts: list[Text]) -> str:
    """Pieces of the texts, wherever they fall, with operators between them."""
    parts: list[str] = []
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(texts)[chance.random() < 0.8]
        start, size = chance.randrange(len(text)), chance.choice((1, 2, 2, 3, 4, 5, 8, 12))
        # No gap inside a piece: one of a query stands for any single character, too.
        piece = max(runs(text[start : start + size]).split("|"), key=len) or "招商"
        parts.append(f"{chance.choice(('', '', '', '-', 'title:', '-title:'))}{piece}")
    return f" {chance.choice(('', 'OR', 'AND'))} ".join(parts)


def holds(node: Node, text: Text, *, strict: bool = False) -> bool:
    """Whether a title and a text match; under NOT a word counts only where it stands for itself."""
    if isinstance(node, Not):
        return not holds(node.of, text, strict=True)
    if isinstance(node, Group):
        kind = all if node.kind == "all" else any
        return kind(holds(each, text, strict=strict) for each in node.of)
    title, body = text
    word = "".join(each.token for each in node.places)
    if strict and f"{ACROSS}{word}" in Terms.of(runs(fold(title)), runs(fold(body))).terms.split():
        return False
    return bool(mark_hits(title if node.field == "title" else f"{title}\n{body}", [Term("text", node.places)]).hits)


@pytest.mark.parametrize("least", [10, ARTICLES + 1], ids=["phrases", "no phrases"])
def test_a_search_finds_what_reading_finds(
    engine: Engine, archive: Rows, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(learning, "LEAST", least)
    chance = random.Random(11)
    texts = [(f"第{number}篇{a_text(chance, 3)}题", f"{a_text(chance, 30)}。") for number in range(ARTICLES)]
    crawl(engine, *(page(f"{number}.html", *text) for number, text in enumerate(texts)))
    with archive.reading() as reader:
        kept = {row[0]: row[1:] for row in reader.rows("SELECT id, title, body FROM article")}
    assert bool(current_index(archive).phrases) is (least == 10)
    for _ in range(QUERIES):
        query = a_query(chance, list(kept.values()))
        node = parse_query(query)
        assert node is not None
        found = {hit.article_id for hit in search(archive, query, Filters(all=True)).hits}
        assert found == {number for number, text in kept.items() if holds(node, text)}, query
