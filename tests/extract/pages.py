"""Pages written for the tests, as small as the behaviour they show."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract import open_document, read_article
from crawler.items import Article, Selectors

TITLE = "武汉光电子推介会签约137.5亿元"
URL = "http://tzcj.example.gov.cn/tzdt/202507/t20250726_1234.html"
FETCHED = datetime(2025, 8, 1, 4, 0, tzinfo=UTC)

FIRST = "7月25日，市投资促进局在武汉举行光电子信息产业招商推介会，来自长三角和珠三角的86家企业参加，现场签约项目12个。"
SECOND = "会上签约的12个项目总投资137.5亿元，涉及光通信、化合物半导体、激光装备等领域，其中10亿元以上的项目5个。"
LAST = "下一步，各区将落实“一个项目、一名干部、一套方案”，推动签约项目早开工、早投产、早见效，全年新增投资300亿元。"


def page(body: str, *, head: str = "", title: str = "武汉光电子推介会签约137.5亿元_投资动态_某某市投资促进网") -> str:
    """A page with navigation above and a foot below the given markup."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/tzdt/">投资动态</a><a href="/zc/">政策法规</a></div>'
        f'{body}<div class="footer">版权所有：某某市投资促进局　网站标识码：4201000001　'
        '<a href="/map">网站地图</a></div></body></html>'
    )


def article_page(inside: str = "", *, byline: str = "", head: str = "", after: str = "") -> str:
    """An article page with three paragraphs of text."""
    text = "".join(f"<p>　　{paragraph}</p>" for paragraph in (FIRST, SECOND, LAST))
    return page(
        f"<div class='main'><h1>{TITLE}</h1><div class='info'>{byline}</div>"
        f"<div class='con'>{text}{inside}</div>{after}</div>",
        head=head,
    )


def read(markup: str | bytes, url: str = URL, *, fetched_at: datetime | None = FETCHED) -> Article:
    """The article of a page that must hold one."""
    body = markup.encode() if isinstance(markup, str) else markup
    article = read_article(open_document(body, url, fetched_at=fetched_at))
    assert article is not None
    return article


def read_with(markup: str, selectors: Selectors) -> Article:
    """The article of a page read with a source's selectors."""
    article = read_article(open_document(markup.encode(), URL, fetched_at=FETCHED), selectors=selectors)
    assert article is not None
    return article
