"""The query language: what is read, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.research.search.query import Group, Node, Not, QueryError, Term, parse_query, terms


def shown(node: Node | None) -> str:
    """A tree as one line."""
    if node is None:
        return ""
    if isinstance(node, Term):
        text = "".join(each.token for each in node.places)
        return text if node.field == "text" else f"{node.field}:{text}"
    if isinstance(node, Not):
        return f"not {shown(node.of)}"
    assert isinstance(node, Group)
    return f"({f' {node.kind} '.join(shown(each) for each in node.of)})"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("武汉", "武汉"),
        ("招商 武汉", "(招商 all 武汉)"),
        ("招商　武汉", "(招商 all 武汉)"),
        ("招商 AND 武汉", "(招商 all 武汉)"),
        ("光谷 OR 东湖 武汉", "(光谷 any (东湖 all 武汉))"),
        ("(光谷 OR 东湖) 武汉", "((光谷 any 东湖) all 武汉)"),
        ("（光谷 OR 东湖） 武汉", "((光谷 any 东湖) all 武汉)"),
        ("芯片 -培训", "(芯片 all not 培训)"),
        ("芯片 NOT 培训", "(芯片 all not 培训)"),
        ("NOT (甲 OR 乙)", "not (甲 any 乙)"),
        ("-培训", "not 培训"),
        ('"集成电路 产业园"', "集成电路产业园"),
        ("“集成电路产业园”", "集成电路产业园"),
        ('title:签约 org:"某某银行"', "(title:签约 all org:某某银行)"),
        ("标题：签约 机构:银行", "(title:签约 all org:银行)"),
        ("TITLE:签约", "title:签约"),
        ("COVID-19", "covid19"),
        ("http://x.example/a", "httpxexamplea"),
        ("and or not", "(and all or all not)"),
        ("5G LNG 3551计划", "(5g all lng all 3551计划)"),
        ("招商 —— 武汉", "(招商 all 武汉)"),
        ("'; DROP TABLE article; --", "(drop all table all article)"),
        ("武汉*", "武汉"),
        ("", ""),
        (" \t　", ""),
    ],
)
def test_query_is_read(query: str, tree: str) -> None:
    assert shown(parse_query(query)) == tree


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('"集成电路', "quotation mark has no partner"),
        ("“集成", "quotation mark has no partner"),
        ("AND", "AND stands alone"),
        ("OR 武汉", "OR stands alone"),
        ("武汉 OR", "Nothing follows OR"),
        ("武汉 AND OR 招商", "Nothing follows AND"),
        ("NOT", "Nothing follows NOT"),
        ("武汉 NOT", "Nothing follows NOT"),
        ("(武汉", "opening parenthesis has no partner"),
        ("(", "opening parenthesis has no partner"),
        ("武汉)", "closing parenthesis has no partner"),
        (")", "closing parenthesis has no partner"),
        ("()", "parentheses is empty"),
        ("title:", "title: needs a word"),
        ("org: 银行 title:(甲)", "title: needs a word"),
        ("。。。", "holds no character"),
        ("-", "holds no character"),
        ("*", "holds no character"),
        ("武" * 10_000, "10,000 characters; write at most 1,000"),
        ("武 " * 100, "more than 64 words"),
        ("(" * 40 + "武" + ")" * 40, "more than 16 parentheses"),
        ("NOT " * 40 + "武", "more than 16 parentheses"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        parse_query(query)
    assert str(caught.value).count("\n") == 0 and str(caught.value).endswith(".")


def test_terms_leave_out_what_is_excluded() -> None:
    assert [shown(term) for term in terms(parse_query("甲 (乙 OR title:丙) -丁"))] == ["甲", "乙", "title:丙"]


@given(st.text(alphabet=st.sampled_from('武汉ab1 "“”()（）-:。|&*\t') | st.characters(), max_size=40))
def test_any_text_is_a_query_or_a_sentence(text: str) -> None:
    try:
        parse_query(text)
    except QueryError as error:
        assert str(error).endswith(".")


@given(st.lists(st.sampled_from(["AND", "OR", "NOT", "-", "(", ")", '"', "title:", "武汉", "招"]), max_size=12))
def test_any_row_of_signs_is_a_query_or_a_sentence(signs: list[str]) -> None:
    for text in (" ".join(signs), "".join(signs)):
        try:
            parse_query(text)
        except QueryError as error:
            assert str(error).endswith(".")
