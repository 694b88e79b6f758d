"""Numbers as Chinese texts write them."""

import pytest

from crawler.facts.numerals import folded, numeral, scale


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200.5", 1200.5),
        ("三点五", 3.5),
        ("三千五百", 3500),
        ("一千零五十", 1050),
        ("十二", 12),
        ("千", 1000),
        ("二〇二五", 2025),
        ("壹佰贰拾", 120),
    ],
)
def test_values(text: str, value: float) -> None:
    assert numeral(text) == value


@pytest.mark.parametrize("text", ["", "点五十百", "两三千", "三百点"])
def test_what_is_no_number(text: str) -> None:
    assert numeral(text) is None


def test_scales_multiply() -> None:
    assert (scale("千万"), scale("万亿"), scale("")) == (10**7, 10**12, 1)


def test_folding_keeps_each_character_in_its_place() -> None:
    text = "１，２００．５万元，２０２５年　ＵＳＤ"
    assert folded(text) == "1,200.5万元，2025年 USD"
    assert len(folded(text)) == len(text)
