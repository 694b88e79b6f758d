"""The notebook of questions: it answers them on the archive of the fixture sites, and is kept without answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.support import FIXTURES, ROOT, environment, served, zhaoshang

NOTEBOOK = ROOT / "docs" / "questions.ipynb"
ANSWERS = 6  # the first look, and five answers


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def test_it_is_kept_without_answers() -> None:
    cells = [cell for cell in read().cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_it_answers_on_the_demo_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    names = sorted(folder.name for folder in FIXTURES.iterdir() if (folder / "source.yaml").exists())
    # What `crawl --demo` does, on ports that are free.
    with served(names, tmp_path / "sources"):
        env = {"ZHAOSHANG_SOURCES": str(tmp_path / "sources")}
        done = zhaoshang("crawl", *names, cwd=tmp_path, env=env, timeout=300)
    assert done.code == 0, done.err
    for name, value in environment({"IPYTHONDIR": str(tmp_path / "ipython")}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ZHAOSHANG_ARCHIVE", raising=False)
    notebook = read()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    tables = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert len(tables) == ANSWERS
    assert all("<td>" in table for table in tables), "an answer is empty"
    assert str(tmp_path) not in str(outputs)
