"""Which element of a page holds the article's text: one that a CMS names, else the one where prose is densest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from crawler.extract.files import is_attachment
from crawler.extract.outline import Outline
from crawler.extract.tables import read_table

# A character of link text speaks against an element almost as much as one of prose speaks for it.
_LINK_COST = 0.8
_NEVER = float("-inf")
# A child with this share of an element's prose stands for the element.
_DRILL = 0.92
# A child made of several paragraphs needs this share only: what is beside it is comments or teasers.
_DOMINANT = 0.6
_KNOWN_SHARE = 0.35
# A container whose name belongs to one CMS is believed with this little text.
_STRONG_CHARS = 20
# So much prose beside a title is more than a byline. Prose elsewhere is the text only where it is far more than that
# (then a lead stands beside the title) and not full of links.
_BESIDE_TITLE = 60
_FAR_PROSE = 4
_FAR_LINKS = 0.15
_MEDIA = frozenset({"img", "iframe", "embed", "object", "video"})
_PARAGRAPH_TAGS = "p h1 h2 h3 h4 h5 h6 li pre blockquote a b font span strong em u i center dd dt"
_PARAGRAPH = frozenset(_PARAGRAPH_TAGS.split())


@dataclass(slots=True, frozen=True)
class Container:
    """The element that holds the article, by number, and the rule that chose it."""

    number: int
    rule: str
    confidence: float


@dataclass(slots=True, frozen=True)
class _Known:
    family: str
    strong: bool


@dataclass(slots=True, frozen=True)
class _Names:
    exact: dict[str, dict[str, _Known]]
    prefix: dict[str, tuple[tuple[str, _Known], ...]]

    def find(self, attribute: str, name: str) -> _Known | None:
        found = self.exact[attribute].get(name)
        if found is None:
            for prefix, known in self.prefix[attribute]:
                if name.startswith(prefix):
                    return known
        return found


@cache
def _names() -> _Names:
    exact: dict[str, dict[str, _Known]] = {"id": {}, "class": {}}
    prefix: dict[str, list[tuple[str, _Known]]] = {"id": [], "class": []}
    for row in read_table("containers.csv"):
        known = _Known(row["family"], row["trust"] == "strong")
        if row["match"] == "exact":
            exact[row["attribute"]][row["name"]] = known
        else:
            prefix[row["attribute"]].append((row["name"], known))
    return _Names(exact, {key: tuple(rows) for key, rows in prefix.items()})


def find_container(page: Outline) -> Container | None:
    """The element with the article's text; None for a page without elements."""
    if not page.elements:
        return None
    densest = _densest(page)
    named = _named(page)
    best = _best_named(page, [row for row in named if row[1].strong], densest, strong=True)
    if best is None:
        best = _best_named(page, named, densest, strong=False)
    if best is not None:
        return best
    return Container(_drill(page, densest), "density", 0.7)


def nearer(page: Outline, container: Container, title: int) -> Container:
    """The container again, or the one beside the title where prose is densest only far away from it.

    Comments and teasers can outweigh a short article; its title stands in the smallest element that also holds prose.
    """
    around = title
    own = page.prose[title] + _BESIDE_TITLE
    while around >= 0 and page.prose[around] < own:
        around = page.parent[around]
    if around <= 0 or around <= container.number < page.end[around]:
        return container
    far = container.number
    outweighs = page.prose[far] > _FAR_PROSE * page.prose[around] and page.links[far] < _FAR_LINKS * page.chars[far]
    if outweighs and not page.in_released_zone(far):
        return container
    return Container(_drill(page, _densest(page, around, page.end[around])), "density:title", 0.6)


def _densest(page: Outline, start: int = 0, end: int | None = None) -> int:
    prose, links = page.prose[start:end], page.links[start:end]
    scores = [
        _NEVER if zone else one - _LINK_COST * linked
        for one, linked, zone in zip(prose, links, page.zone[start:end], strict=True)
    ]
    return start + scores.index(max(scores))


def _named(page: Outline) -> list[tuple[int, _Known]]:
    return [(at, known) for at, identity, classes in page.names if (known := _known(identity, classes)) is not None]


@lru_cache(maxsize=8192)
def _known(identity: str, classes: str) -> _Known | None:
    """What a CMS calls by such names; a site uses the same ones on all its pages."""
    names = _names()
    known = names.find("id", identity) if identity else None
    for name in classes.split() if known is None else ():
        known = names.find("class", name)
        if known:
            break
    return known


def _best_named(page: Outline, named: list[tuple[int, _Known]], densest: int, *, strong: bool) -> Container | None:
    if not named:
        return None
    best, known = max(named, key=lambda row: (page.prose[row[0]], page.chars[row[0]]))
    inner = [row for row in named if best < row[0] < page.end[best] and page.chars[row[0]] >= _STRONG_CHARS]
    if len(inner) == 1 and 3 * page.links[inner[0][0]] < page.chars[inner[0][0]]:
        best, known = inner[0]
    enough = page.prose[best] >= _KNOWN_SHARE * page.prose[densest]
    if strong:
        enough = enough or (page.chars[best] >= _STRONG_CHARS and 2 * page.links[best] < page.chars[best])
    enough = enough or (page.prose[densest] < _BESIDE_TITLE and _shows_media(page, best))
    if not enough:
        return None
    return Container(_together(page, best, named), f"container:{known.family}", 0.95 if strong else 0.9)


def _shows_media(page: Outline, at: int) -> bool:
    """Whether an element holds pictures or files: all there is to some posts."""
    inside = slice(at, page.end[at])
    return any(
        tag in _MEDIA or element.get("pdfsrc") or (tag == "a" and is_attachment(element.get("href") or ""))
        for tag, element in zip(page.tags[inside], page.elements[inside], strict=True)
    )


def _together(page: Outline, best: int, named: list[tuple[int, _Known]]) -> int:
    """The element around several containers of one article, where it holds hardly anything else."""
    others = [
        at
        for at, _ in named
        if not best <= at < page.end[best]
        and not at <= best < page.end[at]
        and page.prose[at] * 10 >= page.prose[best] > 0
    ]
    if not others:
        return best
    around = page.parent[best]
    if around >= 0 and all(around < at < page.end[around] for at in others):
        prose = page.prose[best] + sum(page.prose[at] for at in others)
        if page.prose[around] <= 1.2 * prose:
            return around
    return best


def _drill(page: Outline, at: int) -> int:
    while True:
        children = page.children(at)
        if not children or not page.prose[at]:
            return at
        child = max(children, key=page.prose.__getitem__)
        share = page.prose[child] / page.prose[at]
        if share >= _DRILL or (share >= _DOMINANT and _structured(page, child)):
            at = child
        else:
            return at


def _structured(page: Outline, at: int) -> bool:
    """Whether an element is made of several paragraphs itself, rather than being one."""
    if page.tags[at] in _PARAGRAPH:
        return False
    return len(page.children(at)) >= 2


def find_lead(page: Outline, container: int, title: int | None) -> int | None:
    """The lead of an article that stands in an element of its own between title and text; None where there is none."""
    at = container
    for _ in range(4):
        up = page.parent[at]
        if up <= 0 or (title is not None and up <= title < at and page.tags[up] == "body"):
            return None
        for sibling in page.children(up):
            if sibling >= at:
                break
            if (
                page.prose[sibling] >= 40
                and not page.zone[sibling]
                and page.prose[sibling] >= 0.7 * page.chars[sibling]
                and page.links[sibling] * 4 < page.chars[sibling]
                and page.chars[sibling] <= 600
                and (title is None or sibling > title)
            ):
                return sibling
        at = up
        if title is not None and at <= title:
            return None
    return None
