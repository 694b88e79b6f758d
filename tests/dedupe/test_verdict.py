"""Whether two texts tell one story."""

from __future__ import annotations

import pytest

from crawler.dedupe.fold import fold
from crawler.dedupe.verdict import Text, Verdict, compare
from tests.dedupe.texts import edited, shuffled, story, with_other_figures

SEEDS = range(40)


def text(body: str) -> Text:
    folded = fold("标题", body)
    assert folded is not None
    return Text(folded)


def verdict(left: str, right: str) -> Verdict | None:
    given = compare(text(left), text(right))
    assert given == compare(text(right), text(left))
    return given


def kind(left: str, right: str) -> str | None:
    given = verdict(left, right)
    return given.kind if given else None


@pytest.mark.parametrize("share", [0.01, 0.05, 0.15])
def test_edited_copies_are_near(share: float) -> None:
    assert [kind(story(seed), edited(story(seed), share, seed)) for seed in SEEDS] == ["near"] * len(SEEDS)


def test_shuffled_sentences_are_near() -> None:
    assert {kind(story(seed), shuffled(story(seed), seed)) for seed in SEEDS} == {"near"}


def test_other_figures_are_another_story_however_alike_the_words() -> None:
    assert {kind(story(seed), with_other_figures(story(seed), seed)) for seed in SEEDS} == {None}


def test_one_figure_of_many_put_right_is_the_same_story() -> None:
    assert kind(story(2), story(2).replace("亩", "平方米").replace("9", "8", 1)) == "near"


def test_other_figures_in_other_words_are_another_story() -> None:
    assert {kind(story(seed), edited(with_other_figures(story(seed), seed), 0.05)) for seed in SEEDS} == {None}


def test_articles_of_one_register_are_not_near() -> None:
    assert {kind(story(seed), story(seed + 1000)) for seed in SEEDS} == {None}


def test_the_first_half_is_contained() -> None:
    body = story(6)
    assert verdict(body, body[: len(body) // 2]) == Verdict("contains", 1.0)


def test_a_summary_is_contained() -> None:
    assert kind(story(7), story(7)[:90] + "……") == "contains"


def test_an_excerpt_with_other_figures_is_not_contained() -> None:
    assert kind(story(8), with_other_figures(story(8))[:200]) is None


def test_a_few_characters_are_in_many_texts_by_chance() -> None:
    assert compare(text(story(9)), text(story(9)[:60])) is not None
    folded = fold("标题", "据了解，" * 15)
    assert folded is not None
    assert compare(Text(folded), text(story(9))) is None
