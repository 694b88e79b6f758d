"""What reading places and industries costs, and two ways to look up the names of a year, measured in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import ahocorasick

from crawler.facts import gazetteer, region_names
from crawler.facts.industries import industries
from crawler.facts.regions import regions
from crawler.facts.words import word_bounds
from tests.facts.labels import sentences

_CHARACTERS = 1500
_DAY = date(2024, 7, 1)


def compare(rounds: int = 200) -> None:
    """Print the time of the first article and of a later one of 1,500 characters, and of looking up its names."""
    text = "\n".join(each.body for each in sentences("sentences"))[:_CHARACTERS]
    print(f"Regions and industries of an article of {_CHARACTERS:,} characters (labelled sentences), best of {rounds}")
    first = _best(lambda: _read_first(text), 3)
    automaton = _automaton()
    names = region_names.heads(_DAY.year)
    rows: list[tuple[str, Callable[[], object]]] = [
        ("words of the text (rjieba)", lambda: _bounds(text)),
        (
            "names of the year by the heads of words",
            lambda: list(word_bounds(text).beginning(names)),
        ),
        ("names of the year by an Aho-Corasick automaton", lambda: list(automaton.iter(text))),
        ("regions, words known", lambda: regions("", text, on=_DAY)),
        ("industries, words known", lambda: industries("", text)),
        ("regions and industries, with words", lambda: _read(text)),
    ]
    print(f"{'the first article of a year, with its tables':50}{first * 1e3:9.1f} ms")
    for name, call in rows:
        print(f"{name:50}{_best(call, rounds) * 1e3:9.3f} ms")


def _best(call: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - began)
    return best


def _bounds(text: str) -> None:
    word_bounds.cache_clear()
    word_bounds(text)


def _read(text: str) -> None:
    word_bounds.cache_clear()
    regions("", text, on=_DAY)
    industries("", text)


def _read_first(text: str) -> None:
    for cached in (gazetteer.gazetteer, gazetteer.codes_now, region_names.heads):
        cached.cache_clear()
    regions("", text, on=_DAY)


def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for names in region_names.heads(_DAY.year).values():
        for name in names:
            automaton.add_word(name.text, name)
    automaton.make_automaton()
    return automaton
