"""What the words around an amount say: how exact it is, whether it is money at all, and what for."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from crawler.fact_items import AmountKind, Qualifier
from crawler.facts.amount_groups import Amount
from crawler.facts.amount_terms import BLANK, any_of, currencies
from crawler.facts.tables import read_table

_REACH_BACK, _REACH_AHEAD = 40, 16  # characters in which the word that tells the kind is looked for
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_CLAUSE_END = re.compile(r"[，,。！？!?；;、\n\t]")
_EACH_OF = re.compile("分别|各自|均|都")
_EACH = re.compile(r"(?:每|户均|人均每)\Z")
_LEVEL = "级"
# A count of these is no money, whatever its scale: 亿级流量, 百亿级参数.
_NO_MONEY_LEVEL = re.compile(
    r"级?(?:的)?(?:用户|流量|参数|人口|像素|粉丝|播放|人次|数据|算力|吨|立方|千瓦|颗|片|只|台|辆|件)"
)
_MONEY_LEVEL = re.compile(
    r"(?:以上)?(?:的)?[^，。；、\n]{0,12}?(?:项目|产业|集群|园区|企业|市场|赛道|产值|规模|基金|投资|工程|平台|县|镇|链|城|板块|开发区|经济|消费|商圈|强)"
    r"|(?:[，,。；;、）)”\"\n]|\Z)"
)
# Without a currency a figure is money where a word of money stands right before it: 总投资1.2万亿.
_MONEY = (
    "投资|引资|外资|内资|资金|到资|产值|生产总值|GDP|营收|收入|销售额|利润|税收|纳税|贷款|授信|融资|余额|资本|金额|总额|交易额"
    "|成交额|存款|资产|市值|增加值|预算|补贴|奖励|经费|出资|增资|贷"
)
_TOTAL = "(?:总额|规模|总量|总计|累计|合计|额)?(?:已|也|将|可|预计|有望|首次|一举|再次|累计|合计|共计|共|总计|历史性)?"
_REACHES = (
    "(?:完成|实现|达到|达成|达|为|约|超过|超|逾|近|突破|接近|不低于|不少于|不足|跨越|迈上|站上|增至|增长至|升至|是|:|：|高达"
    "|至少|最高|不超过|将近|过|稳定在){0,3}"
)
_MONEY_BEFORE = re.compile(rf"(?:{_MONEY}){_TOTAL}{_REACHES} {{0,2}}\Z|\A\s{{0,2}}\Z")
_MONEY_AFTER = re.compile(
    r"的?(?:注册资本|注册资金|签约金|总投资|投资|资金|产值|营收|收入|贷款|授信|融资|税收|补贴|奖励|大单|订单|产业基金|基金|预算)"
)
_NOTHING_MORE = re.compile(r"[ \t]{0,2}(?:[，,。！？!?；;、）)】」”\"\n和与及至到以左上的]|\Z)")

# With what a figure without a currency may go on, and what may stand before it.
_MAY_FOLLOW = frozenset(
    ' \t，,。！？!?；;、）)】」”"\n和与及至到以左上的级之封含注总投资产营收贷授税补奖大订基预融'
) | {""}
_MAY_PRECEDE = frozenset({word[-1] for word in currencies("before")} | {" "})


@cache
def _qualifiers(place: str) -> dict[str, Qualifier]:
    return {
        row["word"]: cast(Qualifier, row["qualifier"])
        for row in read_table("amount_qualifiers.csv")
        if row["place"] == place
    }


@cache
def _before() -> re.Pattern[str]:
    rows = [row for row in read_table("amount_qualifiers.csv") if row["place"] == "before"]
    rows.sort(key=lambda row: -len(row["word"]))
    words = [(f"(?<![{row['not_after']}])" if row["not_after"] else "") + row["word"] for row in rows]
    return re.compile(rf"(?P<word>{'|'.join(words)})?{BLANK}(?P<currency>{any_of(currencies('before'))})?{BLANK}\Z")


@cache
def _ends_before() -> frozenset[str]:
    """The characters with which what stands before an amount may end."""
    return _MAY_PRECEDE | {word[-1] for word in _qualifiers("before")}


@cache
def _beside() -> frozenset[str]:
    """Words that qualify an amount without being part of it."""
    return frozenset(row["word"] for row in read_table("amount_qualifiers.csv") if row["span"] == "out")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"{BLANK}(?P<word>{any_of(set(_qualifiers('after')))})")


def qualified(text: str, amount: Amount, previous: Amount | None = None) -> Amount:
    """The amount with the words at both its ends in its span, and the currency that stands before it.

    `previous` is the amount before it: 分别突破 holds for all of its list.
    """
    qualifier: Qualifier | None = _qualifiers("between").get(amount.between)
    if amount.vague:
        qualifier = "about"
    if text[amount.start - 1 : amount.start] in _ends_before():
        before = _before().search(text, max(0, amount.start - 12), amount.start)
        qualifier = (_take_before(amount, before) if before is not None else None) or qualifier
    after = _after().match(text, amount.end)
    if after is not None:
        amount.end = after.end()
        qualifier = _qualifiers("after")[after["word"]]
    elif text.startswith(_LEVEL, amount.end) and amount.has_scale:
        amount.end += len(_LEVEL)
        qualifier = qualifier or "about"
    if qualifier is None and amount.listed and previous is not None:
        each = _EACH_OF.search(text, max(0, previous.start - 8), previous.start)
        qualifier = previous.qualifier if each is not None else None
    if qualifier is not None:
        amount.qualifier = qualifier
    _bound(amount)
    return amount


def _take_before(amount: Amount, before: re.Match[str]) -> Qualifier | None:
    """The word that stands before the figure is part of its span; the currency is where it is a sign (US$5亿)."""
    word, currency = before["word"], before["currency"]
    if word == "上" and not amount.bare:
        return None
    if currency:
        amount.currency = _currency(currency, amount.currency)
        if not currency[-1].isalpha():
            amount.start = before.start("currency")
    if word is None:
        return None
    if word not in _beside() and not (currency and currency[-1].isalpha()):
        amount.start = before.start("word")
    return _qualifiers("before")[word]


def _currency(before: str | None, after: str | None) -> str | None:
    """港币5000万元 are HKD: what stands before says more than 元."""
    return currencies("before")[before] if before and after in (None, "CNY") else after


def _bound(amount: Amount) -> None:
    """The bounds that a word sets: over and at_least from below, under and at_most from above."""
    if amount.low is not None or amount.value is None:
        return
    if amount.qualifier in ("over", "at_least"):
        amount.low = amount.value
    elif amount.qualifier in ("under", "at_most"):
        amount.high = amount.value


def may_be_money(text: str, amount: Amount) -> bool:
    """A quick no to what has no currency at either end and goes on with another unit: 6.2万户, 86万立方米."""
    if amount.currency is not None or text[amount.end : amount.end + 1] in _MAY_FOLLOW:
        return True
    return text[amount.start - 1 : amount.start] in _MAY_PRECEDE


def is_money(text: str, amount: Amount) -> bool:
    """Whether a figure with a scale or a unit is an amount of money."""
    surface = text[amount.start : amount.end]
    back = text[max(0, amount.start - 24) : amount.start]
    if back[-1:].isdigit() or _EACH.search(back):
        return False
    if amount.currency is not None:
        # 亿元 or 万元 without a number is an amount only with a word that bounds it: 亿元以上, 近亿元.
        return not amount.bare or amount.vague or amount.qualifier != "exact" or surface[0] not in "万亿元"
    if surface.endswith(_LEVEL):
        ahead = text[amount.end : amount.end + 24]
        return not _NO_MONEY_LEVEL.match(ahead) and bool(_MONEY_LEVEL.match(ahead))
    if _MONEY_AFTER.match(text, amount.end):
        return True
    return bool(_NOTHING_MORE.match(text, amount.end) and _MONEY_BEFORE.search(back))


@cache
def _kinds(place: str) -> tuple[re.Pattern[str], dict[str, AmountKind]]:
    rows = [row for row in read_table("amount_kinds.csv") if row["place"] in (place, "both")]
    words = {row["word"]: cast(AmountKind, row["kind"]) for row in rows}
    return re.compile(any_of(set(words))), words


def kind_of(text: str, amount: Amount) -> AmountKind:
    """What the amount is, by the nearest word of its clause, then after it, then of its sentence."""
    before, after = _nearest_before(text, amount.start), _nearest_after(text, amount.end)
    found = [each for each in (before, after) if each is not None]
    return min(found)[1] if found else "other"


def kind_of_words(text: str) -> AmountKind:
    """What the amounts below a head are, by its last word that tells."""
    pattern, kinds = _kinds("before")
    matches = pattern.findall(text)
    return kinds[matches[-1]] if matches else "other"


def _nearest_before(text: str, start: int) -> tuple[float, AmountKind] | None:
    pattern, kinds = _kinds("before")
    from_ = max(0, start - _REACH_BACK)
    window = _SENTENCE_END.split(text[from_:start])[-1]
    matches = list(pattern.finditer(window))
    if not matches:
        return None
    gap = window[matches[-1].end() :]
    # A word in an earlier clause counts less than one right after the amount.
    return len(gap) + 20 * len(_CLAUSE_END.findall(gap)), kinds[matches[-1][0]]


def _nearest_after(text: str, end: int) -> tuple[float, AmountKind] | None:
    pattern, kinds = _kinds("after")
    window = _CLAUSE_END.split(text[end : end + _REACH_AHEAD])[0]
    match = pattern.search(window)
    return (match.start() + 6.5, kinds[match[0]]) if match else None
