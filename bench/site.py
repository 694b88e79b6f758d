"""A generated static site: listings of 100 entries and articles of about 40 KB in the markup of a TRS site.

Its articles are made up as real ones are: some 500 elements, three lists of other articles beside a text of some 2,500
characters and 35 facts, and so much in them that is unlike other pages that gzip leaves more than a quarter
(`make_up` counts; of 66 real pages of the register and of others the medians are 51 KB, 591 elements, 1,361 characters
and 12 facts, the means 130 KB, 883 elements, 3,717 characters and 33 facts, and gzip leaves 0.28).
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import date, timedelta

ENTRIES = 100
_CHARACTERS_OF_TEXT = 2_400
_SCRIPT_BYTES = 12_000
_PLACES = ("黄石", "襄阳", "宜昌", "荆州", "孝感", "鄂州", "咸宁", "随州", "恩施", "十堰")
_TRADES = ("新能源电池", "精密模具", "生物制剂", "光电显示", "智能装备", "冷链物流", "绿色建材", "数字文创")
_FACTS = (
    "项目签约仪式在会展中心举行",
    "预计达产后可实现年产值{}亿元",
    "总投资{}亿元",
    "项目在高新区正式开工",
    "有限公司负责建设",
    "来自深圳的客商到场考察",
)
_WORDS = (
    "园区为企业提供全程代办服务",
    "带动就业{}余人",
    "占地约{}亩",
    "分两期建设标准厂房和研发中心",
    "当地将持续优化营商环境",
    "推动产业链上下游协同发展",
    "有关部门到现场协调解决用地和用工问题",
    "各项手续由专人跟踪办理",
)
_SHARE_OF_FACTS = 0.15
# Names that no two articles share: common characters, of which names of companies, people and places are made.
_CHARACTERS = (
    "华中国兴达通宏远东方新天海科技信诚和平安泰恒利丰源盛金银玉石山川江河湖林森木火土明星光辉永久长青春秋冬夏南北西高大小上下前后左右"
    "文武英雄志强健康福禄寿喜财宝珠翠红黄蓝绿白黑紫云雨风雷电龙凤虎鹏鹤松柏竹梅兰菊荷桂桃李杏杨柳榆槐枫樟棠莲芳香清洁静雅慧敏杰俊豪"
    "富贵荣昌隆裕祥瑞庆余善美真诚信义仁礼智勇勤俭朴实开拓创业进步发展建设工程机械电子化学医药食品纺织服装汽车船舶航空港口铁路公桥梁"
)


def article_path(number: int) -> str:
    """The path of the n-th article (0-based)."""
    return f"/zsdt/{_day(number):%Y%m}/t{_day(number):%Y%m%d}_{100000 + number}.html"


def listing_path(number: int) -> str:
    """The path of the k-th listing page (0-based), by the rule of TRS WCM."""
    return "/zsdt/index.html" if number == 0 else f"/zsdt/index_{number}.html"


def title(number: int) -> str:
    """The title of the n-th article, unlike that of any other."""
    chance = random.Random(number)
    return f"{chance.choice(_PLACES)}{chance.choice(_TRADES)}产业园第{number + 1}号项目签约落地"


def pages(articles: int) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every page of a site of so many articles."""
    yield "/robots.txt", b"User-agent: *\nAllow: /\n"
    listings = (articles + ENTRIES - 1) // ENTRIES
    for page in range(listings):
        yield listing_path(page), _listing(page, listings, articles).encode()
    for number in range(articles):
        yield article_path(number), _article(number).encode()


def _day(number: int) -> date:
    return date(2026, 6, 30) - timedelta(days=number // 25)


def _listing(page: int, listings: int, articles: int) -> str:
    rows = "\n".join(
        f'<li><a href=".{article_path(number)[5:]}" title="{title(number)}">{title(number)}</a>'
        f"<span>{_day(number):%Y-%m-%d}</span></li>"
        for number in range(page * ENTRIES, min(articles, (page + 1) * ENTRIES))
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>招商动态_示例招商网</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/gk/">概况</a><a href="/zc/">政策</a></div>
<ul class="list">{rows}</ul>
<div class="page"><script>createPageHTML({listings}, {page}, "index", "html");</script></div>
<div class="footer">版权所有 示例招商网</div></body></html>"""


def _article(number: int) -> str:
    chance = random.Random(number)
    paragraphs = []
    size = 0
    while size < _CHARACTERS_OF_TEXT:
        words = "，".join(_phrase(chance) for _ in range(6))
        paragraphs.append(f'<p style="text-indent: 2em;">{words}。</p>')
        size += len(words)
    menu = "".join(f'<li><a href="/lm{place}/">栏目{place}导航链接</a></li>' for place in range(60))
    beside = "".join(f'<div class="side"><ul>{_others(chance)}</ul></div>' for _ in range(3))
    style = ".a{margin:0;padding:0;line-height:2;}" * 30
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title(number)}_示例招商网</title>
<meta name="ArticleTitle" content="{title(number)}"><meta name="PubDate" content="{_day(number):%Y-%m-%d} 09:30">
<meta name="ContentSource" content="示例日报"><style>{style}</style><script>{_script(chance)}</script></head><body>
<div class="nav"><ul>{menu}</ul></div><h1>{title(number)}</h1>
<div class="info">发布时间：{_day(number):%Y-%m-%d} 09:30　来源：示例日报</div>
<div class="TRS_Editor">{"".join(paragraphs)}</div>
{beside}<div class="foot"><ul>{menu}</ul>版权所有 示例招商网</div></body></html>"""


def _others(chance: random.Random) -> str:
    """The entries of a list beside an article: the newest, the most read, those of the column."""
    numbers = [chance.randrange(100_000) for _ in range(25)]
    return "\n".join(
        f'<li><a href="{article_path(number)}" title="{title(number)}">{title(number)}</a>'
        f"<span>{_day(number):%m-%d}</span></li>"
        for number in numbers
    )


def _script(chance: random.Random) -> str:
    """What a page's scripts and their data are: words that are known and values that are not."""
    rows = (f'{{id:"{chance.getrandbits(160):x}",type:"channel"}},' for _ in range(_SCRIPT_BYTES // 66))
    return f"var siteData=[{''.join(rows)}];"


def _phrase(chance: random.Random) -> str:
    name = "".join(chance.choices(_CHARACTERS, k=chance.randint(3, 9)))
    words = _FACTS if chance.random() < _SHARE_OF_FACTS else _WORDS
    return name + chance.choice(words).format(chance.randint(2, 900))


def make_up(articles: int = 50) -> str:
    """What the articles are made of, in the mean, as one line."""
    from crawler.extract import read_page
    from crawler.facts import read_facts

    bodies = [body for path, body in pages(articles) if "/t2" in path]
    texts = [
        reading.article.body for body in bodies if (reading := read_page(body, "http://a.example/t1.html")).article
    ]
    kinds = ("regions", "amounts", "organizations", "industries", "events", "projects")
    facts = sum(len(getattr(read_facts("", text), kind)) for text in texts for kind in kinds)
    size, elements = sum(map(len, bodies)), sum(body.count(b"</") for body in bodies)
    return (
        f"an article: {size / len(bodies) / 1000:.0f} KB, {elements / len(bodies):.0f} elements, "
        f"{sum(map(len, texts)) / len(texts):.0f} characters of text, {facts / len(texts):.0f} facts, "
        f"gzip leaves {sum(len(gzip.compress(body, 6)) for body in bodies) / size:.2f}"
    )
