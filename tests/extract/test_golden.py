"""What the extractor sees in every page of every fixture site, field by field, beside what it saw when last looked at.

A difference is no failure of a rule but a change to look at: `--update-golden` accepts it (docs/developing.md).
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawler.extract import read_page
from crawler.items import Evidence
from tests.extract.saved_pages import pages_of
from tests.support import SITES

GOLDEN = Path(__file__).parent / "golden"
FETCHED_AT = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_DIFFERENCE = 200  # lines of a difference that are shown


@pytest.mark.parametrize("site", SITES)
def test_every_field_of_every_page_is_as_recorded(site: str, request: pytest.FixtureRequest) -> None:
    seen = _as_text(_seen(site))
    path = GOLDEN / f"{site}.json"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(seen, encoding="utf-8")
    recorded = path.read_text(encoding="utf-8") if path.exists() else ""
    if seen != recorded:
        lines = difflib.unified_diff(recorded.splitlines(), seen.splitlines(), "recorded", "seen", n=4, lineterm="")
        shown = "\n".join(list(lines)[:_DIFFERENCE])
        pytest.fail(f"{site} reads differently; `--update-golden` accepts it:\n{shown}", pytrace=False)


def test_no_golden_file_is_left_of_a_site_that_is_gone() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == SITES


def _seen(site: str) -> dict[str, Any]:
    return {
        page.name: plain(
            read_page(page.body, page.url, content_type=page.content_type, fetched_at=FETCHED_AT, status=page.status)
        )
        for page in pages_of(site)
    }


def plain(value: object) -> Any:
    """A value of the items in JSON: empty fields are left out, a text of several lines is a list of them."""
    if isinstance(value, Evidence):
        return f"{value.rule} {value.confidence:g}" + (f" ({value.note})" if value.note else "")
    if dataclasses.is_dataclass(value):
        fields = ((field.name, plain(getattr(value, field.name))) for field in dataclasses.fields(value))
        return {name: shown for name, shown in fields if shown not in (None, "", [], {}, False)}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, str):
        return value.split("\n") if "\n" in value else value
    if isinstance(value, dict):
        return {name: plain(held) for name, held in sorted(value.items())}
    if isinstance(value, tuple):
        return [plain(held) for held in value]
    return value


def _as_text(seen: dict[str, Any]) -> str:
    return json.dumps(seen, ensure_ascii=False, indent=1) + "\n"
