"""How varied the generated articles are beside real ones: what an index of them costs and finds depends on it."""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Sequence

from bench.articles import article
from bench.extract import ARTICLES
from crawler.research.search.folding import left_of
from crawler.research.search.vocabulary import Terms
from crawler.research.search.words import is_word
from tests.facts.labels import SEED, seed_articles

GENERATED = 400
LENGTHS = (3, 4, 6, 8)
_BEGINNING = 800  # characters, so that long and short articles compare
_CUTS = 1_000


def compare() -> None:
    """Rows for the generated articles, for those of one real portal and for real pages of all kinds."""
    print(f"of the first {_BEGINNING} characters: different characters, and terms; then which share (%) of the others\n"
          "holds a piece cut out of one wherever it falls, by how many characters it has (no words)")  # fmt: skip
    print(f"{'':<20}{'articles':>9}{'chars':>7}{'terms':>7}" + "".join(f"{length:>8}" for length in LENGTHS))
    made = [article(number) for number in range(1, GENERATED + 1)]
    print(_row("generated", [f"{each.title}\n{each.body}" for each in made]))
    if not SEED.exists():
        print(f"Real articles are left out: {SEED.parent} is missing.")
        return
    print(_row("one portal", [f"{each.title}\n{each.body}" for each in seed_articles()]))
    pages = sorted(ARTICLES.glob("*.txt"))
    print(_row("pages of all kinds", [path.read_text("utf-8", "replace") for path in pages]))


def _row(name: str, texts: Sequence[str]) -> str:
    left = [left_of(text) for text in texts]
    whole = [text[:_BEGINNING] for text in left if len(text) >= _BEGINNING]
    terms = [Terms.of("", text) for text in whole]
    sizes = [[len(set(getattr(each, kind).split())) for each in terms] for kind in ("chars", "terms")]
    held = "".join(f"{100 * _held(left, length):>8.2f}" for length in LENGTHS)
    return f"{name:<20}{len(left):>9}{statistics.mean(sizes[0]):>7.0f}{statistics.mean(sizes[1]):>7.0f}{held}"


def _held(texts: Sequence[str], length: int) -> float:
    """Which share of the other texts holds a piece of one, on average."""
    chance = random.Random(length)
    runs = [re.findall(f"[一-鿿]{{{length},}}", text) for text in texts]
    shares: list[float] = []
    while len(shares) < _CUTS:
        at = chance.randrange(len(texts))
        run = chance.choice(runs[at]) if runs[at] else ""
        start = chance.randint(0, max(0, len(run) - length))
        piece = run[start : start + length]
        if piece and not is_word(piece):
            shares.append(sum(piece in text for other, text in enumerate(texts) if other != at) / (len(texts) - 1))
    return statistics.mean(shares)
