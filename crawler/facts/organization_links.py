"""Short forms of names that an article gives in full: 百兴公司 is 百兴消毒制品有限公司 where the article says so.

A short form is defined in brackets behind the full name, or made of it: its own name with 公司 or its line of business,
its place with its own name, the name without its suffix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.facts.organization_brands import brands
from crawler.facts.organization_names import Name, has_own_name
from crawler.facts.organization_tables import suffixes, word_lists
from crawler.facts.words import Word, Words

_DEFINED = re.compile(
    r"[（(](?P<said>(?:以下|下文|下)?(?:简?称为?)[:：]?)?[\"“”']?(?P<short>[^（()）\"“”',，。;；:：\s]{2,12})[\"“”']?[)）]"
)
_PLACES = ("村", "镇", "乡", "街", "路", "县", "市")
_MANY = 200
_LEVEL = re.compile(r"(?<=..)(?:特别行政区|自治区|自治州|地区|[省市县区州])$")


@dataclass(slots=True, frozen=True)
class Known:
    """A name in one field of an article: `surface` as it stands there, `bare` without place and suffix."""

    name: Name
    surface: str
    bare: str
    place: str

    @property
    def is_company(self) -> bool:
        """Whether companies' rules for short forms hold for it."""
        return self.name.kind == "company"


def known(text: str, name: Name) -> Known:
    """A name with its parts."""
    return Known(
        name,
        text[name.start : name.end],
        text[name.head : name.tail] or text[name.start : name.tail],
        text[name.start : name.head],
    )


def short_forms(text: str, run: Words, long: Known) -> Iterator[str]:
    """The short forms that a full company name may have, and those that stand in brackets behind it."""
    defined = _DEFINED.match(text, long.name.end)
    if (
        defined is not None
        and defined["short"] not in suffixes()
        and (defined["said"] or is_subsequence(defined["short"], long.surface))
    ):
        yield defined["short"]
    if not long.is_company or long.name.tail == long.name.end:
        return
    own, business = _parts(run.between(long.name.head, long.name.tail))
    place = _LEVEL.sub("", long.place)
    if len(own) >= 2 and not own.endswith(_PLACES):
        yield from (own + "公司", own + "集团")
        if place:
            yield place + own
        if business:
            yield own + business
    if len(long.bare) >= 4 and len(own) >= 2:
        yield long.bare
        yield from (long.bare + "公司", long.bare + "集团", place + long.bare)


def _parts(inside: Sequence[Word]) -> tuple[str, str]:
    """A company's own name and its first line of business; the own name is empty where it is made of common words."""
    lists = word_lists()
    count = 0
    while count < len(inside) and not (
        inside[count].text in lists["tail"]
        or inside[count].text in lists["generic"]
        or inside[count].text in lists["inside"]
    ):
        if len(inside[count].text) > 1 and count and len(inside[count - 1].text) == 1:
            break
        count += 1
    own = inside[:count]
    if not has_own_name(own, alone=False):
        return "", ""
    return "".join(each.text for each in own), inside[count].text if count < len(inside) else ""


def is_subsequence(short: str, long: str) -> bool:
    """Tell whether all signs of a short form stand in the long one in this order."""
    signs = iter(long)
    return len(short) < len(long) and all(sign in signs for sign in short)


def by_own_name(longs: Iterable[Known]) -> dict[str, list[Known]]:
    """Names by the first two signs of what is their own, each surface once, to look up what may be a longer form."""
    found: dict[str, list[Known]] = {}
    for each in {one.surface: one for one in longs}.values():
        found.setdefault(each.bare[:2], []).append(each)
    return found


def normalized(one: Known, longs: Mapping[str, Sequence[Known]], defined: Mapping[str, str]) -> str:
    """The longest form of a name in the article, the name itself where there is no longer one."""
    if one.surface in defined:
        return defined[one.surface]
    brand = brands().get(one.surface)
    if brand is not None and brand.long != one.surface:
        same = longs.get(brand.long[:2], ())
        return next((each.surface for each in same if each.surface == brand.long), one.surface)
    same = [each for each in longs.get(one.bare[:2], ())[:_MANY] if is_short_of(one, each)]
    return max((each.surface for each in same), key=len, default=one.surface)


def is_short_of(short: Known, long: Known) -> bool:
    """Tell whether two names are one company's, the second the longer."""
    if not (short.is_company and long.is_company) or len(long.surface) <= len(short.surface) or len(short.bare) < 2:
        return False
    if (
        not long.bare.startswith(short.bare)
        or long.surface.endswith(("分公司", "子公司"))
        or long.name.tail == long.name.end
    ):
        return False
    if long.bare[len(short.bare) : len(short.bare) + 1] in ("(", "（"):
        return False  # 现代汽车(中国)投资有限公司 is not 现代汽车 but one of its companies.
    return not (short.place and long.place) or short.place[:2] == long.place[:2]
