"""Listing pages written for the tests: eight rows of any build between a menu, a side list and a foot."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.document import open_document
from crawler.extract.listing import read_listing
from crawler.items import Listing, Selectors

FETCHED = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
URL = "http://www.example.gov.cn/zsdt/index.html"

TITLES = [
    "岚石新材料项目签约落户高新区",
    "市招商局赴深圳开展产业招商活动",
    "全市重大项目集中开工仪式举行",
    "2026年一季度招商引资工作简报",
    "关于印发招商引资优惠政策的通知",
    "云帆智能装备产业园正式投产",
    "临港经济区新增五家外资企业",
    "我市举办数字经济投资推介会",
]
DAYS = ["2026-02-28", "2026-02-20", "2026-02-11", "2026-01-30", "2026-01-15", "2025-12-28", "2025-12-03", "2025-11-20"]
ROWS = list(zip(range(len(TITLES)), TITLES, DAYS, strict=True))
PROSE = "据了解，该项目总投资超过二十亿元，建成后将形成年产值三十亿元的能力。"

MENU = (
    '<div class="header"><ul class="nav">'
    + "".join(
        f'<li><a href="/c{n}/">{word}</a></li>'
        for n, word in enumerate(
            [
                "网站首页",
                "政务公开栏目",
                "招商动态",
                "投资指南手册",
                "园区概况介绍",
                "政策法规文件",
                "办事服务大厅",
                "联系我们",
            ]
        )
    )
    + '</ul></div><div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/c2/">招商动态</a></div>'
)
SIDE = (
    '<div class="right"><h3>热点推荐</h3><ul>'
    + "".join(
        f'<li><a href="/zsdt/t2026011{n}_33.html">关于推进重点产业项目建设的文章之{n}</a><span>2026-01-1{n}</span></li>'
        for n in range(1, 9)
    )
    + "</ul></div>"
)
FOOT = (
    '<div class="footer"><a href="/about.html">关于我们</a><a href="http://www.hubei.gov.cn/">湖北省人民政府</a>'
    '<p>版权所有：某某市招商局 <a href="https://beian.miit.gov.cn/">鄂ICP备12345678号-1</a></p></div>'
)

PAGER = '<div class="page"><a href="index_1.html">上一页</a><span>3</span></div>'


def url_of(number: int) -> str:
    return f"/zsdt/info_{20260 + number}.html"


def read(html: str, url: str = URL, *, selectors: Selectors | None = None) -> Listing | None:
    return read_listing(open_document(html.encode(), url, fetched_at=FETCHED), selectors=selectors)


def whole_page(main: str, *, side: str = SIDE) -> str:
    middle = f'<div class="main"><div class="left">{main}</div>{side}</div>'
    return f"<html><head><title>招商动态</title></head><body>{MENU}{middle}{FOOT}</body></html>"


def listed(main: str, *, url: str = URL, side: str = SIDE) -> list[tuple[str, str | None]]:
    listing = read(whole_page(main, side=side), url)
    return shown(listing)


def shown(listing: Listing | None) -> list[tuple[str, str | None]]:
    entries = listing.entries if listing else ()
    return [(entry.title, entry.published_on.isoformat() if entry.published_on else None) for entry in entries]


def rows(form: str, *, around: str = "<ul>{}</ul>", count: int = 8) -> str:
    inner = "".join(
        form.format(
            n=n,
            url=url_of(n),
            title=title,
            day=day,
            year=day[:4],
            month=day[5:7],
            date=day[8:],
            prose=PROSE,
            short=title[:8],
        )
        for n, title, day in ROWS[:count]
    )
    return around.replace("{}", inner)


def expected(count: int = 8) -> list[tuple[str, str | None]]:
    return [(title, day) for _, title, day in ROWS[:count]]
