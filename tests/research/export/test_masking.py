"""Numbers that name a person are masked, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.research.export.masking import is_identity_number, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系人13812345678。", "联系人138********。"),
        ("电话：138-1234-5678", "电话：138-****-****"),
        ("+86 138 1234 5678", "+86 138 **** ****"),
        ("手机１３８１２３４５６７８", "手机１３８********"),
        ("证件11010519491231002X。", "证件110105************。"),
        ("证件11010519491231002x。", "证件110105************。"),
    ],
)
def test_mobile_and_identity_numbers_are_masked_in_place(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "电话0714-6512345",
        "热线12345、4008123456",
        "投资13800000000元",
        "占地1381234567平方米",
        "编号138123456789",
        "证件110105194912310021",
        "年产值1.3812345678亿",
        "2025年1月1日至2025年12月31日",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_an_identity_number_has_a_check_character() -> None:
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310020")


@given(st.text(alphabet="1３4５8９０0-. X亿元甲", max_size=60))
def test_a_text_keeps_its_length_and_what_is_no_digit(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(now in (then, "*") for now, then in zip(masked, text, strict=True))
    assert mask(masked) == masked
