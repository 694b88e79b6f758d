"""Ctrl-C on long work: exit code 130, and one sentence that says what is kept and how to go on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Place
from tests.support import Result, command, finished, rows

# Each is stopped in the middle of what takes long.
KILL = "import os, signal\ndef stop(*_, **__): os.kill(os.getpid(), signal.SIGINT)\n"
STEPS = {
    "import records.jsonl --source moushi": "import crawler.archive.run as m; m.store.write = stop",
    "reindex --facts": "import crawler.operate.reindex_facts as m; m._write = stop",
    "reindex --search": "import crawler.research.search.following as m; m._tell = stop",
    "reindex --fts": (
        "import crawler.operate.reindex_fts as m\nonce = [stop]\n"
        "m._listen = lambda c: c.connection.driver_connection.set_progress_handler(lambda: once and once.pop()(), 1)"
    ),
    "search 签约": "import crawler.research.search.following as m; m._tell = stop",
    "merge other/archive.db": "import crawler.operate.merge as m; m._find_kept_out = stop",
}


@pytest.fixture
def work(known: Place) -> Place:
    """An archive, records to import, and another archive to merge."""
    lines = [
        {"title": f"第{number}号项目开工", "body": f"第{number}号项目今天开工。", "published_on": "2026-02-01"}
        for number in range(20)
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (known.folder / "records.jsonl").write_text(text, encoding="utf-8")
    (known.folder / "other").mkdir()
    with (
        closing(sqlite3.connect(known.archive)) as source,
        closing(sqlite3.connect(known.folder / "other" / "archive.db")) as copy,
    ):
        source.backup(copy)
    return known


def stopped(place: Place, line: str) -> Result:
    return finished(command(*line.split(), first=KILL + STEPS[line]), cwd=place.folder, env=place.env)


@pytest.mark.parametrize("line", STEPS)
def test_one_sentence_says_how_to_go_on(work: Place, line: str) -> None:
    done = stopped(work, line)
    assert (done.code, done.out) == (130, ""), done.err
    assert done.err.startswith("Stopped; ") and done.err.count("\n") == 1
    assert work.run(*line.split()).code in (0, 1)


def test_an_import_that_was_stopped_keeps_nothing_of_the_file_and_the_next_one_all(work: Place) -> None:
    line = next(iter(STEPS))
    before = len(work.titles())
    stopped(work, line)
    assert len(work.titles()) == before
    assert rows(work.archive, "SELECT status FROM crawl ORDER BY id DESC")[0]["status"] == "interrupted"
    assert work.run(*line.split(), "--json").json["new"] == 20


def test_a_folder_is_not_imported(work: Place) -> None:
    done = work.run("import", Path("other"), "--source", "moushi")
    assert (done.code, done.err) == (2, "zhaoshang: other is a folder; name the files in it that are to be imported.\n")


def test_no_command_is_stopped_in_silence(work: Place) -> None:
    line = command("stats", first=f"{KILL}import crawler.research.archive as m; m.totals_of = stop")
    done = finished(line, cwd=work.folder, env=work.env)
    assert (done.code, done.out, done.err) == (130, "", "Stopped.\n")
