"""What others read out of Chinese texts where it overlaps with facts: amounts (jionlp), places (jionlp, cpca, cnloc).

They are asked as their own documentation says. Places of jionlp and cnloc come as names; the codes of these are looked
up outside of the time that is measured.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import cache
from importlib.resources import files
from io import StringIO
from types import ModuleType
from typing import Any, NamedTuple

from crawler.facts import read_facts
from crawler.facts.amounts import amounts
from crawler.facts.regions import regions

# The currencies that jionlp names, as ISO 4217 codes.
_CASES = {
    "元": "CNY",
    "美元": "USD",
    "港元": "HKD",
    "欧元": "EUR",
    "日元": "JPY",
    "英镑": "GBP",
    "韩元": "KRW",
    "澳元": "AUD",
}


class Money(NamedTuple):
    """An amount as a reader gives it; `value` is the lower end of a range."""

    start: int
    end: int
    value: float | None
    currency: str | None


class Reader(NamedTuple):
    """A named way to read a text, and how what it gives is understood."""

    name: str
    read: Callable[[str], Any]
    understood: Callable[[Any], Any]


def money_readers() -> Iterator[Reader]:
    """Readers of amounts: `understood` gives a list of Money."""
    yield Reader("zhaoshang", amounts, lambda found: [Money(f.start, f.end, f.value, f.currency) for f in found])
    jionlp = _module("jionlp")
    if jionlp is not None:
        yield Reader("jionlp", lambda text: jionlp.ner.extract_money(text, with_parsing=True), _money)


def place_readers() -> Iterator[Reader]:
    """Readers of places: `understood` gives the set of their codes."""
    yield Reader("zhaoshang", lambda text: regions("", text), lambda found: {f.code for f in found if f.code})
    jionlp = _module("jionlp")
    if jionlp is not None:
        yield Reader("jionlp", jionlp.recognize_location, lambda found: {_code(p) for p, _ in found["domestic"] or ()})
    cpca = _module("cpca")
    if cpca is not None:
        yield Reader("cpca", cpca.transform_text_with_addrs, lambda found: {str(code) for code in found["adcode"]})
    cnloc = _module("cnloc")
    if cnloc is not None:
        yield Reader("cnloc (one place a text)", lambda text: cnloc.getlocation(text, max_workers=1), _cnloc)


def all_facts(text: str) -> Any:
    """Everything at once, as the crawl asks for it."""
    return read_facts("", text)


def _module(name: str) -> ModuleType | None:
    """A peer, None where it is not installed. What it prints when it is loaded is swallowed."""
    if name == "cpca":
        sys.modules.setdefault("pkg_resources", _pkg_resources())
    try:
        with redirect_stdout(StringIO()):
            return importlib.import_module(name)
    except ImportError:
        return None


def _pkg_resources() -> ModuleType:
    """The one function that cpca wants of a module which setuptools has no more."""
    module = ModuleType("pkg_resources")
    module.resource_stream = lambda package, name: files(package).joinpath(name).open("rb")  # type: ignore[attr-defined]
    return module


def _money(found: list[Mapping[str, Any]] | None) -> list[Money]:
    return [_one(each) for each in found or ()]


def _one(found: Mapping[str, Any]) -> Money:
    number = found["detail"]["num"]
    value = float(number[0] if isinstance(number, list) else number)
    start, end = found["offset"]
    return Money(start, end, value, _CASES.get(found["detail"]["case"]))


def _cnloc(found: Any) -> set[str]:
    row = found.iloc[0]
    for level in ("county", "city", "province"):
        code = row[f"{level}_adcode"]
        if isinstance(code, str) and code:
            return {code}
    return set()


@cache
def _code_of_name(name: str) -> str | None:
    cnloc = _module("cnloc")
    assert cnloc is not None
    return next(iter(_cnloc(cnloc.getlocation(name, max_workers=1))), None)


def _code(place: Mapping[str, str | None]) -> str | None:
    return _code_of_name("".join(place[level] or "" for level in ("province", "city", "county")))
