import lxml.html
import pytest

from crawler.extract.meta import Meta, read_meta
from tests.extract.pages import article_page, read


def meta(markup: str) -> Meta:
    return read_meta(lxml.html.document_fromstring(f"<html><head>{markup}</head><body></body></html>"))


def test_names_match_in_any_case() -> None:
    assert meta('<meta name="pubdate" content="2025-07-26 09:30">').first("PubDate") == ("PubDate", "2025-07-26 09:30")


@pytest.mark.parametrize(
    "value", ["", " ", "null", "NULL", "undefined", "{ArticleTitle}", "<%=title%>", "${title}", "[field:title/]"]
)
def test_a_value_that_says_nothing_counts_as_absent(value: str) -> None:
    assert meta(f'<meta name="ArticleTitle" content="{value.replace("<", "&lt;")}">').first("ArticleTitle") is None


def test_of_a_tag_given_twice_the_first_that_says_something_counts() -> None:
    markup = '<meta name="ContentSource" content=""><meta name="ContentSource" content="黄石日报">'
    assert meta(markup).first("ContentSource") == ("ContentSource", "黄石日报")


def test_markup_inside_a_value_is_removed() -> None:
    found = meta('<meta name="ArticleTitle" content="关于印发&lt;br&gt;若干措施的通知">').first("ArticleTitle")
    assert found == ("ArticleTitle", "关于印发若干措施的通知")


def test_the_standard_tags_give_the_fields_of_an_article() -> None:
    article = read(
        article_page(
            head='<meta name="ArticleTitle" content="武汉光电子推介会签约137.5亿元">'
            '<meta name="PubDate" content="2025-07-26 09:30"><meta name="ContentSource" content="黄石日报">'
            '<meta name="Author" content="李明"><meta name="ColumnName" content="投资动态">'
        )
    )
    assert (article.title, article.origin, article.author, article.column_name) == (
        "武汉光电子推介会签约137.5亿元",
        "黄石日报",
        "李明",
        "投资动态",
    )
    assert str(article.published_at) == "2025-07-26 09:30:00+08:00"


def test_every_field_says_which_rule_gave_it() -> None:
    article = read(article_page(byline="发布时间：2025-07-26 来源：黄石日报"))
    assert article.provenance["title"].rule == "shown"
    assert article.provenance["published"].rule == "shown:labelled"
    assert article.provenance["origin"].rule == "shown:来源"
    assert article.provenance["body"].rule
