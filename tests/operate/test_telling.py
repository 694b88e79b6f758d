"""What tells an article in a page: its own lines, its title with one of them, never what others say too."""

from __future__ import annotations

import pytest

from crawler.operate.telling import Part, Said, pieces_of, shown_by, squeezed, telling

FIRST = "甲项目由示范新材料有限公司投资建设，占地一百二十亩，计划分三期完成。"
SECOND = "项目全部投产以后，预计年产值十一亿元，可以带动当地三百人就业。"
COMMON = "凡符合产业目录的项目均可申请用地、用能、用工等要素保障，具体办法见文件。"
TITLE = "甲项目开工"


def said(body: str, *others: str) -> Said:
    """What tells an article of this body beside others of the source."""
    (state,) = telling([(TITLE, pieces_of(body))], [[squeezed(text)] for text in others])
    return state


@pytest.mark.parametrize(
    ("shown", "part"),
    [
        (FIRST + SECOND, "most"),
        (TITLE + FIRST, "most"),
        (TITLE + SECOND, "some"),
        (SECOND, None),
        (COMMON, None),
        (TITLE + COMMON, None),
        (TITLE, None),
    ],
)
def test_what_a_page_shows_of_it(shown: str, part: Part | None) -> None:
    assert said(f"{FIRST}\n{SECOND}\n{COMMON}", f"乙项目\n{COMMON}").part_in(shown) == part


def test_a_copy_does_not_make_its_lines_shared() -> None:
    assert said(f"{FIRST}\n{SECOND}", f"转载\n{FIRST}\n{SECOND}").part_in(FIRST + SECOND) == "most"


def test_what_many_say_is_no_copy_of_one() -> None:
    state = said(COMMON, *(f"{name}项目\n{COMMON}" for name in "乙丙丁"))
    assert state.own == frozenset()
    assert (state.part_in(COMMON), state.part_in(TITLE + COMMON)) == (None, "most")


def test_a_long_line_is_told_in_pieces() -> None:
    line = "".join(f"第{number}个项目由示范公司投资建设。" for number in range(12))
    state = said(line)
    assert (state.part_in(line), state.part_in(line[: len(line) // 3])) == ("most", None)


def test_a_short_record_is_told_whole_by_its_title() -> None:
    (state,) = telling([(TITLE, pieces_of("开工了。\n很好。", short=True))], [])
    assert (state.part_in(TITLE + "开工了。很好。"), state.part_in(TITLE)) == ("most", None)


def test_a_page_is_read_without_tags_blanks_and_escapes() -> None:
    assert shown_by("<p>甲&#39033; <b>目</b></p>\\u5f00工".encode(), "text/html; charset=utf-8") == "甲项目开工"
