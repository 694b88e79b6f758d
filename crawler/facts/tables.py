"""The rule tables that stand beside the code: CSV files whose first lines, marked `#`, name their source and year."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this package, by column name; lines that begin with `#` are no rows."""
    lines = files("crawler.facts").joinpath(name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if line and not line.startswith("#")))
