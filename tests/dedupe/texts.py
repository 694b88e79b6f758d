"""Texts in the register of investment news, made up for these tests, and what happens to them on their way."""

from __future__ import annotations

import random
import re

PLACES = (
    "清河",
    "双桥",
    "石岭",
    "白沙",
    "东津",
    "枫林",
    "南屏",
    "长堰",
    "云溪",
    "赤湖",
    "柳河",
    "金滩",
    "望江",
    "桃源",
)
GOODS = ("光伏组件", "储能电池", "精密轴承", "医用耗材", "冷链物流", "智能仪表", "特种陶瓷", "预制构件", "香菇深加工")
DEEDS = (
    "{place}高新区与{firm}举行{good}项目签约仪式，项目总投资{n}亿元，占地{m}亩。",
    "该项目分{k}期建设，一期计划于{y}年{h}月投产，达产后预计年产值{m}万元。",
    "{place}区委负责人表示，将为企业提供从洽谈到开工的全程服务，做到有求必应、无事不扰。",
    "{firm}董事长介绍，公司深耕{good}领域多年，产品销往全国{k}个省份。",
    "近年来，{place}围绕{good}补链强链，先后引进配套企业{k}家，带动就业{m}人。",
    "项目落户后，园区将形成从原料到成品的完整链条，本地配套率可提高到{n}%。",
    "据了解，{place}今年以来已外出招商{k}批次，对接客商{m}人次，在谈项目{n}个。",
    "{good}研发中心同步揭牌，由{place}职业技术学院与{firm}共建，首批入驻工程师{k}名。",
    "为保障用工，当地人社部门在{place}老街、{place}西站设立招聘点，当天达成意向{m}人。",
    "下一步，{place}将把{good}作为首位产业，编制图谱，按图索骥开展精准招商。",
)
CHARACTERS = "".join(DEEDS).translate(str.maketrans("", "", "{}placefirmgoodnmkyh，。、"))


def story(seed: int, sentences: int = 8) -> str:
    """An article of its own for each seed."""
    chance = random.Random(seed)
    place, good = chance.choice(PLACES), chance.choice(GOODS)
    firm = "".join(chance.sample("宏瑞晟达恒泰嘉禾远图卓创翰林", 3)) + good[:2] + "有限公司"
    lines = []
    for pattern in chance.sample(DEEDS, sentences):
        figures = {"n": chance.randrange(2, 99), "m": chance.randrange(100, 9999), "k": chance.randrange(2, 60)}
        when = {"y": chance.randrange(2024, 2028), "h": chance.randrange(1, 13)}
        noise = "".join(chance.choice(CHARACTERS) for _ in range(25))
        lines.append(pattern.format(place=place, firm=firm, good=good, **figures, **when) + f"其中{noise}。")
    return "\n".join(lines)


def edited(text: str, share: float, seed: int = 1) -> str:
    """A text with this share of its characters replaced, dropped or added."""
    chance = random.Random(seed)
    pieces = []
    for character in text:
        way = chance.randrange(3) if chance.random() < share else None
        if way is None:
            pieces.append(character)
        elif way == 0:
            pieces.append(chance.choice(CHARACTERS))
        elif way == 1:
            pieces.append(character + chance.choice(CHARACTERS))
    return "".join(pieces)


def with_other_figures(text: str, seed: int = 1) -> str:
    """A text with each of its figures changed."""
    chance = random.Random(seed)
    return re.sub(r"\d", lambda digit: chance.choice([each for each in "123456789" if each != digit[0]]), text)


def shuffled(text: str, seed: int = 1) -> str:
    """A text with its sentences in another order."""
    sentences = re.findall(r"[^。]+。\n?", text)
    random.Random(seed).shuffle(sentences)
    return "".join(sentences)
