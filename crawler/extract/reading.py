"""The parts of an article page, found once: its outline, title, container, lines and byline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.body import BodyReader
from crawler.extract.byline import joined
from crawler.extract.container import Container, find_container, find_lead, nearer
from crawler.extract.document import Document
from crawler.extract.lines import Line, trim
from crawler.extract.meta import Meta
from crawler.extract.outline import Outline, outline
from crawler.extract.title import Title, find_title

_ABSTRACT = re.compile(r"\W?(?:内容|文章)?(?:摘要|导读|提要|简介|核心提示|内容提要|概要)")
# A lead this much of whose words come again where the text opens is its digest.
_REPEATED = 0.6
_OPENING = 400
# A byline is made of this many pieces at most, none of them as long as prose.
_BYLINE_TEXTS = 60
_PROSE_TEXT = 60
_PIECE = 200


@dataclass(slots=True)
class Reading:
    """What the parts of one article page were found to be; `region` is the text around its title."""

    document: Document
    page: Outline
    meta: Meta
    container: Container
    title: Title | None
    raw: list[Line]
    lines: list[Line]
    reader: BodyReader
    byline: str
    around: str


def read_parts(document: Document, *, hidden: bool = False) -> Reading | None:
    """Find the parts of a page; with `hidden` also in what a style hides. None for a page without elements."""
    meta = document.meta
    page = outline(document.root, hidden=hidden)
    container = find_container(page)
    if container is None:
        return None
    title = find_title(page, meta, container.number)
    shown = title.element if title is not None and title.evidence.rule == "shown" else None
    if container.rule == "density" and shown is not None:
        container = nearer(page, container, shown)
    reader = BodyReader(page)
    raw = reader.read(container.number)
    lines = trim(raw, title.text if title else None)
    lines = _lead(page, container, title, lines) + lines
    byline, around = _byline(page, container, title)
    return Reading(document, page, meta, container, title, raw, lines, reader, byline, around)


def _lead(page: Outline, container: Container, title: Title | None, lines: list[Line]) -> list[Line]:
    """The lead above the text, unless the text repeats it or it is an editor's abstract."""
    number = find_lead(page, container.number, title.element if title else None)
    if number is None:
        return []
    lead = trim(BodyReader(page).read(number), title.text if title else None)
    said = "".join(line.text for line in lead)
    text = "".join(line.text for line in lines)
    if not said or _ABSTRACT.match(said) or len(said) > len(text) or _repeats(text[:_OPENING], said):
        return []
    return lead


def _repeats(text: str, said: str) -> bool:
    """Whether a text begins with what was said above it, if in other words."""
    if said[:30] in text:
        return True
    threes = {said[at : at + 3] for at in range(len(said) - 2)}
    return sum(three in text for three in threes) >= _REPEATED * len(threes)


def _byline(page: Outline, container: Container, title: Title | None) -> tuple[str, str]:
    """The text between title and prose, and the text on both sides of that."""
    texts = page.texts
    first_inside = next((at for at, (owner, _) in enumerate(texts) if owner >= container.number), len(texts))
    stop = first_inside
    inside_end = page.end[container.number]
    while (
        stop < len(texts)
        and stop < first_inside + 15
        and texts[stop][0] < inside_end
        and len(texts[stop][1]) <= _PROSE_TEXT
    ):
        stop += 1
    start = max(0, first_inside - 25)
    if title is not None and title.element is not None:
        named = next((at for at, (owner, _) in enumerate(texts) if owner >= title.element), start)
        if named < stop:
            start = named
    start = max(start, stop - _BYLINE_TEXTS)
    after = next((at for at in range(stop, len(texts)) if texts[at][0] >= inside_end), len(texts))
    inside = texts[max(stop, after - 6) : after]
    around = (
        texts[max(0, start - 12) : start]
        + [row for row in inside if "发布" in row[1] or "发表" in row[1]]
        + texts[after : after + 15]
    )
    return joined([text[:_PIECE] for _, text in texts[start:stop]]), joined([text[:_PIECE] for _, text in around])
