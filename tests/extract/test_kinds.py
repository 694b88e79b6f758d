import pytest

from crawler.extract import read_page
from crawler.items import ClaimedRole
from tests.extract.pages import FIRST, URL, article_page, page

ROWS = "".join(
    f"<li><span>2025-07-{at:02}</span><a href='./202507/t202507{at:02}_{at}.html'>某区举行第{at}次招商推介会</a></li>"
    for at in range(1, 21)
)
LISTING = page(
    f"<ul class='list'>{ROWS}</ul><div><a href='index_1.html'>下一页</a></div>", title="投资动态_某某市投资促进网"
)


def kind(markup: str, url: str = URL, status: int = 200, role: ClaimedRole | None = None) -> tuple[str, str]:
    found = read_page(markup.encode(), url, status=status, role=role)
    return found.kind, found.reason


def test_an_article_is_an_article() -> None:
    assert kind(article_page(byline="发布时间：2025-07-26"))[0] == "article"


def test_a_listing_is_a_listing() -> None:
    found = read_page(LISTING.encode(), "http://tzcj.example.gov.cn/tzdt/index.html")
    assert found.kind == "listing"
    assert found.listing is not None
    assert len(found.listing.entries) == 20


def test_an_article_beside_a_side_list_is_an_article() -> None:
    side = f"<div class='side'><ul>{ROWS}</ul></div>"
    assert kind(article_page(byline="发布时间：2025-07-26", after=side))[0] == "article"


@pytest.mark.parametrize("url", ["http://tzcj.example.gov.cn/", "http://tzcj.example.gov.cn/index.html"])
def test_the_root_of_a_site_is_its_home(url: str) -> None:
    assert kind(LISTING, url)[0] == "home"


@pytest.mark.parametrize(
    ("markup", "status", "reason"),
    [
        ("<script>document.cookie=('__jsl_clearance_s=1|0|x')</script>", 521, "jiasule"),
        ("<script>document.cookie=('__jsl_clearance_s=1|0|x')</script>", 200, "jiasule"),
        ("<html><head><script>$_ts=window['$_ts'];</script></head><body></body></html>", 412, "ruishu"),
        ("<html><meta id='FSSBBIl1UgzbN7N' content='x'><script>var a</script></html>", 202, "ruishu"),
        ("<html><body>您的访问请求被阻断，请联系管理员。</body></html>", 200, "waf"),
        ("", 412, "http_412"),
        ("", 429, "http_429"),
    ],
)
@pytest.mark.parametrize("role", [None, "article", "listing"])
def test_a_block_is_recognised_whatever_is_expected(
    markup: str, status: int, reason: str, role: ClaimedRole | None
) -> None:
    assert kind(markup, status=status, role=role) == ("blocked", reason)


def test_an_article_about_firewalls_is_no_block() -> None:
    assert kind(article_page("<p>企业参观了Web应用防火墙的演示。</p>", byline="发布时间：2025-07-26"))[0] == "article"


def test_the_cookie_of_a_page_that_was_served_is_no_block() -> None:
    assert kind(article_page("<script>var c='__jsluid_s'</script>"))[0] == "article"


@pytest.mark.parametrize(("status", "reason"), [(404, "http_404"), (403, "http_403"), (502, "http_502")])
def test_an_error_status_is_an_error(status: int, reason: str) -> None:
    assert kind(article_page(), status=status) == ("error", reason)


@pytest.mark.parametrize("role", [None, "article", "listing"])
def test_a_page_that_says_it_is_missing_is_an_error(role: ClaimedRole | None) -> None:
    markup = page("<div>404</div><p>很抱歉，您访问的页面不存在或已被删除。</p>", title="页面不存在")
    assert kind(markup, role=role) == ("error", "soft_404")


def test_a_dated_notice_about_a_system_is_an_article() -> None:
    text = "因机房检修，投资项目在线审批监管平台系统维护，7月27日8时至18时暂停服务，请各申报单位提前安排。"
    markup = page(
        f"<h1>关于平台系统维护的公告</h1><p>发布时间：2025-07-26</p><div id='zoom'><p>{text}</p></div>",
        title="关于平台系统维护的公告",
    )
    assert kind(markup)[0] == "article"


def test_a_page_that_a_script_would_fill_needs_one() -> None:
    markup = '<html><title>招商平台</title><body><div id="app"></div><script src="/app.js"></script></body></html>'
    assert kind(markup, "http://a.cn/list") == ("other", "needs_script")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b"", ("error", "empty")),
        (b"  \r\n", ("error", "empty")),
        (b'{"page": 1, "rows": []}', ("other", "no_markup")),
        (b"%PDF-1.7 ...", ("other", "not_html:pdf")),
        (b"PK\x03\x04....", ("other", "not_html:zip")),
        (bytes(range(256)) * 40, ("other", "not_html:binary")),
    ],
)
def test_what_is_no_page_says_why(body: bytes, verdict: tuple[str, str]) -> None:
    found = read_page(body, URL)
    assert (found.kind, found.reason) == verdict


def test_an_expected_article_is_not_read_as_a_listing() -> None:
    found = read_page(LISTING.replace("</ul>", f"</ul><p>{FIRST}</p>").encode(), URL, role="article")
    assert found.listing is None
