"""The rule tables that stand beside the code."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this package, by column name."""
    text = files("crawler.extract").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
