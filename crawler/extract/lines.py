"""Which lines under an article's element are no part of its text: rows of `boilerplate_lines.csv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from crawler.extract.tables import read_table

# A line longer than this is prose, whatever it begins with.
_LONGEST = {"drop": 120, "tail": 24, "head": 160}
_LONGEST_END = 40
_LINKED = 0.6
_HEAD_LINES = 16
_PROSE = 60
_SENTENCE = re.compile(r"^.{14,}[。；][”」）)]?$")
_DIGIT = re.compile(r"\d")
_FOLD = re.compile(r"\W+")
_TAIL_SHARE = 0.4


@dataclass(slots=True, frozen=True)
class Line:
    """One paragraph, heading, list item or table row.

    `links` counts its characters inside links, `anchors` the links.
    """

    text: str
    links: int = 0
    tag: str = "p"
    anchors: int = 0

    @property
    def linked(self) -> bool:
        """Whether the line is mostly links."""
        return self.links > _LINKED * len(self.text)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    rows: dict[str, list[str]] = {"drop": [], "tail": [], "head": [], "end": []}
    for row in read_table("boilerplate_lines.csv"):
        rows[row["place"]].append(row["pattern"])
    return {place: re.compile("(?:" + "|".join(patterns) + r")\s?$", re.I) for place, patterns in rows.items()}


def _without_end(lines: list[Line]) -> list[Line]:
    """Cut what is printed behind the last sentence: the editor's name, a button's label."""
    if not lines:
        return lines
    last = lines[-1]
    found = _patterns()["end"].search(last.text, max(0, len(last.text) - _LONGEST_END))
    if found is None or not found.start():
        return lines
    return [*lines[:-1], replace(last, text=last.text[: found.start()].rstrip())]


def is_boilerplate(text: str, place: str) -> bool:
    """Whether a line is boilerplate at a place: anywhere (`drop`), as `head` or as the start of the `tail`."""
    return len(text) <= _LONGEST[place] and _patterns()[place].match(text) is not None


def trim(lines: Sequence[Line], title: str | None) -> list[Line]:
    """The lines that belong to the article's text, in order."""
    kept = _without_head(_without_tail(list(lines)), title)
    kept = [line for line in kept if _holds_figures(line) or not is_boilerplate(line.text, "drop")]
    return _without_end(_without_link_lists(kept))


def _holds_figures(line: Line) -> bool:
    """Whether a line is a row of a table with numbers, which is never boilerplate."""
    return line.tag == "tr" and not line.linked and _DIGIT.search(line.text) is not None


def _without_tail(lines: list[Line]) -> list[Line]:
    total = sum(len(line.text) for line in lines)
    rest = 0
    for at in range(len(lines) - 1, 0, -1):
        line = lines[at]
        rest += len(line.text) - line.links
        if rest > _TAIL_SHARE * total:
            break
        if is_boilerplate(line.text, "tail"):
            lines = lines[:at]
            total = sum(len(line.text) for line in lines)
            rest = 0
    return lines


def _same(left: str, right: str) -> bool:
    left, right = _FOLD.sub("", left), _FOLD.sub("", right)
    return left == right or (len(left) >= 8 and left in right and len(left) * 2 >= len(right))


def _without_head(lines: list[Line], title: str | None) -> list[Line]:
    """Leave out what precedes the text: the title once more, the byline and what stands above them."""
    start = 0
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if (title and _same(line.text, title)) or is_boilerplate(line.text, "head"):
            start = at + 1
        elif not line.linked and (len(line.text) > _PROSE or _SENTENCE.search(line.text)):
            break
    return lines[start:]


def _without_link_lists(lines: list[Line]) -> list[Line]:
    """Leave out runs of lines that are links, three and more of them, unless little else is there."""
    kept: list[Line] = []
    run: list[Line] = []
    dropped = 0
    for line in [*lines, Line("")]:
        if line.text and line.linked:
            run.append(line)
            continue
        if sum(max(one.anchors, 1) for one in run) < 3:
            kept.extend(run)
        else:
            dropped += sum(len(one.text) for one in run)
        run = []
        if line.text:
            kept.append(line)
    if dropped > 3 * sum(len(line.text) for line in kept):
        return list(lines)
    return kept
