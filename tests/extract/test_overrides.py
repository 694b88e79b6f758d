from datetime import UTC, date, datetime

from crawler.extract import open_document, read_page
from crawler.extract.overrides import selectors_for
from crawler.items import FieldRule, Selectors
from tests.extract.pages import FIRST, URL, article_page, read_with

MARKUP = article_page(
    "<div class='own'><p>只要这一段。</p></div>", byline="<i id='when'>2025年7月20日</i><i id='who'>投资科</i>"
)


def fields(**rules: FieldRule) -> Selectors:
    return Selectors(fields=rules)


def test_css_overrides_a_field() -> None:
    article = read_with(MARKUP, fields(origin=FieldRule(css="#who")))
    assert (article.origin, article.provenance["origin"].rule) == ("投资科", "css:#who")


def test_xpath_overrides_a_field() -> None:
    article = read_with(MARKUP, fields(title=FieldRule(xpath="//i[@id='who']/text()")))
    assert (article.title, article.provenance["title"].rule) == ("投资科", "xpath://i[@id='who']/text()")


def test_a_fixed_value_overrides_a_field() -> None:
    assert read_with(MARKUP, fields(column_name=FieldRule(value="投资动态"))).column_name == "投资动态"


def test_an_overridden_date_is_parsed() -> None:
    assert read_with(MARKUP, fields(published=FieldRule(css="#when"))).published_on == date(2025, 7, 20)


def test_an_overridden_body_is_read_as_lines() -> None:
    assert read_with(MARKUP, fields(body=FieldRule(css=".own"))).body == "只要这一段。"


def test_a_rule_that_matches_nothing_leaves_the_field_alone() -> None:
    assert read_with(MARKUP, fields(body=FieldRule(css=".gone"))).body.startswith(FIRST)


def test_a_rule_that_cannot_be_read_leaves_the_field_alone() -> None:
    assert read_with(MARKUP, fields(title=FieldRule(css="div[["), body=FieldRule(xpath="//*["))).body.startswith(FIRST)


def test_selectors_count_on_the_days_of_their_fetches() -> None:
    old = Selectors(until=date(2024, 12, 31))
    new = Selectors(since=date(2025, 1, 1))
    document = open_document(b"", URL, fetched_at=datetime(2024, 12, 31, 17, 0, tzinfo=UTC))
    assert selectors_for(document, [old, new]) is new


def test_a_page_is_read_with_the_selectors_of_its_day() -> None:
    selectors = [
        Selectors(fields={"title": FieldRule(value="旧")}, until=date(2024, 12, 31)),
        Selectors(fields={"title": FieldRule(value="新")}, since=date(2025, 1, 1)),
    ]
    when = datetime(2025, 8, 1, tzinfo=UTC)
    page = read_page(MARKUP.encode(), URL, role="article", selectors=selectors, fetched_at=when)
    assert page.article is not None
    assert page.article.title == "新"
