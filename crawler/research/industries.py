"""Industries as a filter takes them: a section (C), a division (39), a code or a name of the archive's own."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("sections.csv")
_DIVISION = re.compile(r"([A-T]?)(\d{2})")
_NAME = re.compile(r"[^\W\d_][\w、,，（）() -]{1,39}")


class UnknownIndustry(ValueError):
    """No industry of that code or name; the text is one sentence that says what to do."""


@dataclass(slots=True, frozen=True)
class Section:
    """A section of GB/T 4754 with its divisions."""

    code: str
    first: int
    last: int
    name: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The section's code and those of its divisions."""
        return (self.code, *(f"{number:02d}" for number in range(self.first, self.last + 1)))


@dataclass(slots=True, frozen=True)
class Industry:
    """What a filter asks for: articles of one of these codes or, where there are none, of this name."""

    codes: tuple[str, ...]
    name: str = ""


@cache
def sections() -> tuple[Section, ...]:
    """The sections of GB/T 4754, A to T."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        Section(row["section"], int(row["first"]), int(row["last"]), row["name"]) for row in csv.DictReader(lines)
    )


def find_industry(text: str) -> Industry:
    """The industry of a code (C, 39, C39) or a name (制造业, 医药制造业). Raises UnknownIndustry.

    A name that is no section's is looked for as the archive has it: `article_industry.name`.
    """
    wanted = text.strip()
    for section in sections():
        if wanted.upper() == section.code or wanted == section.name:
            return Industry(section.codes)
    if found := _DIVISION.fullmatch(wanted.upper()):
        number = int(found[2])
        if any(found[1] in ("", each.code) and each.first <= number <= each.last for each in sections()):
            return Industry((found[2],))
    elif _NAME.fullmatch(wanted):
        return Industry((), wanted)
    raise UnknownIndustry(
        f"There is no industry {text!r}; give a section (C), a division (39) of GB/T 4754, or a name such as 制造业."
    )
