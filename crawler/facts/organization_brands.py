"""Names without a suffix: brands of a table, a company's own name with its line of business, the items of a list.

开鑫金属 is a name because 开鑫 is in no dictionary and 金属 is a line of business; in 阿里、腾讯、小米等科技企业
the list says what its items are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress

from crawler.facts.organization_names import Name, has_own_name, is_stop
from crawler.facts.organization_tables import word_lists
from crawler.facts.tables import read_table
from crawler.facts.words import Word, WordBounds, Words, tag

_LISTED = re.compile(
    r"等(?:(?!部门|上游|下游|配套|相关|领域|行业|产业|方面|地)[^,，。;；、:：!！?？\n]){0,14}?(?:企业|公司|机构|集团|巨头|车企|药企|民企|央企|国企|外企|名企|[一-龥]企(?!业)|客商|开发商|运营商|供应商|服务商)"
)
_COUNTED_LIST = re.compile(r"[两二三四五六七八九十]+(?:家|大)[^,，。;；、\n]{0,8}?(?:企业|公司|机构|巨头|集团)")
_ITEMS = 40
_GOES_ON = frozenset({"制造", "设备", "装备", "产业", "技术", "工厂", "产品", "基地"})
_PROPER = frozenset({"nz", "nr", "nrt", "nrfg", "nt"})


@dataclass(slots=True, frozen=True)
class Brand:
    """A name of brands.csv: `listed` ones count in a list only."""

    long: str
    kind: str
    listed: bool


@cache
def brands() -> dict[str, Brand]:
    """The brands by their names; where a name stands in two rows, the one that counts anywhere."""
    rows = sorted(read_table("brands.csv"), key=lambda row: row["where"], reverse=True)
    return {
        name: Brand(row["long"] or name, row["kind"], row["where"] == "list")
        for row in rows
        for name in row["names"].split()
    }


def known_names(text: str, bounds: WordBounds) -> list[Name]:
    """The brands of the table, where they begin and end with words of the text."""
    table, found, taken = _by_head(), list[Name](), 0
    for start in bounds.beginning(table):
        if start < taken:
            continue
        for name in table[text[start : start + 2]]:
            end = start + len(name)
            if end in bounds.all and text.startswith(name, start):
                found.append(Name(start, end, brands()[name].kind, start, end))
                taken = end
                break
    return found


@cache
def _by_head() -> dict[str, list[str]]:
    """The brands that count anywhere by their first two signs, the longest first."""
    table: dict[str, list[str]] = {}
    for name, brand in sorted(brands().items(), key=lambda item: -len(item[0])):
        if not brand.listed:
            table.setdefault(name[:2], []).append(name)
    return table


def named_by_business(run: Words, places: Mapping[int, int]) -> list[Name]:
    """Names that end with a line of business, e.g. 开鑫金属, 深圳央聚控股."""
    found: list[Name] = []
    tails = word_lists()["tail"]
    for index in compress(range(len(run)), map(tails.__contains__, run.texts)):
        business = run.texts[index]
        if index + 1 < len(run) and run.texts[index + 1] in tails:
            continue
        if business == "数据" and index + 1 < len(run) and run.texts[index + 1] in ("显示", "表明"):
            continue
        first = index
        word = run[index - 1 if _serves_what_follows(run, index) else index]
        while first > 0 and run.texts[first - 1] in tails:
            first -= 1
        head = _head(run, first, places)
        if head is None and business in word_lists()["local"] and first > 0 and run.bounds[first - 1] in places:
            head = first - 1
        if head is not None:
            found.append(Name(run[head].start, word.end, "company", run[head].start, run[first].start))
    return found


def _head(run: Words, first: int, places: Mapping[int, int]) -> int | None:
    """The index where a company's own name before its line of business begins, None where there is none."""
    at = first
    tail = run.bounds[first]
    while at > 0 and first - at < 3 and len(run.texts[at - 1]) == 1 and not is_stop(run, at - 1, tail, None):
        at -= 1
    own = run[at:first] if first - at > 1 else []
    if not any(each.tag in _RARE for each in own) or not has_own_name(own):
        at = first - 1
        if at < 0 or not _is_proper_noun(run[at]) or run.bounds[at] in places:
            return None
    before = at - 1
    if before >= 0 and run.bounds[before] in places:
        return before
    return at if before < 0 or not _runs_on(run, before, tail) else None


def _serves_what_follows(run: Words, index: int) -> bool:
    """Tell whether the last of several lines of business belongs to the next noun: 奥克斯空调[智能]制造基地."""
    following = run.texts[index + 1] if index + 1 < len(run) else ""
    return following in _GOES_ON and index > 0 and run.texts[index - 1] in word_lists()["tail"]


def _is_proper_noun(word: Word) -> bool:
    if word.text in brands() and (not brands()[word.text].listed or word.tag in _PROPER):
        return True
    return word.tag in _PROPER and len(word.text) <= 4 and word.text not in word_lists()["generic"]


_RARE = frozenset({"nr", "nrt", "nrfg", "ns", "nz", "ng", "zg", "g", "vg", "ag", "x"})


def _runs_on(run: Words, at: int, tail: int) -> bool:
    """Tell whether the word before belongs to the same noun, so that the name has no beginning here."""
    word = run.texts[at]
    return word.isalnum() and not is_stop(run, at, tail, None) and tag(word).startswith("n")


def listed_names(text: str, run: Words, places: Mapping[int, int]) -> list[Name]:
    """The items of a list that ends with what they are: A、B、C等企业."""
    ends = [found.start() for pattern in (_LISTED, _COUNTED_LIST) for found in pattern.finditer(text)]
    found: list[Name] = []
    for end in ends:
        for _ in range(_ITEMS):
            last = run.ending_at(end)
            item = _item(run, last, places) if last is not None else None
            if item is None:
                break
            found.append(item)
            end = item.start - 1
            if end < 0 or text[end] not in "、和与及":
                break
    return found


def _item(run: Words, last: int, places: Mapping[int, int]) -> Name | None:
    """The item of a list that ends with a word, None where it is no name."""
    first = last
    known = brands()
    while first >= 0 and last - first < 8 and run.texts[first].isalnum():
        joined = "".join(run.texts[first : last + 1])
        if joined not in known and is_stop(run, first, run.bounds[last + 1], None):
            break
        first -= 1
    while first < last - 1 and run.texts[first + 1] in word_lists()["lead"]:
        first += 1
    item = run[first + 1 : last + 1]
    name = "".join(each.text for each in item)
    if not item or not 2 <= len(name) <= 14 or not (name in known or _is_own(item, places)):
        return None
    return Name(item[0].start, item[-1].end, "company", item[0].start, item[-1].end)


def _is_own(item: Sequence[Word], places: Mapping[int, int]) -> bool:
    if item[0].start in places or item[0].text in brands():
        return len(item) > 1
    return has_own_name(item) and not (len(item) == 1 and item[0].tag not in _PROPER)
