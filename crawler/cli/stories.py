"""Printing stories: who published one, what differs, who copies whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.cli import DONE, output

if TYPE_CHECKING:
    from crawler.research.stories import Publication, Syndication

MOST_SENTENCES = 6
_KINDS = {
    "story": "Other publications of this story:",
    "contains": "Articles that are a part of this one:",
    "part_of": "Articles that hold the text of this one:",
}


def print_story(story: Sequence[Publication]) -> None:
    """The other publications of a story with what differs, below the article."""
    for kind, heading in _KINDS.items():
        of_kind = [each for each in story if each.kind == kind]
        if not of_kind:
            continue
        print(f"\n{heading}")
        rows = [
            (
                each.uid,
                each.source,
                each.published_on,
                f"{each.similarity:.2f}",
                "lead" if each.leads else None,
                each.title,
            )
            for each in of_kind
        ]
        output.print_table(("uid", "source", "published", "similarity", "", "title"), rows, right=("similarity",))
        for each in of_kind:
            _print_differences(each)


def _print_differences(publication: Publication) -> None:
    """The sentences that only one of the two has; marked with - and + where there is no colour."""
    from rich.text import Text

    if not publication.differences:
        return
    console = output.console(soft_wrap=True)
    console.print(Text(f"{publication.uid} ({publication.source}) differs:"))
    for difference in publication.differences[:MOST_SENTENCES]:
        for kind, mark, style in (("removed", "-", "red"), ("added", "+", "green")):
            if kind in difference:
                console.print(Text(f"{mark} {output.readable(difference[kind])}", style=style))
    more = len(publication.differences) - MOST_SENTENCES
    if more > 0:
        console.print(Text(f"… and {more} more sentences; --json has them all"))


def print_syndication(pairs: Sequence[Syndication], *, json_: bool) -> int:
    """Who publishes what whom had published first, how often, and after how many days."""
    if json_:
        output.print_json(pairs)
        return DONE
    if not pairs:
        output.say("No source has published what another one had published first.")
    rows = [(each.first, each.then, each.articles, each.median_delay) for each in pairs]
    output.print_table(("first", "then", "articles", "median days"), rows, right=("articles", "median days"))
    return DONE
