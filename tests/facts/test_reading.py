"""All facts of an article: spans slice, a text always gives the same, and what stands far away changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fact_items import Facts
from crawler.facts import read_facts
from crawler.facts.reading import MOST_CHARACTERS
from tests.facts.labels import GoldText, sentences

TEXTS = [*sentences("sentences"), *sentences("apart")]
FAR = "\n老街修葺一新,游人如织,灯火通明。" * 30
WORDS = "武汉市江汉区光谷湖北百兴公司集团银行逾亿元万美元3至5签约20个项目开工印发政策、,。()\n\t总投资与由承建第"


def spans(facts: Facts) -> Iterator[tuple[str, str, int, int, str]]:
    for kind in ("regions", "amounts", "organizations", "industries", "events"):
        for each in getattr(facts, kind):
            yield kind, each.field, each.start, each.end, each.surface
    for project in facts.projects:
        yield "projects", "body", project.start, project.end, project.surface


@settings(deadline=None)
@given(st.text(alphabet=WORDS, max_size=40), st.text(alphabet=WORDS, max_size=80))
def test_spans_always_slice_to_their_surface(title: str, body: str) -> None:
    fields = {"title": title, "body": body}
    for _, field, start, end, surface in spans(read_facts(title, body)):
        assert fields[field][start:end] == surface != ""


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for _, field, start, end, surface in spans(read_facts(text, text)):
        assert field in ("title", "body")
        assert text[start:end] == surface


def near(facts: Facts, end: int) -> tuple[object, ...]:
    """What is read before a position, but for industries, which are the whole article's, and roles of regions."""
    regions = [(each.start, each.end, each.code) for each in facts.regions if each.end <= end]
    return regions, facts.amounts, facts.organizations, facts.events, facts.projects


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_text_far_away_changes_no_span_and_no_value(text: GoldText) -> None:
    alone = read_facts("", text.body, on=text.on)
    assert near(read_facts("", text.body + FAR, on=text.on), len(text.body)) == near(alone, len(text.body))


def test_the_thousandth_reading_is_the_first() -> None:
    body = TEXTS[1].body
    first = read_facts("", body)
    for text in TEXTS[:20]:
        read_facts("", text.body)
    assert read_facts("", body) == first


def test_a_text_without_end_is_read_as_far_as_a_report_may_go() -> None:
    blank = "\n" * MOST_CHARACTERS
    assert read_facts("", "武汉。" + blank).regions and not read_facts("", blank + "武汉。").regions
