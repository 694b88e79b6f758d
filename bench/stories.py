"""A labelled set of articles and what becomes of them on their way: fixed seed, in the register of investment news.

Every word is from pools written here, from the project's own table of industry words and from the table of places, so
that two articles share about as much as real ones of this register do (.01 of their runs of 3 characters).
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from string import Formatter
from typing import NamedTuple

from bench.articles import places
from bench.measure import ROOT


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_VERBS = _listed(
    """
    推进 落实 建设 引进 培育 打造 签署 启动 完善 提升 扩大 加快 拓展 优化 整合 布局 承接 对接 洽谈 走访 考察
    投用 竣工 开工 投产 扩建 改造 升级 攻关 研发 试制 量产 出口 配套 集聚 带动 辐射 联合 携手 争取 申报 评审
    验收 挂牌 揭牌 招募 培训 输送 化解 破解 压缩 精简 下放 公示
    """
)
_NOUNS = _listed(
    """
    基地 园区 车间 厂房 产线 平台 中心 专班 链条 集群 订单 市场 客商 专家 团队 人才 资金 土地 用工 物流 能耗
    环评 标准 专利 品牌 样机 工艺 设备 原料 成品 仓储 港口 铁路 口岸 税收 补贴 基金 贷款 担保 审批 窗口 清单
    台账 图谱 方案 协议 合同 意向 股权 股东 高管 乡贤 商会 协会
    """
)
_MANNERS = _listed(
    """
    持续 稳步 加速 全力 深入 主动 积极 有序 全面 重点 率先 同步 协同 精准 高效 严格 扎实 统筹 集中 分期 逐月
    逐项 就近 联动 按期 提前 如期 连续
    """
)
_PHRASES = _listed(
    """
    招商引资 高质量发展 营商环境 产业链上下游 专精特新企业 一企一策 拿地即开工 放管服改革 强链补链延链 一号工程
    双招双引 产业转移 创新驱动 绿色低碳 数字化转型 乡村振兴 有限公司负责人 招商小分队 以商招商 亿元以上项目
    """
)
_TEMPLATES = (
    "{place}{manner}{verb}{term}{noun}",
    "{firm}{verb}{term}{noun}",
    "{manner}{verb}{noun}和{term}{noun}",
    "围绕{term}、{term}{verb}{noun}",
    "{noun}由{place}{noun}{manner}{verb}",
    "{phrase}与{noun}{verb}并举",
    "{term}{noun}{manner}{verb}，{noun}{verb}",
    "{verb}{noun}、{verb}{noun}、{verb}{term}",
    "从{place}到{place}，{term}{manner}{verb}",
    "{firm}的{term}{manner}{verb}至{place}",
)
# Each as (what stands before, the slot); one without a slot ends with "".
_CLAUSES = tuple([(mark, slot or "") for mark, slot, *_ in Formatter().parse(each)] for each in _TEMPLATES)
_FIGURES = (
    "总投资{}亿元",
    "占地{}亩",
    "新增就业{}人",
    "年产{}万套",
    "同比增长{}%",
    "签约项目{}个",
    "{}家企业入驻",
    "建成{}万平方米",
)
_POOLS = {"verb": _VERBS, "noun": _NOUNS, "manner": _MANNERS, "phrase": _PHRASES}
_COUNTS = (1, 2, 4, 6, 8, 9, 10, 12, 16, 25)
_SYLLABLES = (
    "宏瑞晟达恒泰嘉禾远图卓创翰林博雅启明中科华腾金石百利海纳三江德润兴邦凯盛鼎信同舟众合云岭长青北辰南峰东海西岳"
)
_FORMS = ("股份有限公司", "集团", "科技有限公司", "新材料有限公司", "实业", "能源有限公司", "智能装备公司")


class Document(NamedTuple):
    """One article of the set: which story it came of, and by what; `original` for the first."""

    family: int
    kind: str
    title: str
    body: str


@cache
def _terms() -> tuple[str, ...]:
    with (ROOT / "crawler" / "facts" / "industry_terms.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(row["term"] for row in rows if len(row["term"]) <= 6)


def original(number: int) -> Document:
    """The n-th story."""
    chance = random.Random(f"story {number}")
    choose = chance.choice
    place, term = choose(places())[1], choose(_terms())
    firm = "".join(chance.sample(_SYLLABLES, 3)) + choose(_FORMS)
    clauses = []
    size, wanted = 0, chance.randint(500, 1_100)
    while size < wanted:
        pieces = choose(_CLAUSES)
        clause = "".join([mark + _word(slot, chance, place, term, firm) for mark, slot in pieces])
        clauses.append(clause)
        size += len(clause) + 1
    for at in chance.sample(range(len(clauses)), min(choose(_COUNTS), len(clauses))):
        clauses[at] += "，" + choose(_FIGURES).format(chance.randint(2, 9_999))
    ends = ("，", "，", "。", "；", "。\n")
    body = "".join(clause + choose(ends) for clause in clauses)
    return Document(number, "original", f"{place}{term}{choose(_NOUNS)}{choose(_VERBS)}", body)


def _word(slot: str, chance: random.Random, place: str, term: str, firm: str) -> str:
    if not slot:
        return ""
    choose = chance.choice
    if slot == "place":
        return place if chance.random() < 0.5 else choose(places())[1]
    if slot == "term":
        return term if chance.random() < 0.2 else choose(_terms())
    if slot == "firm":
        return firm if chance.random() < 0.6 else "".join(chance.sample(_SYLLABLES, 2)) + choose(_FORMS)
    return choose(_POOLS[slot])


def edits(share: float) -> Callable[[Document, random.Random], Document]:
    """Replace, drop or add this share of the characters."""

    def edit(document: Document, chance: random.Random) -> Document:
        pieces = []
        for character in document.body:
            if chance.random() >= share:
                pieces.append(character)
                continue
            way = chance.randrange(3)
            if way < 2:
                pieces.append(chance.choice(document.body))
            if way == 1:
                pieces.append(character)
        return document._replace(body="".join(pieces))

    return edit


def _shuffled(document: Document, chance: random.Random) -> Document:
    sentences = re.findall(r"[^。\n]*[。\n]+|[^。\n]+$", document.body)
    chance.shuffle(sentences)
    return document._replace(body="".join(sentences))


def _retitled(document: Document, chance: random.Random) -> Document:
    return document._replace(title=f"{chance.choice(_PHRASES)}：{document.title[::-1]}")


def _with_source(document: Document, chance: random.Random) -> Document:
    return document._replace(
        body=f"来源：{chance.choice(places())[1]}日报\n{document.body}\n责任编辑：{chance.choice(_SYLLABLES)}"
    )


def _halved(document: Document, chance: random.Random) -> Document:
    return document._replace(body=document.body[: len(document.body) // 2])


def _other_figures(document: Document, chance: random.Random) -> Document:
    def other(found: re.Match[str]) -> str:
        figure = found[0]
        while figure == found[0]:
            figure = str(chance.randint(10 ** (len(found[0]) - 1), 10 ** len(found[0]) - 1))
        return figure

    return document._replace(body=re.sub(r"\d+", other, document.body))


def _traditional(document: Document, chance: random.Random) -> Document:
    return document._replace(body=_in_traditional()(document.body))


@cache
def _in_traditional() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


CHANGES: dict[str, Callable[[Document, random.Random], Document]] = {
    "1 % edits": edits(0.01),
    "5 % edits": edits(0.05),
    "15 % edits": edits(0.15),
    "sentence shuffle": _shuffled,
    "other title": _retitled,
    "source line": _with_source,
    "traditional": _traditional,
    "first half": _halved,
    "other figures": _other_figures,
}
# These two are no copies of the story: a part of it, and another story in the same words.
PART, OTHER = "first half", "other figures"


def changed(document: Document, kind: str) -> Document:
    """What became of a story."""
    return CHANGES[kind](document, random.Random(f"{kind} {document.family}"))._replace(kind=kind)


def labelled(originals: int, share: float = 0.1) -> Iterator[Document]:
    """So many stories, and for a share of them a copy by each change; in an order that depends on nothing."""
    documents = [original(number) for number in range(originals)]
    documents += [changed(document, kind) for document in documents[: int(originals * share)] for kind in CHANGES]
    random.Random(originals).shuffle(documents)
    yield from documents


def streamed(place: int) -> Document:
    """The document at a place of an endless stream."""
    of = copied(place)
    return original(place) if of is None else changed(original(of[0]), of[1])


def copied(place: int) -> tuple[int, str] | None:
    """Of the stream the last of every ten is a copy, each of another story from half as far in: of which, by what."""
    if place % 10 != 9:
        return None
    kinds, turn = list(CHANGES), place // 10
    return place // 20 * 10 + turn % 9, kinds[turn % len(kinds)]
