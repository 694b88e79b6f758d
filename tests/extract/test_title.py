import pytest

from tests.extract.pages import FIRST, LAST, SECOND, article_page, page, read

TEXT = f"<div class='con'><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></div>"


def title_of(page_title: str, body: str = TEXT, head: str = "") -> str:
    return read(page(body, title=page_title, head=head)).title


@pytest.mark.parametrize(
    ("page_title", "title"),
    [
        ("黄石新港集中签约12个项目_投资动态_黄石市招商促进网", "黄石新港集中签约12个项目"),
        ("黄石新港集中签约12个项目 - 黄石市招商促进网", "黄石新港集中签约12个项目"),
        ("黄石新港集中签约12个项目-黄石市招商促进网", "黄石新港集中签约12个项目"),
        ("黄石新港集中签约12个项目|投资动态", "黄石新港集中签约12个项目"),
        ("黄石市招商促进网_黄石新港集中签约12个项目", "黄石新港集中签约12个项目"),
        ("2021-2025年产业发展规划_黄石市招商促进网", "2021-2025年产业发展规划"),
        ("【湖北招商】黄石新港集中签约12个项目_招商网", "【湖北招商】黄石新港集中签约12个项目"),
        ("答好“年度答卷”——2025年全市招商引资综述_黄石市招商促进网", "答好“年度答卷”——2025年全市招商引资综述"),
    ],
)
def test_site_and_column_are_cut_off(page_title: str, title: str) -> None:
    assert title_of(page_title) == title


def test_the_standard_tag_goes_before_the_page_title() -> None:
    head = '<meta name="ArticleTitle" content="黄石新港集中签约12个项目">'
    assert title_of("黄石市招商促进网", head=head) == "黄石新港集中签约12个项目"


def test_the_heading_that_the_page_title_confirms_is_the_title() -> None:
    body = f"<h2>某某网</h2><h1>黄石新港集中签约12个项目（图）</h1>{TEXT}"
    assert title_of("黄石新港集中签约12个项目（图）-投资-黄石", body) == "黄石新港集中签约12个项目（图）"


def test_a_heading_is_the_title_where_the_page_title_names_the_site_only() -> None:
    body = f"<div class='tit'>黄石新港集中签约12个项目</div>{TEXT}"
    assert title_of("黄石市招商促进网", body) == "黄石新港集中签约12个项目"


def test_the_title_is_no_line_of_the_body() -> None:
    article = read(article_page())
    assert article.title not in article.body
