"""What part an organization plays, where its clause tells it; the patterns are rows of organization_roles.csv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from crawler.fact_items import OrganizationRole
from crawler.facts.organization_names import Name
from crawler.facts.tables import read_table

_REACH = 60
_BRACKET = re.compile(r"[（(][^（()）]{1,20}[)）]")
_CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n\t]")


@dataclass(slots=True, frozen=True)
class RoleRule:
    """A row of the table: `before` must end what stands before the name, `after` match what stands after it."""

    role: OrganizationRole
    kinds: frozenset[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@cache
def _rules() -> tuple[RoleRule, ...]:
    return tuple(_rule(row) for row in read_table("organization_roles.csv"))


def _rule(row: dict[str, str]) -> RoleRule:
    first, _, second = row["pattern"].partition("&")
    before, after = (first, second) if row["side"] == "before" else ("", first)
    return RoleRule(
        role=cast(OrganizationRole, row["role"]),
        kinds=frozenset(row["kinds"].split("|")),
        before=re.compile(before) if before else None,
        after=re.compile(after) if after else None,
    )


def role_of(text: str, name: Name) -> OrganizationRole | None:
    """The role that the words around a name tell, None where they tell none."""
    before = text[max(0, name.start - _REACH) : name.start]
    before = before[max((found.end() for found in _CLAUSE_END.finditer(before)), default=0) :]
    bracket = _BRACKET.match(text, name.end)
    end_of_name = bracket.end() if bracket else name.end
    after = text[end_of_name : end_of_name + _REACH]
    end = _CLAUSE_END.search(after)
    after = after[: end.start()] if end else after
    for rule in _rules():
        if name.kind not in rule.kinds:
            continue
        if (rule.before is None or rule.before.search(before)) and (rule.after is None or rule.after.search(after)):
            return rule.role
    return None
