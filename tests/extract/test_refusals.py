"""Refusals in the words of many systems: pages with status 200 that say they hold nothing, or let nobody in."""

from __future__ import annotations

import pytest

from crawler.extract import read_page
from crawler.items import ClaimedRole
from tests.extract.pages import URL, page

MISSING = [
    ("a box", "某某开发区", "<div class='tip'>您访问的内容不存在或已删除！3秒后返回首页</div>"),
    ("a lost page", "404", "<h1>404</h1><p>抱歉，您要访问的页面走丢了～</p><a href='/'>返回首页</a>"),
    (
        "Tomcat",
        "HTTP状态 404 - 未找到",
        "<h1>HTTP Status 404 – 未找到</h1><p>描述 源服务器未能找到目标资源的表示。</p>",
    ),
    ("nginx", "404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>"),
    ("IIS", "无法找到该页", "<h1>无法找到该页</h1><p>您正在搜索的页面可能已经删除、更名或暂时不可用。</p>"),
    ("taken off", "某某开发区", "<div class='msg'>对不起，该信息已下架或已过期！</div>"),
    ("unread by the editor", "某某开发区", "<div class='msg'>该文章尚未通过审核，暂时无法查看。</div>"),
    ("moved", "某某开发区", "<div>该栏目已停用，内容已迁移，请访问新网站。</div>"),
    ("wrong parameters", "提示", "<div>参数错误，请勿非法操作！</div>"),
    ("DedeCMS", "DedeCMS提示信息", "<div>文档不存在，请检查！</div>"),
    ("EmpireCMS", "信息提示", "<table><tr><td>信息提示</td></tr><tr><td><b>此信息不存在</b></td></tr></table>"),
    ("Discuz!", "提示信息 - 论坛", "<p>抱歉，指定的主题不存在或已被删除或正在被审核</p>"),
    ("WeChat", "", "<div class='weui-msg'><h2>该内容已被发布者删除</h2></div>"),
]
BLOCKED = [
    ("SafeLine", "<div>您的请求疑似攻击行为！</div><p>事件ID: abc123</p>"),
    ("Aliyun", "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>"),
    ("Cloudflare", "<h1>Just a moment...</h1><p>Checking your browser before accessing</p>"),
    ("a slider", "<div>安全验证</div><p>请按住滑块，拖动到最右边</p>"),
    ("too many visits", "<p>您的访问过于频繁，请稍后再试</p>"),
    ("strange visits", "<p>检测到您的访问行为异常，已被系统拦截</p>"),
    ("an address", "<p>您的IP地址已被禁止访问本网站</p>"),
    ("EdgeOne", "<h1>403</h1><p>Your request has been blocked by EdgeOne</p>"),
    ("a protected site", "<div>当前访问疑似黑客攻击，已被网站管理员设置为拦截并记录</div>"),
]
UNFILLED = [
    ("Vue", "<noscript>This portal needs JavaScript.</noscript><div id=app></div><script src=a.js></script>"),
    ("React", '<div id="root"><div class="loading">加载中...</div></div><script src="/main.js"></script>'),
    ("a jump", "<script>window.location.href='/index.html'</script>"),
]  # fmt: skip
ROLES = pytest.mark.parametrize("role", [None, "article", "listing"])


def verdict(markup: str, role: ClaimedRole | None) -> tuple[str, str]:
    found = read_page(markup.encode(), URL, role=role)
    return found.kind, found.reason


@ROLES
@pytest.mark.parametrize(("title", "markup"), [row[1:] for row in MISSING], ids=[row[0] for row in MISSING])
def test_a_page_that_holds_nothing_says_so(title: str, markup: str, role: ClaimedRole | None) -> None:
    assert verdict(page(markup, title=title), role) == ("error", "soft_404")


@ROLES
@pytest.mark.parametrize("markup", [row[1] for row in BLOCKED], ids=[row[0] for row in BLOCKED])
def test_a_page_that_lets_nobody_in_is_a_block(markup: str, role: ClaimedRole | None) -> None:
    assert verdict(f"<meta charset=utf-8><body>{markup}</body>", role) == ("blocked", "waf")


@ROLES
@pytest.mark.parametrize("markup", [row[1] for row in UNFILLED], ids=[row[0] for row in UNFILLED])
def test_a_page_before_its_script_needs_one(markup: str, role: ClaimedRole | None) -> None:
    assert verdict(f"<meta charset=utf-8><body>{markup}</body>", role) == ("other", "needs_script")
