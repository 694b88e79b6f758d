"""Industries as a filter takes them: a section (C), a division (39), a strategic emerging industry (SE1), or a name."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import crawler.facts

_TABLE = Path(crawler.facts.__file__).with_name("industries.csv")
_SHOWN = 5  # candidates that an error names


class UnknownIndustry(ValueError):
    """No industry, or several, of that code or name; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Industry:
    """What a filter asks for: articles of one of these codes. A section stands for its divisions too."""

    codes: tuple[str, ...]
    name: str


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    """Code, section and name of each industry of the classification."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple((row["code"], row["section"], row["name"]) for row in csv.DictReader(lines))


def find_industry(text: str) -> Industry:
    """The industry of a code (C, 39, C39, SE1), a name, or a part of one name (医药). Raises UnknownIndustry."""
    wanted = text.strip()
    code = wanted.upper()
    for own, section, name in _rows():
        if code in (own, section + own) or wanted == name:
            return _industry(own, name)
    alike = [(own, name) for own, _, name in _rows() if len(wanted) > 1 and wanted in name]
    if len(alike) == 1:
        return _industry(*alike[0])
    if alike:
        shown = ", ".join(f"{own} {name}" for own, name in alike[:_SHOWN])
        more = " …" if len(alike) > _SHOWN else ""
        raise UnknownIndustry(f"{len(alike)} industries are called like {wanted!r}; give the code: {shown}{more}")
    raise UnknownIndustry(
        f"There is no industry {text!r}; give a section (C), a division (39) of GB/T 4754, or a name such as 制造业."
    )


def _industry(code: str, name: str) -> Industry:
    return Industry((code, *(own for own, section, _ in _rows() if section == code and own != code)), name)
