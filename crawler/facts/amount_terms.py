"""The figures of a text, each with its scale and the currency that stands at it: 9000多万元, 三亿五千万, US$5亿."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crawler.facts.numerals import numeral, scale
from crawler.facts.tables import read_table

BLANK = r" {0,2}"
_SIGNS = "零〇○一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟"
_HAN = rf"[{_SIGNS}]{{1,16}}+(?:点[零〇一二三四五六七八九]{{1,6}}+)?"
_ARABIC = r"\d{1,3}+(?:,\d{3})++(?!\d)(?:\.\d{1,8}+)?|\d{1,18}+(?:\.\d{1,8}+)?"
# Where 元 belongs to the next word, it is no unit: 2026元旦, 三元锂电池, 二元结构.
_NOT_YUAN = re.compile("旦|月|素|件|器|宵|宝|宇宙|催化|锂|前驱|正极|材料|电池|结构|化|论|方程")
_PAIR = re.compile(r"([一二两三四五六七八])([二三四五六七八九])([十百千]*)\Z")
_BEFORE, _AFTER = 40, 24  # characters around a scale or a currency in which its figures are
_IN_A_NUMBER = frozenset("零〇○一二三四五六七八九十百千两点.,")
_BARE = re.compile(r"[十百千]?\Z")


@dataclass(slots=True)
class Term:
    """One figure. `value` has its scale in it; `factor` is that scale, 1 where the text gives none.

    `high` bounds it from above where the figure itself is a range (两三千万). `between` is the word between number and
    unit (9000多万). `vague` marks 数 and 几 in the place of a number, `bare` a scale without one (亿元, 千万元).
    """

    start: int
    end: int
    value: float | None
    factor: int
    currency: str | None
    high: float | None = None
    between: str = ""
    vague: bool = False
    bare: bool = False


@cache
def currencies(place: str) -> dict[str, str]:
    """The names of currencies that stand `before` or `after` a number, with their codes."""
    return {row["word"]: row["currency"] for row in read_table("currencies.csv") if row["place"] in (place, "both")}


def any_of(words: dict[str, str] | set[str]) -> str:
    """A pattern of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _term() -> re.Pattern[str]:
    unit = any_of(currencies("after"))
    return re.compile(
        rf"""(?=[\d{_SIGNS}数几万亿])(?:(?P<vague>[数几])?(?P<han>{_HAN})|(?P<arabic>(?<![\d.])(?:{_ARABIC}))|(?P<vague2>[数几])?(?=[万亿]))
        (?P<between>[多余来几])?+{BLANK}
        (?:个(?=亿(?!元)))?(?P<scale>(?:[十百千]?(?:万亿|亿|万)|[百千](?={BLANK}(?:{unit})))(?:(?<=[万亿])(?P<between2>[多余])(?={BLANK}(?:{unit})))?)?+
        (?:(?<=[万亿])(?P<rest>\d{{1,4}}+(?:\.\d{{1,4}}+)?|{_HAN})(?P<rest_between>[多余])?(?:(?P<rest_scale>[十百千]?万)|(?={unit})))?+
        (?:{BLANK}(?P<unit>{unit}))?+""".replace("\n        ", ""),
    )


@cache
def _anchor() -> re.Pattern[str]:
    """What every amount holds: a scale, or the end of a currency's name."""
    ends = {word[-1] for place in ("before", "after") for word in currencies(place)}
    return re.compile(f"[万亿{re.escape(''.join(sorted(ends)))}]")


def terms(text: str) -> Iterator[Term]:
    """The figures of a folded text that stand near a scale or a currency, in order, with and without a unit."""
    units = currencies("after")
    for start, end in _places(text):
        for match in _term().finditer(text, start, end):
            term = _read(match, units)
            if term is not None:
                yield term


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where to look: around each anchor, and never from the midst of a number. Most of a text holds no money."""
    start = end = 0
    for match in _anchor().finditer(text):
        at = match.start()
        if at > end + _BEFORE:
            if end:
                yield start, end
            start = max(end, at - _BEFORE)
            while start > end and (text[start].isdigit() or text[start] in _IN_A_NUMBER):
                start -= 1
        end = at + _AFTER
    if end:
        yield start, min(end, len(text))


def _read(match: re.Match[str], units: dict[str, str]) -> Term | None:
    arabic, han, scales, unit, rest = match.group("arabic", "han", "scale", "unit", "rest")
    if not scales:
        if not (arabic or han) or (unit and unit.endswith("元") and _NOT_YUAN.match(match.string, match.end())):
            return None
        if arabic:  # most figures of a text are no money: the quick way for them
            value = round(float(arabic.replace(",", "")), 4)
            currency = units[unit] if unit else None
            return Term(match.start(), _end(match), value, 1, currency, between=match["between"] or "")
    written = arabic or han or ""
    factor = scale(scales.rstrip("多余")) if scales else 1
    number = numeral(written)
    pair = _PAIR.match(written) if han else None
    high = None
    if pair is not None and (number is None or pair[1] < pair[2]):
        number, high = numeral(pair[1] + pair[3]), numeral(pair[2] + pair[3])
    if not written:
        number = 1.0
    if number is None:
        return None
    value = round(number * factor, 4)
    if rest:
        more = numeral(rest)
        if more is None:
            return None
        value += more * scale(match["rest_scale"] or "")
    bare = not arabic and bool(_BARE.match(written))
    return Term(
        match.start(),
        _end(match),
        value,
        factor,
        units[unit] if unit else None,
        round(high * factor, 4) if high is not None else None,
        match["between"] or match["between2"] or match["rest_between"] or "",
        bool(match["vague"] or match["vague2"]),
        bare,
    )


def _end(match: re.Match[str]) -> int:
    """Where the figure ends: blanks after it that no unit follows are not its own."""
    end = match.end()
    while match.string[end - 1] == " ":
        end -= 1
    return end
