"""Numbers as Chinese texts write them: 1,200.5, 三点五, 两千万, full-width digits."""

from __future__ import annotations

import re

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}

_FULL_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_FULL_WIDTH |= {ord("．"): ord("."), ord("－"): ord("-"), ord("～"): ord("~"), ord("＄"): ord("$"), ord("￥"): ord("¥")}
_FULL_WIDTH |= {code + 0xFEE0: code for code in range(ord("A"), ord("Z") + 1)}
_FULL_WIDTH |= {ord("\u00a0"): ord(" "), ord("\u3000"): ord(" "), ord("\u2009"): ord(" ")}
_ANY_FULL_WIDTH = re.compile(f"[{''.join(map(chr, _FULL_WIDTH))}]")
_FULL_WIDTH_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3})")


def folded(text: str) -> str:
    """The text with half-width figures and blanks, each character in its place, so that spans hold for both."""
    return _FULL_WIDTH_COMMA.sub(",", text).translate(_FULL_WIDTH) if _ANY_FULL_WIDTH.search(text) else text


def numeral(text: str) -> float | None:
    """The value of one number without its scale, e.g. 1,200.5, 三点五, 三千五百; None where it is none.

    A scale alone counts once: 千 is 1000. Digits in a row are read as figures: 二〇二五 is 2025.
    """
    if not text:
        return None
    if text[0].isascii():
        try:
            return float(text.replace(",", ""))
        except ValueError:
            return None
    whole, point, part = text.partition("点")
    if not whole:
        return None
    value = _whole(whole)
    if value is None or not point:
        return value
    digits = [_DIGITS.get(sign) for sign in part]
    if not digits or None in digits:
        return None
    return float(f"{value:.0f}.{''.join(map(str, digits))}")


def _whole(text: str) -> float | None:
    if all(sign in _DIGITS for sign in text):
        return float("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, None
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign] if digit in (None, 0) else None
            if digit is None:
                return None
        elif sign in SCALES:
            total += (digit if digit else 1) * SCALES[sign]
            digit = None
        else:
            return None
    return float(total + (digit or 0))


def scale(text: str) -> int:
    """What a row of scales multiplies by: 千万 is 10,000,000, 万亿 1,000,000,000,000."""
    product = 1
    for sign in text:
        product *= SCALES[sign]
    return product
