"""Units that a text states once: in a table's head (总投资（万元）), above it (单位：亿元), or before a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from crawler.fact_items import AmountKind
from crawler.facts.amount_groups import Amount
from crawler.facts.amount_terms import any_of, currencies
from crawler.facts.amount_words import kind_of_words
from crawler.facts.numerals import numeral, scale

_FIGURE = r"\d{1,3}+(?:,\d{3})++(?:\.\d{1,8}+)?|\d{1,18}+(?:\.\d{1,8}+)?"
_CELL = re.compile(rf" {{0,4}}({_FIGURE}) {{0,4}}\Z")
_LISTED = re.compile(rf"(?<![\d.A-Za-z第/-])({_FIGURE})(?= {{0,2}}(?:[、，,;；。)）]|和|及|与|\Z))(?!,\d)")
_AT_THE_END = re.compile(rf"(?<=[^\d.A-Za-z第/-])({_FIGURE}) {{0,2}}[;；。，,]?\Z")
# A column or row whose head names one of these counts something else, also where the table's unit is money.
_NO_MONEY = re.compile(
    "序号|编号|代码|年份|年度|年月|日期|时间|面积|占地|数量|[个家户人]数|电话|邮编|占比|比重|[增降]|同比|%|％|亩|平方|吨"
)
_LONGEST_ROW = 60  # characters of a list's line; a longer one is a paragraph, which states its own units


@dataclass(slots=True, frozen=True)
class Unit:
    """A unit that holds for figures without one: what they are multiplied by, their currency and their kind."""

    factor: int
    currency: str
    kind: AmountKind


@dataclass(slots=True)
class _Table:
    """Which units hold now: the one stated above a table or list, and those of the table's columns."""

    above: Unit | None = None
    columns: dict[int, Unit] = field(default_factory=dict)
    rows: int = 0


@cache
def _unit() -> re.Pattern[str]:
    unit = f"([十百千]?[万亿]{{0,2}})({any_of(currencies('after'))})"
    return re.compile(
        rf"[(（] {{0,2}}(?:单位 {{0,2}}[:：]? {{0,2}})?{unit} {{0,2}}[)）]|单位 {{0,2}}[:：为] {{0,2}}{unit}"
    )


@cache
def _unit_cell() -> re.Pattern[str]:
    return re.compile(rf" {{0,4}}([十百千]?[万亿]{{0,2}})({any_of(currencies('after'))}) {{0,4}}\Z")


def column_amounts(text: str) -> Iterator[Amount]:
    """The figures of a folded text whose unit stands elsewhere, in order."""
    if not _unit().search(text) and "\t" not in text:
        return
    table = _Table()
    start = 0
    for line in text.split("\n"):
        if "\t" in line:
            yield from _row(line, start, table)
        else:
            yield from _line(line, start, table)
        start += len(line) + 1


def _named(text: str) -> tuple[Unit, int] | None:
    """The unit that a text states, and where the words that state it end."""
    match = _unit().search(text)
    if match is None:
        return None
    scales, currency = (match[1], match[2]) if match[2] else (match[3], match[4])
    return Unit(scale(scales), currencies("after")[currency], kind_of_words(text)), match.end()


def _line(line: str, start: int, table: _Table) -> Iterator[Amount]:
    """A line outside of tables: it may state a unit, or hold figures of one that was."""
    table.columns, table.rows = {}, 0
    named = _named(line)
    if named is not None:
        unit, end = named
        listed = list(_LISTED.finditer(line, end)) if line[end : end + 1] in (":", "：") else []
        yield from (_amount(match, start, unit) for match in listed)
        table.above = None if listed else unit
    elif table.above is not None and line.strip():
        match = _AT_THE_END.search(line) if len(line) <= _LONGEST_ROW else None
        if match is not None and not _NO_MONEY.search(line):
            yield _amount(match, start, table.above)
        elif len(line) > _LONGEST_ROW:
            table.above = None


def _row(line: str, start: int, table: _Table) -> Iterator[Amount]:
    """A row of a table: its head, or cells whose unit is that of their column or row."""
    cells = line.split("\t")
    figures = [_CELL.match(cell) for cell in cells]
    heads = {place: named[0] for place, cell in enumerate(cells) if (named := _named(cell))}
    table.rows += 1
    if not any(figures) and (heads or table.rows == 1):
        table.columns = {**_columns_below(cells, table.above), **heads}
        return
    row_unit = _unit_of_row(cells)
    for place, (cell, figure) in enumerate(zip(cells, figures, strict=True)):
        if figure is not None:
            unit, row_unit = row_unit or table.columns.get(place), None
            if unit is not None:
                yield _amount(figure, start, unit)
        start += len(cell) + 1


def _columns_below(cells: Sequence[str], above: Unit | None) -> dict[int, Unit]:
    """The columns that a unit stated above the table holds for."""
    if above is None:
        return {}
    of_money = [(place, cell) for place, cell in enumerate(cells) if not _NO_MONEY.search(cell)]
    kinds = {place: kind_of_words(cell) for place, cell in of_money}
    return {
        place: Unit(above.factor, above.currency, kind if kind != "other" else above.kind)
        for place, kind in kinds.items()
    }


def _unit_of_row(cells: Sequence[str]) -> Unit | None:
    """The unit that a row states for its first figure: 地区生产总值（亿元） or a cell that is nothing but 亿元."""
    for cell in cells:
        named = _named(cell)
        if named is not None:
            return named[0]
        match = _unit_cell().match(cell)
        if match is not None:
            return Unit(scale(match[1]), currencies("after")[match[2]], kind_of_words(cells[0]))
    return None


def _amount(match: re.Match[str], start: int, unit: Unit) -> Amount:
    value = numeral(match[1])
    scaled = round(value * unit.factor, 4) if value is not None else None
    return Amount(start + match.start(1), start + match.end(1), scaled, unit.currency, kind=unit.kind)
