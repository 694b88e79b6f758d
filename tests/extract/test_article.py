from datetime import date

import pytest

from crawler.extract import open_document, read_article
from tests.extract.pages import FETCHED, FIRST, URL, article_page, page, read

UNDATED = "http://tzcj.example.gov.cn/info/1021/996.htm"


@pytest.mark.parametrize(
    "byline",
    [
        "发布时间：2025-07-26 来源：黄石日报",
        "<span>发布日期：</span><span>2025年7月26日</span>",
        "2025-07-26 10:20　来源：黄石日报　浏览：30次",
        "成文日期：2025-07-01　发布日期：2025-07-26",
        "日期:2025/7/26",
    ],
)
def test_the_date_under_the_title_is_the_publication(byline: str) -> None:
    assert read(article_page(byline=byline), UNDATED).published_on == date(2025, 7, 26)


def test_the_day_of_signing_is_no_publication() -> None:
    assert read(article_page(byline="成文日期：2025-07-01"), UNDATED).published_on is None


def test_a_signing_date_at_the_end_of_the_text_is_no_publication() -> None:
    assert read(article_page("<p>二〇二五年七月一日</p>"), UNDATED).published_on is None


def test_the_declared_date_goes_before_the_visible_one() -> None:
    head = '<meta name="PubDate" content="2025-07-26">'
    article = read(article_page(byline="更新时间：2025-07-28", head=head))
    assert (article.published_on, article.provenance["published"].rule) == (date(2025, 7, 26), "meta:PubDate")


def test_the_visible_time_completes_a_declared_day() -> None:
    head = '<meta name="PubDate" content="2025-07-26 00:00:00">'
    article = read(article_page(byline="发布时间：2025-07-26 10:20", head=head))
    assert str(article.published_at) == "2025-07-26 10:20:00+08:00"


def test_without_a_visible_date_the_url_names_the_day() -> None:
    article = read(article_page())
    assert (article.published_on, article.provenance["published"].rule) == (date(2025, 7, 26), "url")


def test_the_url_of_hanweb_names_no_day() -> None:
    assert read(article_page(), "http://a.gov.cn/art/2021/1/1/art_123_456.html").published_on is None


def test_a_date_after_the_fetch_is_no_publication() -> None:
    assert read(article_page(byline="发布时间：2025-08-02"), UNDATED).published_on is None


def test_an_origin_that_names_nobody_is_none() -> None:
    assert read(article_page(byline="来源：未知 时间：2025-07-26"), UNDATED).origin is None


def test_an_empty_origin_does_not_take_the_next_label() -> None:
    assert read(article_page(byline="来源： 发布时间：2025-07-26"), UNDATED).origin is None


def test_the_author_is_read_from_the_byline() -> None:
    assert read(article_page(byline="来源：黄石日报 作者：李明 时间：2025-07-26")).author == "李明"


def test_the_column_is_the_last_crumb_before_the_text() -> None:
    crumbs = (
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/x'>新闻</a> &gt; <a href='/y'>投资动态</a> &gt; 正文</div>"
    )
    markup = article_page().replace("<div class='main'>", crumbs + "<div class='main'>")
    assert read(markup).column_name == "投资动态"


LABEL = "<span>当前位置：</span><a href='/'>首页</a> &gt; <a href='/y'>投资动态</a>"
BYLINE = "<div>来源：某市日报 点击：<b>58</b> 字号：大 中 小</div>"


@pytest.mark.parametrize(
    "crumbs",
    [
        f"<div>当前位置：<a href='/'>首页</a> &gt; <a href='/y'>投资动态</a></div>{BYLINE}",
        f"<div>{LABEL}</div>{BYLINE}",
        f"<div>{LABEL}{BYLINE}</div>",
        f"<div>{LABEL}<h1>另一个标题</h1>{BYLINE}</div>",
        f"<ul><li>当前位置：</li><li><a href='/'>首页</a></li><li><a href='/y'>投资动态</a></li></ul>{BYLINE}",
    ],
)
def test_what_follows_a_breadcrumb_is_no_column(crumbs: str) -> None:
    markup = article_page().replace("<div class='main'>", crumbs + "<div class='main'>")
    assert read(markup).column_name == "投资动态"


@pytest.mark.parametrize(
    "crumbs",
    [
        f"<div><div><p><b><i>当前位置：</i></b></p></div>末尾</div>{BYLINE}",
        f"<div><p><span>当前位置：</span><a href='/'>首页</a></p>末尾</div>{BYLINE}",
        "<div><span>当前位置：</span><a href='/'>首页</a></div>末尾",
    ],
)
def test_a_breadcrumb_without_crumbs_names_no_column(crumbs: str) -> None:
    """What stands around the element that a breadcrumb is alone in is none of it, however far out."""
    assert read(article_page(after=crumbs)).column_name is None


@pytest.mark.parametrize(
    "pager",
    [
        "上一页 1 2",
        "上一页 [1] [2]",
        "&lt;上一页 (1) (2) 3",
        "<a href='t_1.html'>上一页</a> <a href='t_1.html'>1</a> <span>2</span>",
    ],
)
@pytest.mark.parametrize("tag", ["div", "p"])
def test_the_pager_of_the_last_page_is_no_text(pager: str, tag: str) -> None:
    assert "上一页" not in read(article_page(f"<{tag}>{pager}</{tag}>")).body


def test_a_trs_article_names_its_continuation_in_a_script() -> None:
    script = '<script>createPageHTML(3, 0, "t20250726_1234", "html");</script>'
    following = read(article_page(after=script)).next_page
    assert following is not None
    assert following.url == "http://tzcj.example.gov.cn/tzdt/202507/t20250726_1234_1.html"


def test_the_last_page_of_a_trs_article_has_no_continuation() -> None:
    script = '<script>createPageHTML(3, 2, "t20250726_1234", "html");</script>'
    assert read(article_page(after=script)).next_page is None


def test_a_link_to_the_next_page_of_the_same_article_is_its_continuation() -> None:
    following = read(article_page(after="<a href='t20250726_1234_2.html'>下一页</a>")).next_page
    assert following is not None
    assert following.url == "http://tzcj.example.gov.cn/tzdt/202507/t20250726_1234_2.html"


@pytest.mark.parametrize("link", ["<a href='t20250727_99.html'>下一篇</a>", "<a href='t20250727_99.html'>下一页</a>"])
def test_a_link_to_another_article_is_no_continuation(link: str) -> None:
    assert read(article_page(after=link)).next_page is None


def test_the_canonical_url_is_absolute() -> None:
    assert read(article_page(head='<link rel="canonical" href="/a/1.html">')).canonical_url == (
        "http://tzcj.example.gov.cn/a/1.html"
    )


def test_a_page_without_text_holds_no_article() -> None:
    assert read_article(open_document(page("").encode(), URL)) is None


def test_a_document_that_is_cut_says_so() -> None:
    markup = page("<div class='con'>" + f"<p>{FIRST}</p>" * 70_000 + "</div>")
    assert read(markup, fetched_at=FETCHED).provenance["body"].note == "cut"


def test_the_same_bytes_give_the_same_article_again() -> None:
    body = article_page(byline="发布时间：2025-07-26 来源：黄石日报").encode()
    readings = {repr(read(body)) for _ in range(50)}
    assert len(readings) == 1
