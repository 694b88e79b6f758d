"""What hostile pages may cost: memory over what the process held before, and CPU time, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.extract import read_page
from tests.extract.saved_pages import pages_of
from tests.support import ROOT, environment

_MEBIBYTES = 200
_SECONDS = 1.0
_TEXT = "招商引资，项目签约。"


def _rows(count: int, title: str = "全市招商引资项目签约第{}号", before: str = "<ul>") -> str:
    row = '<li><a href="/zsdt/202605/t20260521_{}.html">' + title + "</a><span>2026-05-21</span></li>"
    return f"<meta charset=utf-8>{before}" + "".join(row.format(number, number) for number in range(count))


PAGES: dict[str, Callable[[], str]] = {
    "fifty megabytes of text": lambda: f"<p>{_TEXT}</p>" * 1_400_000,
    "fifty megabytes of rows": lambda: _rows(400_000),
    "ten megabytes of one line": lambda: _TEXT * 350_000,
    "nested tags": lambda: "<div>" * 20_000 + _TEXT,
    "nested rows": lambda: _rows(5_000, before="<ul>" * 200),
    "rows of one title": lambda: _rows(15_000, title="招商引资项目签约<!--{}-->"),
    "titles of dots": lambda: _rows(1_000, title="…" * 990 + "x{}"),
    "a long base": lambda: _rows(5_000, before="<base href='http://a.cn/" + "a/" * 400_000 + "'>"),
    "rows in scripts": lambda: "<datastore>" + "<record><![CDATA[<a href=/1.html>x</a>]]></record>" * 60_000,
    "nested JSON": lambda: '{"rows":[' * 300_000,
    "rows of JSON": lambda: '{"rows":[' + '{"title":"招商引资项目","url":"/a.html"},' * 60_000 + "{}]}",
    "records between dashes": lambda: f"标题一二三四\n2026-05-21\n{_TEXT}\n------\n" * 15_000,
    "numbered pages": lambda: _rows(9) + "</ul><a href=index_2.html>2</a>" * 20_000,
    "hidden fields": lambda: "<form>" + "<input type=hidden name=a value=b>" * 50_000,
    "expanding entities": lambda: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><p>' + "&b;" * 500_000,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_costs_little(name: str, tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_text(PAGES[name](), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from tests.extract.test_cost import print_cost; print_cost()", str(saved)],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    cost = json.loads(done.stdout)
    assert cost["mebibytes"] <= _MEBIBYTES
    assert cost["seconds"] <= _SECONDS


def print_cost() -> None:
    """Read the page of the command line as the extractor would one of unknown kind; print what that cost."""
    for page in pages_of("trs-huangshi"):  # what is loaded once is no cost of the page
        read_page(page.body, page.url)
    body = Path(sys.argv[1]).read_bytes()
    held, spent = _peak(), []
    for _ in range(2):  # the better of two: something else may have run meanwhile
        began = time.process_time()
        read_page(body, "http://www.example.gov.cn/zsdt/index.html")
        spent.append(time.process_time() - began)
    print(json.dumps({"seconds": min(spent), "mebibytes": _peak() - held}))


def _peak() -> float:
    """The most memory this process held so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage tells on Linux counts the parent's memory at the start, too
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
