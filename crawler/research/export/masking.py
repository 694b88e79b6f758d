"""Numbers that name a person are masked: mobile telephones and identity cards, each by as many stars as it had digits.

Spans therefore stay where they were. Landlines are left: those of bureaus and parks are public, and cannot be told from
others. Names, e-mail addresses and accounts are left too.
"""

from __future__ import annotations

import re

# What people put between the groups of a number.
_GAP = "[- \u00a0\u2010-\u2015\u3000－]?"
# Eleven digits that begin with 13 to 19, in one or as 3, 4 and 4; not a part of a longer number, and no sum of money.
_MOBILE = re.compile(rf"(?<![\d.])[1１][3-9３-９]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?![\d元万亿])")
_IDENTITY = re.compile(r"(?<!\d)[1-9１-９]\d{16}[\dXxＸｘ](?!\d)")
_MANY_DIGITS = re.compile(rf"\d\d\d{_GAP}\d\d\d\d")
_KEPT_OF_MOBILE, _KEPT_OF_IDENTITY = 3, 6  # the carrier, the place
# GB 11643-1999: the weights of the first 17 digits, and the check character for each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def mask(text: str) -> str:
    """A text with its mobile and identity numbers masked: 138********, 420106************."""
    if _MANY_DIGITS.search(text) is None:
        return text
    return _MOBILE.sub(_without_subscriber, _IDENTITY.sub(_without_person, text))


def _without_subscriber(found: re.Match[str]) -> str:
    number = found[0]
    return number[:_KEPT_OF_MOBILE] + re.sub(r"\d", "*", number[_KEPT_OF_MOBILE:])


def _without_person(found: re.Match[str]) -> str:
    number = found[0]
    if not is_identity_number(number):
        return number
    return number[:_KEPT_OF_IDENTITY] + "*" * (len(number) - _KEPT_OF_IDENTITY)


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are an identity number: their check character is right."""
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    last = number[17].upper().translate({0xFF38: "X"})
    return _CHECKS[weighted % 11] == (last if last == "X" else str(int(last)))
