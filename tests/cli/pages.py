"""Pages of small sites, written as a bureau's site writes them."""

from __future__ import annotations

from collections.abc import Iterable

Row = tuple[str, str, str]

BODY = (
    "今天上午，全市招商引资项目集中签约仪式在会展中心举行，市长出席并致辞。",
    "本次集中签约项目十二个，总投资一百二十亿元，涵盖电子信息、高端装备、生物医药等产业。",
    "下一步，全市将强化要素保障，优化营商环境，推动签约项目早开工、早投产、早见效。",
)


def listing_page(entries: Iterable[Row], following: str | None = None) -> str:
    """A listing: link, title and date of each row, and the link to the next page."""
    shown = "\n".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in entries)
    pager = f'<div class="page"><a href="{following}">下一页</a></div>' if following else ""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>招商动态-某市招商局</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/zsdt/">招商动态</a></div>
<div class="main"><h2>招商动态</h2><ul class="list">
{shown}
</ul>{pager}</div>
<div class="footer">版权所有：某市招商局</div></body></html>"""


def article_page(title: str, day: str, body: Iterable[str] = BODY, extra: str = "") -> str:
    """An article with its byline."""
    paragraphs = "\n".join(f"<p>{line}</p>" for line in body)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-某市招商局</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/zsdt/">招商动态</a></div>
<div class="article"><h1>{title}</h1><div class="info">发布时间：{day} 来源：市招商局</div>
<div class="content">{paragraphs}{extra}</div></div>
<div class="footer">版权所有：某市招商局</div></body></html>"""


def site(rows: Iterable[Row]) -> dict[str, str | bytes]:
    """The pages of a site with one listing, `/zsdt/`, and the article of each row: stories of their own, by figures."""
    entries = list(rows)
    articles = {
        f"zsdt/{url}": article_page(title, day, (f"{title}。", *BODY, _figures(number)))
        for number, (url, title, day) in enumerate(entries)
    }
    return {"zsdt/index.html": listing_page(entries), **articles}


def _figures(number: int) -> str:
    first, second, third = 31 + 7 * number, 112 + 15 * number, 2_340 + 113 * number
    return f"活动到会客商{first}人，发布项目{second}个，建成厂房{third}平方米，带动就业{third + second}人。"


ROWS: tuple[Row, ...] = (
    ("t4.html", "集中签约仪式在会展中心举行", "2026-02-04"),
    ("t3.html", "我市赴深圳开展招商推介活动", "2026-02-03"),
    ("t2.html", "高新区三个重点项目开工建设", "2026-02-02"),
    ("t1.html", "市招商局召开年度工作部署会", "2026-02-01"),
)
