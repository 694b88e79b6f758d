"""`zhaoshang export`: to a file, to a pipe, stopped on the way, and asked for wrongly."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.cli.pages import ROWS
from tests.cli.test_usage import assert_one_sentence
from tests.support import command, environment


def test_csv_goes_to_a_pipe(crawled: Place) -> None:
    done = crawled.run("export", "--format", "csv", "--text", "none")
    assert (done.code, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff"))))
    assert len(rows) == len(ROWS)
    assert {row["source"] for row in rows} == {"moushi"}


def test_json_without_a_file_is_json_lines(crawled: Place) -> None:
    done = crawled.run("export", "--json", "--source", "moushi")
    assert len([json.loads(line) for line in done.out.splitlines()]) == len(ROWS)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.zip", "a.wacz"])
def test_a_file_is_of_the_format_that_its_name_says(crawled: Place, tmp_path: Path, name: str) -> None:
    done = crawled.run("export", "--out", tmp_path / name, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["file"] == str(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_data_package_is_a_folder(crawled: Place, tmp_path: Path) -> None:
    done = crawled.run("export", "--format", "datapackage", "--out", tmp_path / "package")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(f"package: {len(ROWS)} articles.\n")
    assert (tmp_path / "package" / "datapackage.json").exists()


def test_nothing_found_is_no_error(crawled: Place) -> None:
    done = crawled.run("export", "--format", "jsonl", "--to", "1999")
    assert (done.code, done.out) == (0, "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("export", "Say which format: --format csv|jsonl|parquet|datapackage|wacz, or --out FILE.csv."),
        ("export --out data.txt", "data.txt does not say which format"),
        ("export --format parquet", "--format parquet needs --out FILE."),
        ("export --format wacz --out a.wacz --from 2025", "it takes --source only"),
        ("export --format csv --from soon", "--from 'soon' is no date"),
        ("export --format csv --region nowhere", "--region: 'nowhere' is no region"),
        ("export --format csv --region 鼓楼区", "4 regions are called 鼓楼区"),
        ("export --format csv --source nosuch", "The archive knows no source 'nosuch'"),
        ("export --format csv --event party", "--event: There is no event 'party'"),
        ("export --format csv --min-amount much", "--min-amount 'much' is no amount"),
        ("export --format csv --text some", "'--text'"),
        ("export --format csv --out none/a.csv", "none/a.csv cannot be written: No such file or directory."),
    ],
)
def test_wrong_use_is_one_sentence(crawled: Place, line: str, said: str) -> None:
    assert_one_sentence(crawled.run(*line.split()), 2, said)


def test_ctrl_c_leaves_no_half_file(known: Place) -> None:
    """The process is stopped while it writes: its output is a pipe that nobody empties until then."""
    with closing(sqlite3.connect(known.archive)) as connection, connection:
        connection.execute("UPDATE article SET body = hex(zeroblob(200000))")
    folder = known.folder / "out"
    folder.mkdir()
    partial = folder / ".a.csv.partial"
    os.mkfifo(partial)
    line = command("--archive", known.archive, "export", "--out", folder / "a.csv", "--text", "full")
    # Opening the pipe for reading waits until the export has opened it for writing.
    options: dict[str, Any] = {"env": environment(), "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, **options) as running, partial.open("rb") as end:
        end.read(1)
        running.send_signal(signal.SIGINT)
        end.read()
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert said == "Stopped; nothing was written.\n"
    assert list(folder.iterdir()) == []
