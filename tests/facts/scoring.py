"""Precision and recall of the facts read, a type, on exact span and value: `python -m tests.facts.scoring [--wrong]`.

`--wrong` lists what was missed or too much in the seed and the sentences; of the set kept apart only numbers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.fact_items import AmountFact, EventFact, Facts, OrganizationFact, RegionFact
from crawler.facts import read_facts
from tests.facts.labels import SEED, GoldText, Label, seed_articles, sentences

TYPES = ("regions", "amounts", "organizations", "events")
Reader = Callable[[GoldText], Facts]
Fact = RegionFact | AmountFact | OrganizationFact | EventFact


@dataclass(slots=True)
class Score:
    """Counts of one type: `right` facts of `found` ones and of `labelled` ones; `extras` (right, of) a named extra."""

    right: int = 0
    found: int = 0
    labelled: int = 0
    extras: Counter[tuple[str, bool]] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    def share(self, extra: str) -> float:
        """How many of the labelled extras (roles, kinds) of right facts are right."""
        right, wrong = self.extras[extra, True], self.extras[extra, False]
        return right / (right + wrong) if right + wrong else 1.0


@dataclass(slots=True)
class Report:
    """The scores of a set of texts, and in words what was wrong."""

    scores: dict[str, Score] = field(default_factory=lambda: {each: Score() for each in (*TYPES, "projects")})
    industries: tuple[int, int] = (0, 0)
    trapped: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def industry_share(self) -> float:
        right, of = self.industries
        return right / of if of else 1.0


def score(texts: Iterable[GoldText], read: Reader) -> Report:
    """Read each text and compare."""
    report = Report()
    for text in texts:
        facts = read(text)
        for kind in TYPES:
            _compare(report, text, kind, getattr(facts, kind))
        _industries(report, text, facts)
        _projects(report, text, facts)
    return report


def _compare(report: Report, text: GoldText, kind: str, facts: Sequence[Fact]) -> None:
    labels = {(each.field, each.start, each.end): each for each in text.labels if each.type == kind}
    counted = report.scores[kind]
    counted.labelled += len(labels)
    counted.found += len(facts)
    for fact in facts:
        label = labels.get((fact.field, fact.start, fact.end))
        if label is not None and agrees(label, fact):
            counted.right += 1
            del labels[fact.field, fact.start, fact.end]
            for name, wanted in label.extras:
                counted.extras[name, getattr(fact, name) == wanted] += 1
        else:
            said = f" (labelled {label.value})" if label else ""
            report.wrong.append(f"{text.name} {kind} surplus {_around(text, fact)} {value_of(fact)}{said}")
        report.trapped += _is_trapped(text, fact)
    report.wrong += [f"{text.name} {kind} missed {_around(text, label)} {label.value}" for label in labels.values()]


def _is_trapped(text: GoldText, fact: Fact) -> bool:
    return fact.field == "body" and any(start < fact.end and fact.start < end for start, end in text.traps)


def agrees(label: Label, fact: Fact) -> bool:
    """Whether a fact on the labelled span has the labelled value; a bound that is not labelled may be given."""
    value = value_of(fact)
    if not isinstance(fact, AmountFact):
        return value == label.value
    return all(
        (wanted is None and index >= 2) or wanted == given or _is_near(wanted, given)
        for index, (wanted, given) in enumerate(zip(label.value, value, strict=True))
    )


def value_of(fact: Fact) -> tuple[object, ...]:
    """What must be equal to the label."""
    if isinstance(fact, RegionFact):
        return (fact.code,)
    if isinstance(fact, AmountFact):
        return (fact.value, fact.currency, fact.low, fact.high)
    if isinstance(fact, OrganizationFact):
        return (fact.normalized_name,)
    return (fact.type, fact.count)


def _is_near(wanted: object, given: object) -> bool:
    both = isinstance(wanted, float) and isinstance(given, float | int)
    return both and abs(float(str(wanted)) - float(str(given))) <= 1e-9 * abs(float(str(wanted)))


def _around(text: GoldText, span: Fact | Label) -> str:
    whole = text.title if span.field == "title" else text.body
    before, after = whole[max(0, span.start - 8) : span.start], whole[span.end : span.end + 8]
    return f"{before}[{whole[span.start : span.end]}]{after}".replace("\n", "\\n").replace("\t", "\\t")


def _industries(report: Report, text: GoldText, facts: Facts) -> None:
    if not text.industries:
        return
    first = [each.code for each in facts.industries if each.code.isdigit()][:2]
    right = bool(set(first) & set(text.industries))
    report.industries = (report.industries[0] + right, report.industries[1] + 1)
    if not right:
        report.wrong.append(f"{text.name} industries {first} for {text.industries}: {(text.title + text.body)[:60]}")


def _projects(report: Report, text: GoldText, facts: Facts) -> None:
    if text.subject:  # the seed's projects are not labelled
        return
    wanted = [(each.organization, each.value_cny, each.region_code, each.event) for each in text.projects]
    given = [(each.organization, each.value_cny, each.region_code, each.event) for each in facts.projects]
    counted = report.scores["projects"]
    counted.labelled += len(wanted)
    counted.found += len(given)
    counted.right += sum(each in wanted for each in given)
    if wanted != given:
        report.wrong.append(f"{text.name} projects {given} for {wanted}")


def read_gold(text: GoldText) -> Facts:
    """What the package reads out of a labelled text."""
    return read_facts(text.title, text.body, on=text.on)


def table(reports: dict[str, Report]) -> str:
    """The scores as a table, one row a set and type."""
    rows = ["set        type            precision  recall  right/found/labelled"]
    for name, report in reports.items():
        for kind, each in report.scores.items():
            counts = f"{each.right}/{each.found}/{each.labelled}"
            extras = {extra for extra, _ in each.extras}
            shares = "  ".join(f"{extra} {each.share(extra):.3f}" for extra in sorted(extras))
            rows.append(f"{name:10} {kind:15} {each.precision:9.3f} {each.recall:7.3f}  {counts:14} {shares}".rstrip())
        right, of = report.industries
        rows.append(
            f"{name:10} {'industries':15} {report.industry_share:9.3f}          {right}/{of} (among the first two)"
        )
        if report.trapped:
            rows.append(f"{name:10} {report.trapped} facts where a trap says there is none")
    return "\n".join(rows)


def sets() -> dict[str, list[GoldText]]:
    """The labelled sets by name; the seed only where its listing is there."""
    seed = {"seed": seed_articles()} if SEED.exists() else {}
    return {**seed, "sentences": sentences("sentences"), "apart": sentences("apart")}


def main() -> None:
    """Print the table, with `--wrong` what was missed or too much as well."""
    texts = sets()
    rules = [each for name, some in texts.items() if name != "apart" for each in some]
    reports = {name: score(some, read_gold) for name, some in {**texts, "gold": rules}.items()}
    if "--wrong" in sys.argv:
        print("\n".join(reports["gold"].wrong))
    print(table({name: reports[name] for name in (*(each for each in texts if each != "apart"), "gold", "apart")}))


if __name__ == "__main__":
    main()
