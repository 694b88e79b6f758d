"""The labelled set is whole: spans slice, digests agree, traps and codes are what they say."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crawler.fact_items import AmountFact, EventFact, Facts, OrganizationFact, RegionFact
from tests.facts.labels import SEED, GoldText, marked_up, seed_articles, sentences
from tests.facts.scoring import score, table

needs_seed = pytest.mark.skipif(
    not SEED.exists(), reason="the seed listing is kept outside the project, in ../shared/seed"
)


def test_a_hundred_sentences_and_thirty_five_apart_are_labelled() -> None:
    assert len(sentences("sentences")) == 100
    assert len(sentences("apart")) == 35


@needs_seed
def test_the_labelled_seed_articles_are_those_of_the_listing() -> None:
    articles = seed_articles()
    assert [each.name for each in articles] == [f"seed:{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10)]
    assert sum(len(each.labels) for each in articles) == 247


@pytest.mark.parametrize("name", ["sentences", "apart"])
def test_labels_of_one_type_do_not_overlap(name: str) -> None:
    for text in sentences(name):
        for kind in ("regions", "amounts", "organizations", "events"):
            spans = sorted((each.start, each.end) for each in text.labels if each.type == kind)
            assert all(before[1] <= after[0] for before, after in pairwise(spans)), text.name


def test_the_markup_nests_and_carries_values() -> None:
    line = "[[湖北|r=420000:origin]甲公司|o:investor]投资[3至5亿元|a=3e8~5e8 exact investment]"
    text = marked_up("one", line + " #27 @2025-01-02 !湖北甲公司;3e8;420000;signing")
    assert text.body == "湖北甲公司投资3至5亿元"
    assert [(each.type, text.body[each.start : each.end], each.value) for each in text.labels] == [
        ("regions", "湖北", ("420000",)),
        ("organizations", "湖北甲公司", ("湖北甲公司",)),
        ("amounts", "3至5亿元", (3e8, "CNY", 3e8, 5e8)),
    ]
    assert (text.industries, str(text.on), text.projects[0].value_cny) == (("27",), "2025-01-02", 3e8)


def test_a_wrong_bracket_is_named() -> None:
    with pytest.raises(ValueError, match="line 7: a bracket is not closed"):
        marked_up("line 7", "[甲公司签约")


def perfect(text: GoldText) -> Facts:
    """Facts as labelled, to prove the scorer."""
    facts: dict[str, list[object]] = {"regions": [], "amounts": [], "organizations": [], "events": []}
    for each in text.labels:
        surface = text.body[each.start : each.end]
        place = {"start": each.start, "end": each.end, "surface": surface}
        value: tuple[object, ...] = each.value
        if each.type == "regions":
            facts["regions"].append(RegionFact("body", value[0], surface, "mention", **place))  # type: ignore[arg-type]
        elif each.type == "amounts":
            facts["amounts"].append(AmountFact("body", *value, "exact", "other", **place))  # type: ignore[arg-type,call-arg]
        elif each.type == "organizations":
            facts["organizations"].append(OrganizationFact("body", surface, value[0], None, **place))  # type: ignore[arg-type]
        else:
            facts["events"].append(EventFact("body", *value, **place))  # type: ignore[arg-type]
    return Facts(**{name: tuple(some) for name, some in facts.items()})  # type: ignore[arg-type]


def test_the_scorer_gives_one_to_what_is_as_labelled_and_nothing_to_silence() -> None:
    texts = sentences("sentences")
    whole, silent = score(texts, perfect), score(texts, lambda text: Facts())
    for kind in ("regions", "amounts", "organizations", "events"):
        assert (whole.scores[kind].precision, whole.scores[kind].recall) == (1.0, 1.0), kind
        assert silent.scores[kind].recall == 0.0
    assert whole.trapped == 0
    assert "precision" in table({"gold": whole})


def test_a_shifted_span_and_another_value_are_wrong() -> None:
    text = marked_up("one", "[武汉|r=420100][签约|e=signing]")
    shifted = EventFact("body", "signing", None, 1, 3, "汉签")
    other = RegionFact("body", "420102", "武汉", "mention", 0, 2, "武汉")
    report = score([text], lambda _: Facts(regions=(other,), events=(shifted,)))
    assert report.scores["regions"].right == report.scores["events"].right == 0
    assert len(report.wrong) == 4
