"""Full names of organizations: a suffix that says what it is, and to its left everything that belongs to the name.

The left boundary is the place at the start of the name, else the first word after one that no name holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import Literal

from crawler.facts.organization_tables import Suffix, suffix_lengths, suffix_of, word_lists
from crawler.facts.words import Word, Words, tag

_LONGEST = 32
_LAST = itemgetter(-1)
_MANY = 16
# Parts that belong to what is named before them, though a place stands between: 农业银行[湖北省]分行.
_BRANCHES = frozenset({"分行", "支行", "分公司", "研究所", "税务局", "分局", "海关", "分院", "研究院", "学院", "医院"})
_INSTITUTES = frozenset({"研究所", "研究院", "协会", "行业协会", "学会", "设计院", "设计研究院"})
_STOPPED_TAGS = frozenset(
    {"v", "p", "c", "d", "r", "t", "u", "uj", "ul", "uz", "ug", "ad", "vd", "i", "y", "z", "x", "m", "s"}
)
_NAME_TAGS = frozenset({"nz", "nt", "nr", "nrt", "nrfg", "ns"})
_ENDS = ("局", "厅", "委", "办", "府", "公司", "集团")
# What is numbered in names: 中铁[十一]局, 中建[三]局, 七一九研究所.
_NUMBERED = ("局", "研究所", "研究院", "院", "冶", "航局", "公司")
_NUMERALS = "一二三四五六七八九十"
_COUNTERS = frozenset("家个名项批次位户条座种届年月日")
# 仙桃投资建设非织造布产业园 names no park: somebody builds one in 仙桃.
_BUILDING = frozenset({"投资", "建设"})
_NATIONAL = ("国家", "中国", "中央", "全国", "国务院", "最高")
_LEVELS = tuple("省市县区州旗盟镇乡")


@dataclass(slots=True, frozen=True)
class Name:
    """A name that was found: `kind` as in the table of suffixes; `head` ends its place, `tail` begins its suffix."""

    start: int
    end: int
    kind: str
    head: int
    tail: int
    strong: bool = False


def full_names(text: str, run: Words, places: Mapping[int, int], brands: Sequence[Name] = ()) -> list[Name]:
    """The names that end with a suffix, in the order of the text.

    `places` are the ends of places by their starts, `brands` names that are known already and may begin a longer one.
    """
    signs, names = suffix_lengths(), list[Name]()
    before = {each.end: each for each in brands}
    ends_well = map(signs.__contains__, map(_LAST, run.texts))
    for index in compress(range(len(run)), ends_well):
        word = run.texts[index]
        if index and run.texts[index - 1] == word:
            continue
        suffix = suffix_of(text, word, run.bounds[index + 1])
        name = _name(run, index, suffix, places, before) if suffix is not None else None
        if name is not None:
            before.setdefault(name.end, name)
            names.append(name)
    return names


def _name(run: Words, index: int, suffix: Suffix, places: Mapping[int, int], before: Mapping[int, Name]) -> Name | None:
    """The name that ends with a suffix; `before` are those before it, by their ends."""
    tail = run.bounds[index + 1] - len(suffix.text)
    first, is_parents = _leftmost(run, index, tail, suffix, places, before)
    window = [each for each in run[first : index + 1] if each.start < tail]
    start = _start(window, places, is_parents, suffix)
    kept = [each for each in window if each.start >= start]
    if not kept or not _is_proper(kept, tail, suffix, places):
        return None
    head = _head(kept, places)
    return Name(kept[0].start, run.bounds[index + 1], suffix.kind, head, tail, suffix.needs == "any")


def _head(kept: Sequence[Word], places: Mapping[int, int]) -> int:
    """Where the places at the start of a name end."""
    head = kept[0].start
    for word in kept:
        if word.start == head and _begins_place(word, places):
            head = places.get(word.start, word.end)
    return head


def _leftmost(
    run: Words, index: int, tail: int, suffix: Suffix, places: Mapping[int, int], before: Mapping[int, Name]
) -> tuple[int, bool]:
    """The index of the leftmost word that may belong to the name, and whether a parent's name begins there."""
    at = index
    bounds = run.bounds
    while at > 0 and index - at < _MANY and bounds[index + 1] - bounds[at - 1] <= _LONGEST:
        if bounds[at - 1] >= tail:
            at -= 1
            continue
        ended = before.get(bounds[at])
        if ended is not None:
            between = run[at : index + 1]
            has_place = any(_begins_place(each, places) for each in between if each.start < tail)
            has_body = any(each.text.endswith("公司") for each in between if each.start < tail)
            is_branch = suffix.text in _BRANCHES or (suffix.needs == "any" and places.get(bounds[at]) == tail)
            if has_body or (has_place and not is_branch and ended.tail != ended.end):
                break
            return _first_of(run, at, ended, places), True
        opened = _bracket(run, at - 1, places)
        if opened is None and is_stop(run, at - 1, tail, suffix):
            beyond = _beyond(run, at - 1, tail, suffix, places, before)
            return (at, False) if beyond is None else beyond
        at = at - 1 if opened is None else opened
    return at, False


def _beyond(
    run: Words, at: int, tail: int, suffix: Suffix, places: Mapping[int, int], before: Mapping[int, Name]
) -> tuple[int, bool] | None:
    """Where a name begins that holds a verb or adverb, as 湖北[锐意]自控系统有限公司: at a place or parent before it.

    None where there is none close by. Only names whose suffix leaves no doubt may hold one.
    """
    if suffix.needs != "any" and suffix.text not in _INSTITUTES:
        return None
    for index in range(at, max(-1, at - 4), -1):
        if run.bounds[index] in places:
            return index, False
        parent = before.get(run.bounds[index + 1])
        if parent is not None:
            return _first_of(run, index, parent, places), True
        if is_stop(run, index, tail, suffix) and is_function_word(run[index]):
            return None
        if len(run.texts[index]) == 1 and index and has_own_name(run[index - 1 : index + 1]):
            return _first_single(run, index - 1, tail, suffix), False
    return None


def _first_single(run: Words, at: int, tail: int, suffix: Suffix) -> int:
    """The index of the first of several single signs, of which a company's own name is made."""
    while at and len(run.texts[at - 1]) == 1 and not is_stop(run, at - 1, tail, suffix):
        at -= 1
    return at


def _bracket(run: Words, at: int, places: Mapping[int, int]) -> int | None:
    """Where a bracket with a place in it opens, as in 现代汽车(中国)投资有限公司.

    None where no such bracket closes at this word.
    """
    if at < 3 or run.texts[at] not in ")）":
        return None
    for first in range(at - 2, max(0, at - 4), -1):
        if run.texts[first] in "(（":
            inside = run[first + 1]
            return first if _begins_place(inside, places) or inside.text in word_lists()["head"] else None
    return None


def is_stop(run: Words, at: int, tail: int, suffix: Suffix | None) -> bool:
    """Tell whether a word stands before a name, never in one."""
    word = run.texts[at]
    if word == "和" and suffix is not None and suffix.kind == "government" and "政府" not in suffix.text:
        return not _joins_a_department(run, at, tail)
    standing = _standing(word)
    if standing != "number":
        return standing == "stop"
    following = run.texts[at + 1] if at + 1 < len(run) else ""
    if word.startswith("第") or following.startswith(_NUMBERED):
        return False
    return len(word) > 1 or word.isascii() or (word in _NUMERALS and following in _COUNTERS)


@lru_cache(maxsize=65_536)
def _standing(word: str) -> Literal["stop", "number", "free"]:
    """Whether a word stops a name, stands in it, or is a number, which what follows decides."""
    lists = word_lists()
    if word in lists["inside"]:
        return "free"
    if word in lists["stop"] or word in _COUNTERS:
        return "stop"
    kind = tag(word)
    if kind == "m":
        return "number"
    if len(word) == 1 and kind != "x":
        return "stop" if word.isascii() else "free"
    return "stop" if kind in _STOPPED_TAGS and not (kind == "x" and word.isalpha()) else "free"


def _first_of(run: Words, at: int, parent: Name, places: Mapping[int, int]) -> int:
    """The index of a parent's first word, or of the place before a brand."""
    first = next(index for index in range(at, -1, -1) if run.bounds[index] <= parent.start)
    heads = word_lists()["head"]
    if parent.tail == parent.end:  # a brand
        while first > 0 and (run.bounds[first - 1] in places or run.texts[first - 1] in heads):
            first -= 1
    return first


def is_function_word(word: Word) -> bool:
    """Tell whether a word is one that no name holds at all, whatever stands before it."""
    lists = word_lists()
    soft = word.tag in ("v", "d", "ad", "vd", "t", "z", "s", "i") and len(word.text) > 1
    return word.text in lists["stop"] or not soft


def _joins_a_department(run: Words, at: int, tail: int) -> bool:
    """粮食和物资储备局 is one body, 荆州市和农业银行 are two."""
    after = run[at + 1] if at + 1 < len(run) else None
    before = run[at - 1] if at else None
    if after is None or before is None or after.start >= tail or is_place(after) or is_place(before):
        return False
    return before.tag != "nt" and before.tag.startswith(("n", "v", "j", "x")) and not before.text.endswith(_ENDS)


def _start(window: Sequence[Word], places: Mapping[int, int], is_parents: bool, suffix: Suffix) -> int:
    """Where the name begins: with its parent's name, at its place, else at the first word that is no general one."""
    if is_parents and window:
        return window[0].start
    lists = word_lists()
    for position, word in enumerate(window):
        if position and window[position - 1].text in "(（":
            continue
        if _begins_place(word, places) or word.text in lists["head"]:
            return _before_place(window[:position], word, suffix)
    for position, word in enumerate(window):
        rest = window[position + 1] if position + 1 < len(window) else None
        if word.text == "中" and rest is not None and len(rest.text) > 1:
            continue
        if position < len(window) - 1 and word.text in lists["lead"]:
            continue
        if word.text not in lists["generic"] or suffix.needs == "any":
            return word.start
    return window[-1].end if window else 0


def _before_place(ahead: Sequence[Word], place: Word, suffix: Suffix) -> int:
    """Where a name with a place in it begins: at its parent or its own name (中化云龙有限公司), else at the place."""
    if not ahead:
        return place.start
    above = ahead[-1]
    if above.tag in ("nt", "nz") or above.text in word_lists()["parent"]:
        return above.start
    if suffix.needs == "any":
        if len(ahead) in (2, 3) and all(len(each.text) == 1 for each in ahead):
            return ahead[0].start
        if above.tag == "j" and len(above.text) > 1:
            return above.start
    return place.start


def _is_proper(kept: Sequence[Word], tail: int, suffix: Suffix, places: Mapping[int, int]) -> bool:
    """Tell whether the words before a suffix make it the name of one body."""
    lists = word_lists()
    if suffix.needs in ("any", "never"):
        return suffix.needs == "any"
    first, rest = kept[0], [each for each in kept if each.end > _head(kept, places)]
    if len(kept) == 1 and first.tag == "nt" and first.end > tail:
        return first.text.startswith(_NATIONAL) or not (
            suffix.kind == "government" or (suffix.text == "公司" and len(first.text) < 6)
        )
    has_place = _begins_place(first, places) or first.text in lists["head"] or first.tag == "nt"
    has_place = has_place or first.text in lists["parent"]
    if has_place and suffix.text not in lists["bare"] and not rest[first.text in lists["head"] :]:
        return False
    if suffix.text.endswith("政府") and rest and rest[-1].text[: tail - rest[-1].start][-1] not in _LEVELS:
        return False
    if suffix.kind == "park" and any(each.text in _BUILDING for each in kept):
        return False
    if suffix.needs == "place":
        return has_place or (suffix.kind in ("institute", "association", "park") and first.tag == "ns")
    return has_place or has_own_name(kept, alone=suffix.text == "集团")


def has_own_name(kept: Sequence[Word], *, alone: bool = True) -> bool:
    """Tell whether words hold what is in no dictionary as a common word: a run of single signs, or a proper noun."""
    lists = word_lists()
    singles: list[str] = []
    for word in kept:
        if word.tag in _NAME_TAGS and len(word.text) > 1 and word.text not in lists["generic"]:
            return True
        singles = [*singles, word.text] if len(word.text) == 1 else []
        if len(singles) > 1 and not lists["matter"].issuperset(singles):
            return True
    own = [each.text for each in kept if each.text not in lists["generic"]]
    return alone and len(own) == 1 and own[0] == kept[0].text and len(own[0]) in (2, 3)


def is_place(word: Word) -> bool:
    """A place by its own form: a place's name in the dictionary, with its level."""
    return word.tag == "ns" and (word.text.endswith(_LEVELS) and len(word.text) > 2)


def _begins_place(word: Word, places: Mapping[int, int]) -> bool:
    return word.start in places or is_place(word)
