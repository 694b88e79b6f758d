"""What changes on a page without its content changing: view counters, relative times, share widgets."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

_BLANK = re.compile(r"\s+")


def settled_text(text: str) -> str:
    """The text without what is no content, for comparing two states of an article. Linear in its length."""
    return _BLANK.sub("", _volatile().sub("", text))


@cache
def _volatile() -> re.Pattern[str]:
    """One pattern of the rows of volatile.tsv."""
    lines = files("crawler.extract").joinpath("volatile.tsv").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(row["pattern"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)))
