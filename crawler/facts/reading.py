"""Reading all facts of one article: the steps, in an order in which each sees what those before it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from crawler.fact_items import FactField, Facts

# The number of these rules. Facts of another number are computed anew by `zhaoshang reindex --facts`, never patched:
# count it up with every change of a rule or a table that changes what is read.
FACTS_VERSION = 1
# Longer than any report: what stands beyond is not read, so that no page made to be slow costs more than seconds.
MOST_CHARACTERS = 200_000


@dataclass(slots=True, frozen=True)
class Given:
    """What facts are read from: an article's two texts, its date, and the region code of its source."""

    title: str
    body: str
    on: date | None = None
    source_region: str | None = None


_FIELDS: tuple[FactField, ...] = ("title", "body")
Step = Callable[[Given, Facts], Facts]


# Each step loads its tables and tools when it first runs: a command that only shows an archive does without them.


def _regions(given: Given, facts: Facts) -> Facts:
    from crawler.facts.regions import regions

    found = regions(given.title, given.body, on=given.on, source_region=given.source_region)
    return replace(facts, regions=tuple(found))


def _amounts(given: Given, facts: Facts) -> Facts:
    from crawler.facts.amounts import amounts

    found = (*amounts(given.title, "title", on=given.on), *amounts(given.body, "body", on=given.on))
    return replace(facts, amounts=found)


def _organizations(given: Given, facts: Facts) -> Facts:
    from crawler.facts.organizations import organizations

    places = {field: [(each.start, each.end) for each in facts.regions if each.field == field] for field in _FIELDS}
    found = organizations(given.title, given.body, title_places=places["title"], body_places=places["body"])
    return replace(facts, organizations=found)


def _industries(given: Given, facts: Facts) -> Facts:
    from crawler.facts.industries import industries

    return replace(facts, industries=tuple(industries(given.title, given.body)))


def _events(given: Given, facts: Facts) -> Facts:
    from crawler.facts.events import events

    return replace(facts, events=(*events(given.title, "title"), *events(given.body, "body")))


def _projects(given: Given, facts: Facts) -> Facts:
    from crawler.facts.projects import projects

    return replace(facts, projects=projects(given.body, facts))


STEPS: tuple[Step, ...] = (_regions, _amounts, _organizations, _industries, _events, _projects)


def read_facts(title: str, body: str, *, on: date | None = None, source_region: str | None = None) -> Facts:
    """Read the regions, amounts, organizations, industries, events and projects of an article.

    `on` is the article's date, which chooses the year's region codes and the exchange rates; `source_region` the
    GB/T 2260 code of who published it, which settles names that several places bear. The same texts give the same
    facts. Of each text the first `MOST_CHARACTERS` are read. Raises nothing on any text.
    """
    given, facts = Given(title[:MOST_CHARACTERS], body[:MOST_CHARACTERS], on, source_region), Facts()
    for step in STEPS:
        facts = step(given, facts)
    return facts
