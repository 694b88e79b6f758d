"""Facts: quality on the labelled set and articles/s, beside others where they read the same, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from bench.fact_peers import Money, Reader, all_facts, money_readers, place_readers
from tests.facts.labels import SEED, GoldText, seed_articles, sentences
from tests.facts.scoring import read_gold, score, sets, table

LENGTH = 1_500  # characters of an article


def compare(rounds: int = 5) -> None:
    """Print precision and recall of all facts, amounts and places beside others, and the time an article takes."""
    texts = sets()
    print("facts on the labelled set, exact span and value (docs/facts.md)")
    print(table({name: score(some, read_gold) for name, some in texts.items()}))
    labelled = [each for some in texts.values() for each in some]
    articles = _articles()
    print(f"\namounts: {len(labelled)} labelled texts; {len(articles)} articles of {LENGTH} characters, CPU ms each")
    print(f"{'':26}{'exact span':>20}{'value, span touched':>22}{'ms':>9}")
    for reader in money_readers():
        exact = _money_score(reader, labelled, exact=True)
        near = _money_score(reader, labelled, exact=False)
        print(f"{reader.name:26}{exact:>20}{near:>22}{_cost(reader.read, articles, rounds):9.2f}")
    print(
        f"\nplaces named in a text, the deepest code of each (precision, recall)\n{'':26}{'codes':>20}{'':22}{'ms':>9}"
    )
    for reader in place_readers():
        print(f"{reader.name:26}{_place_score(reader, labelled):>20}{'':22}{_cost(reader.read, articles, rounds):9.2f}")
    print(f"\n{'all facts at once, on one core':40}{'articles':>10}{'characters':>12}{'ms':>8}{'articles/s':>12}")
    if SEED.exists():
        whole = [f"{each.title}\n{each.body}" for each in seed_articles()]
        _print_all("articles of the register as they are", whole, rounds)
    _print_all(f"labelled texts, packed to {LENGTH}", articles, rounds)


def _print_all(name: str, articles: Sequence[str], rounds: int) -> None:
    each = _cost(all_facts, articles, rounds)
    characters = sum(map(len, articles)) / len(articles)
    print(f"{name:40}{len(articles):10d}{characters:12.0f}{each:8.2f}{1000 / each:12.0f}")


def _articles() -> list[str]:
    """Texts of one length, cut out of the labelled ones."""
    seed = seed_articles() if SEED.exists() else []
    text = "\n".join(each.body for each in [*seed, *sentences("sentences")])
    return [text[start : start + LENGTH] for start in range(0, len(text) - LENGTH, LENGTH)]


def _cost(read: Callable[[str], Any], articles: Sequence[str], rounds: int) -> float:
    """CPU milliseconds an article, the median of so many rounds; the first reading loads what is loaded once.

    No round reads a text that was read before, so that nothing remembered is measured.
    """
    for article in articles:
        _tried(read, article)
    taken = []
    for number in range(rounds):
        fresh = [f"{article}\n{number}" for article in articles]
        began = time.process_time()
        for article in fresh:
            _tried(read, article)
        taken.append(1000 * (time.process_time() - began) / len(articles))
    return median(taken)


def _tried(read: Callable[[str], Any], text: str) -> Any:
    """What is read, None where the reader fails: cpca does where a text names no place."""
    try:
        return read(text)
    except Exception:
        return None


def _understood(reader: Reader, text: str, nothing: Any) -> Any:
    found = _tried(reader.read, text)
    return nothing if found is None else reader.understood(found)


def _money_score(reader: Reader, texts: Iterable[GoldText], *, exact: bool) -> str:
    right = found = labelled = 0
    for text in texts:
        wanted = [each for each in text.labels if each.type == "amounts" and each.field == "body"]
        given: list[Money] = _understood(reader, text.body, [])
        labelled += len(wanted)
        found += len(given)
        for label in wanted:
            value, currency = label.value[:2]
            right += any(_fits(money, label.start, label.end, value, currency, exact=exact) for money in given)
    return _shares(right, found, labelled)


def _fits(money: Money, start: int, end: int, value: object, currency: object, *, exact: bool) -> bool:
    there = (money.start, money.end) == (start, end) if exact else money.start < end and start < money.end
    same = money.value is not None and abs(money.value - float(str(value))) <= 1e-6 * abs(float(str(value)))
    return there and same and money.currency == currency


def _place_score(reader: Reader, texts: Iterable[GoldText]) -> str:
    right = found = labelled = 0
    for text in texts:
        wanted = deepest({str(each.value[0]) for each in text.labels if each.type == "regions" and each.value[0]})
        if text.on is not None and text.on.year < 2020:
            continue  # codes of their own year, which others do not know
        given = deepest(_understood(reader, text.body, set()) - {None})
        right += len(wanted & given)
        found += len(given)
        labelled += len(wanted)
    return _shares(right, found, labelled)


def deepest(codes: set[str]) -> set[str]:
    """The codes that hold no other of them: of 420000, 420100 and 420103 only the last."""
    return {code for code in codes if not any(other != code and other.startswith(_own_part(code)) for other in codes)}


def _own_part(code: str) -> str:
    """The digits that name its level: 42 of a province, 4201 of a prefecture."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _shares(right: int, found: int, labelled: int) -> str:
    return f"P {right / found if found else 1:.3f}  R {right / labelled if labelled else 1:.3f}"
